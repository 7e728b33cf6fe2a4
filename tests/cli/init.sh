# A warm start: training that begins with another model, of which it takes the shape.
. "$CASES/kit"
kpi >kpi.csv
said() {
    "$DONUT" "$@" 2>&1 | sed 's/, [0-9.]* s$/, N s/; s/, [0-9.]* s;/, N s;/'
}
said train $tiny -o first kpi.csv | cut -d , -f 1
said train --init first --epochs 3 --samples 16 -o second kpi.csv | sed -n 's/validation loss.*/.../p'
"$DONUT" score -q -m second kpi.csv | wc -l | tr -d ' '

# With a learning rate that is 0 to a float the parameters stay those of the first model, and so does
# what it expects; from another seed they would not.
still='--learning-rate 1e-300 --epochs 1 --samples 16'
"$DONUT" train -q --init first $still -o still kpi.csv
"$DONUT" score -q -m first kpi.csv >want
"$DONUT" score -q -m still kpi.csv | cmp - want
"$DONUT" train -q $shape $still -o random kpi.csv
"$DONUT" score -q -m random kpi.csv | cmp -s - want || echo 'the random one differs'
"$DONUT" train -q --init - $still -o piped kpi.csv <first
cmp piped still

echo '-- another shape'
try train --init first --window 13 kpi.csv
try train --init first --latent 3 kpi.csv
try train --init first --hidden 8,8 kpi.csv
try train --init first --std-epsilon 0.001 kpi.csv
try train --init first --encoder cnn kpi.csv
try train --init first --student-df 4 kpi.csv
try train -q --init first --window 12 --latent 2 --hidden 8 --std-epsilon 1e-4 --epochs 1 kpi.csv

echo '-- another method, which is not that of the first model'
"$DONUT" train -q $tiny --elbo plain --windows normal --keep-labels 0.5 --injection 0 -o plain kpi.csv
"$DONUT" train -q --init plain $still -o other kpi.csv
"$DONUT" info other | grep -e elbo -e labels
"$DONUT" train -q --init first $still --elbo plain --windows normal -o other kpi.csv
"$DONUT" info other | grep elbo
"$DONUT" score -q -m other kpi.csv | cmp - want

echo '-- another interval, and what is no model'
awk -F , 'NR > 1 { print 1700000000 + 60 * NR "," $2 }' kpi.csv >minutes.csv
try train -q --init first --epochs 1 minutes.csv
try train -q --init first --epochs 1 --interval 5m minutes.csv
try train --init kpi.csv kpi.csv
try train --init none kpi.csv
try train --init - -o x -

echo '-- with a fleet'
awk -F , 'NR == 1 { print $0 ",host"; next } { print $0 ",a"; print $1 "," $2 * $2 "," $3 ",b" }' kpi.csv >fleet.csv
awk -F , 'NR == 1 || $4 == "b"' fleet.csv >b.csv
said train --key host $tiny -o half b.csv
said train --key host --init half --epochs 1 --samples 16 -o fleet fleet.csv
said train --key host --init first --epochs 1 --samples 16 -o fleet fleet.csv
try train --init half kpi.csv
try train --init half --key host --window 13 fleet.csv
# Each model of the bundle is what its own model led to: that of b, the last one, comes from half.
said train --key host --init half $still -o fleet fleet.csv
said train --key host --init half $still -o alone b.csv
tail -c 1000 fleet >end
tail -c 1000 alone | cmp - end
# A model of the bundle that is damaged, be it the first one, is trouble for its own KPI alone.
for byte in '\125' '\252'; do
    (head -c 500 fleet; printf $byte; tail -c +502 fleet) >damaged
    cmp -s fleet damaged && continue
    "$DONUT" train -q --key host --init damaged $still -o again fleet.csv 2>&1
    echo "exit status $?"
    tail -c 1000 again | cmp - end
done | sort -u
rm -f damaged again
ls
