# Rows of score, scored again: their column anomaly is a verdict, and no label.
. "$CASES/kit"
kpi | cut -d, -f1,2 >kpi.csv
kpi >labelled.csv
"$DONUT" train $tiny -q -o model kpi.csv
for file in kpi.csv labelled.csv; do
    "$DONUT" score -q -m model $file >rows.csv
    head -1 rows.csv
    "$DONUT" score -m model rows.csv 2>&1 >again.csv | grep -o '[0-9]* labelled anomalous'
    head -1 again.csv
done
echo 'without a band it is a label, and where it is given by name:'
cut -d, -f1-4 rows.csv >short.csv
"$DONUT" score -q -m model short.csv | head -1
"$DONUT" score -q -m model --label-column anomaly rows.csv | head -1
