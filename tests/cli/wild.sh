# Values that nobody labelled and that cannot be the KPI's own.
. "$CASES/kit"
kpi >kpi.csv
said() {
    "$DONUT" "$@" 2>&1 | grep beyond
}
awk -F , -v OFS=, 'NR == 100 { $2 = 1e25 } { print }' kpi.csv >one.csv
awk -F , -v OFS=, 'NR == 300 { $2 = -1e6 } { print }' one.csv >two.csv
awk -F , -v OFS=, 'NR == 100 { $2 = 1e4; $3 = 1 } { print }' kpi.csv >labelled.csv
said train $tiny --scale robust -o kpi kpi.csv
said train $tiny --scale robust -o one one.csv
said train $tiny --scale robust -o two two.csv
said train $tiny --scale robust -q -o quiet two.csv
said train $tiny --scale moments -o moments two.csv
cmp two quiet

# One wild value is as if it were labelled.
"$DONUT" train -q $tiny --scale robust -o labelled labelled.csv
"$DONUT" score -q -m one kpi.csv >want
"$DONUT" score -q -m labelled kpi.csv | cmp - want
"$DONUT" info one | grep -e 'mean, std' -e '  scale' -e wild
"$DONUT" info moments | grep -e 'mean, std' -e '  scale' -e wild
"$DONUT" info --format json one | grep -e '"scale": "' -e wild

# With a KPI in a fleet, too.
awk 'NR == 1 { print "key," $0 } NR > 1 { print "a," $0 }' one.csv >fleet.csv
"$DONUT" train $tiny --scale robust --key key -o fleet fleet.csv 2>&1 |
    grep beyond
"$DONUT" score -q -m fleet --key key fleet.csv | awk -F , 'NR > 1 && $6 > 1000'
