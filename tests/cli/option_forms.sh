# One command line in many spellings: the same model.
. "$CASES/kit"
kpi >kpi.csv
"$DONUT" train $tiny --seed 5 -q -o model kpi.csv
"$DONUT" train -q --output=a --seed=5 $tiny -- kpi.csv
"$DONUT" train kpi.csv $tiny -qo b --seed 5
"$DONUT" train -oc $tiny --quiet kpi.csv --seed 5
for other in a b c; do
    cmp model $other
done
kpi >-q
"$DONUT" train $tiny -q --seed 5 -o d -- -q && cmp model d
