# The number of threads changes nothing, the kernel hardly anything; wrong ones are misuse.
. "$CASES/kit"
kpi >kpi.csv
"$DONUT" train $tiny --threads 1 -q -o model kpi.csv
"$DONUT" score --threads 1 -q -m model kpi.csv >scores
for threads in 2 3 64; do
    "$DONUT" train $tiny --threads $threads -q -o other kpi.csv && cmp model other
    "$DONUT" score --threads $threads -q -m model kpi.csv | cmp - scores
done
"$DONUT" --version | sed -n '/^kernels: /{ s///; s/ (used)//; s/,//g; p; }' >kernels
grep -q 'plain$' kernels || echo 'no plain kernel'
for kernel in $(cat kernels); do
    "$DONUT" train $tiny --kernel "$kernel" -q -o other kpi.csv
    for model in model other; do
        "$DONUT" score --kernel "$kernel" -q -m $model kpi.csv | paste -d , - scores |
            awk -F , -v kernel="$kernel" 'NR > 1 && ($3 - $14) ^ 2 > (1e-4 + 2e-6 * $3) ^ 2 {
                print kernel ": " $0 }'
    done
done
for command in 'train --kernel none' 'score --kernel=PLAIN -m model'; do
    "$DONUT" $command kpi.csv 2>&1 | sed 's/it has .*plain.*/it has .../'
done
for command in 'train --threads x' 'score --threads=0 -m model'; do
    "$DONUT" $command kpi.csv 2>&1 | sed 1q
done
