# The progress line: rewritten in place, within 79 columns, gone at the end.
. "$CASES/kit"
kpi >kpi.csv
"$DONUT" train $tiny --progress -q -o model kpi.csv 2>drawn
"$DONUT" score -q --progress -m model kpi.csv 2>>drawn >scores
# Fitting the threshold is shown only when it takes a while.
tr '\r' '\n' <drawn | grep -v '^fitting' | awk 'length > 79 { print "too wide" } { sub(/ *$/, "") } length { print $1 }' |
    sort -u
tail -c 1 drawn | tr '\r' '@'
echo
"$DONUT" train $tiny --progress --no-progress -q -o model kpi.csv
