# A model is for one interval.
. "$CASES/kit"
kpi >kpi.csv
"$DONUT" train $tiny -q -o model kpi.csv
awk -F , 'NR > 1 { $1 = 1700000000 + 60 * NR } { print $1 "," $2 }' kpi.csv >minutes.csv
"$DONUT" score -m model minutes.csv
