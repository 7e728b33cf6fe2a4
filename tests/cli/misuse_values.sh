. "$CASES/kit"
for word in --window=0 --window=-1 --window=12x '--window= 12' --window=1e2 --window=16385 \
    --window=18446744073709551616 --latent=0 --hidden= --hidden=0 '--hidden=10,' --hidden=10,,10 \
    --hidden=1,2,3,4,5,6,7,8,9 --hidden=99999 --epochs=1000001 --batch-size=0 \
    --learning-rate=0 --learning-rate=nan --learning-rate=0x1p-3 --decay=0 --decay=1.01 \
    --decay-epochs=0 --l2=-1 --clip-norm=0 --clip-norm=inf --clip-by=layer --injection=1 \
    --injection=-0.1 --missing-fill=ZERO --std-epsilon=0 --validation=0 --validation=1 \
    --validate-every=0 --risk=0 --risk=0.02 --samples=0 --mcmc-iterations=10001 --seed=-1 \
    --seed=18446744073709551616 --interval=0 --interval=5 --interval=1.5h --interval=10x \
    --interval=9999999999999999d --sampler=Sobol --sampler= --threads=0 --threads=1025 \
    --keep-labels=1.1 --keep-labels=-0.1 --elbo=Plain --windows=some --student-df=0.5 \
    --student-df=nan --channels=16 --channels=16,16,16 --channels=0,1 --channels=1025,1 \
    --encoder=cn --reconstruction-weight=beta --prior-weight=-1 --prior-weight=1001 \
    --entropy-weight=alpha --score-by=vae --snapshots= --snapshots=1, --snapshots=,1 \
    --snapshots=2,1 --snapshots=1,1 --snapshots=-1 --snapshots=1e3 --snapshots=0,x \
    --likelihood-df=0.5 --likelihood-df=-1 --likelihood-df=normal --schedule=linear --scale=Robust \
    --validation-trim=0.5 --validation-trim=-0.1 --validation-windows=-1 \
    --validation-windows=1000000001 --snapshots=18446744073709551616 --snapshots=$(seq -s , 0 64); do
    # The file does not exist: a good value gets as far as that.
    "$DONUT" train "$word" kpi.csv >said 2>&1
    IFS= read -r line <said
    printf '%s\n' "$line"
done
