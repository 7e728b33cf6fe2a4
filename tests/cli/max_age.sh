# A warning when the points are much newer than what the model has seen.
. "$CASES/kit"
kpi >kpi.csv
"$DONUT" train $tiny -q --to 200 -o model kpi.csv
# 200 points of 10 minutes are 33 h and 20 min: the newest is as much newer.
for age in 2000m 1999m 1d; do
    echo "$age:"
    "$DONUT" score -m model --max-age $age kpi.csv 2>&1 >/dev/null | grep newer
    "$DONUT" score -m model --follow --max-age $age kpi.csv 2>&1 >/dev/null | grep newer
    "$DONUT" score -m model --last --max-age $age kpi.csv 2>&1 >/dev/null | grep newer
done
echo quiet, but asked for:
"$DONUT" score -q -m model --max-age 1m kpi.csv 2>&1 >/dev/null
awk -F, -v OFS=, 'NR > 1 { $1 += 89 * 86400 } 1' kpi.csv | "$DONUT" score -m model 2>&1 >/dev/null |
    grep -c newer
awk -F, -v OFS=, 'NR > 1 { $1 += 90 * 86400 } 1' kpi.csv | "$DONUT" score -m model 2>&1 >/dev/null |
    grep -c newer
awk -F, -v OFS=, 'NR > 1 { $1 += 90 * 86400 } 1' kpi.csv | "$DONUT" score -q -m model >/dev/null
