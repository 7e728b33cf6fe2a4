# A model file that is not whole, not ours or too new is refused with a sentence.
. "$CASES/kit"
kpi >kpi.csv
"$DONUT" train $tiny -q -o model kpi.csv
size=$(wc -c <model)
head -c $((size - 1)) model >truncated
head -c 10 model >stump
(cat model; echo) >longer
half=$((size / 2))
(head -c $half model; printf '\125'; tail -c +$((half + 2)) model) >one
(head -c $half model; printf '\252'; tail -c +$((half + 2)) model) >two
: >empty
for file in truncated stump longer one two empty kpi.csv; do
    cmp -s $file model || "$DONUT" score -m $file kpi.csv 2>&1
    cmp -s $file model || echo "exit status $?"
done | sed "s/have $size$/have SIZE/; s/has $((size - 1)) bytes/has SIZE - 1 bytes/"
