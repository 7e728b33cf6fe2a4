# A column that is called label but is none: --ignore-labels does without it.
. "$CASES/kit"
kpi >kpi.csv
cut -d , -f 1,2 kpi.csv >unlabelled.csv
sed '2,$s/,[01]$/,7/' kpi.csv >odd.csv
try train $tiny -q -o model odd.csv
"$DONUT" train $tiny -q --ignore-labels -o model unlabelled.csv
for file in odd.csv kpi.csv; do
    "$DONUT" train $tiny -q --ignore-labels -o again $file && cmp model again
done
"$DONUT" score -q -m model unlabelled.csv >scores
try score -q -m model odd.csv
for file in odd.csv kpi.csv; do
    "$DONUT" score -q --ignore-labels -m model $file | cmp - scores
done
sed 1q scores
