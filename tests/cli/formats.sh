# The formats say what the CSV says.
. "$CASES/kit"
kpi >kpi.csv
"$DONUT" train $tiny -q -o model kpi.csv
score() {
    "$DONUT" score -q -m model --threshold 2 "$@" kpi.csv
}
score >csv
score --format csv | cmp - csv && echo csv
# JSON lines as CSV again
score --format jsonl | sed 's/^{"timestamp"://; s/}$//; s/"\(status\|cause\)":"\([a-z]*\)"/\2/g
    s/"[a-z]*"://g
    s/null//g' >jsonl
tail -n +2 csv | cmp - jsonl && echo jsonl
score --format jsonl | sed -n '60,62p' | sed 's/[-0-9.]*,"anomaly/X,"anomaly/; s/"exp.*"st/"st/'
# Line protocol: fields without a value are left out
score --format influx --measurement 'my kpi' --tag host=a,b --tag 'rack=r 1' |
    sed -n '60,62p' | sed 's/\(e\|r\|t\)=[-0-9.][-0-9.]*/\1=X/g'
score --format influx | awk '{ n = split($2, f, ","); print f[1], $3 }' |
    sed 's/^[a-z_]*=\([^ ]*\) \([0-9]*\)000000000$/\2,\1/' >influx
awk -F, 'NR > 1 && $8 != "missing" { print $1 "," $2 }' csv >want
grep -v , influx | wc -l
awk -F, 'NR == FNR { v[$1] = $2; next } ($1 in v) && v[$1] == $2 { n++ } END { print n }' want influx
# Prometheus: the newest point, also without --last
score --format prometheus >prometheus
score --format prometheus --last | cmp - prometheus && echo last
sed 's/ [-0-9.]*$/ X/' prometheus
tail -1 csv | cut -d, -f1,3,5 | tr , '\n' | while read -r number; do
    grep -c -e " $number\$" prometheus
done
score --format prometheus --tag env=prod | grep ^donut_anomaly
for arguments in '--format prometheus --tag a-b=1' '--format influx --tag kpi=x' '--tag x' \
    '--format prometheus --follow' '--format josn' '--measurement='; do
    try score -m model $arguments kpi.csv
done
