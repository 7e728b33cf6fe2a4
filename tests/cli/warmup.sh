# Points in warm-up raise no alarm, whatever is written and however, unless that is asked for.
. "$CASES/kit"
kpi >kpi.csv
"$DONUT" train $tiny -q --ignore-labels --to 300 -o model kpi.csv
# A month later, so that the model remembers nothing of what comes before: 11 points in warm-up.
awk -F, -v OFS=, 'NR > 1 { $1 += 2592000 } 1' kpi.csv | head -41 >later.csv
all() {
    "$DONUT" score -q -m model --threshold -1000 --ignore-labels "$@"
}
alarms() {
    awk -F, 'NR > 1 { n[$8 " " $4]++ } END { for (i in n) print i, n[i] }' | sort
}
all later.csv | alarms
all --warmup-alarms later.csv | alarms
all later.csv | cut -d, -f1-3,5-9,11- >plain
all --warmup-alarms later.csv | cut -d, -f1-3,5-9,11- | cmp - plain && echo 'nothing else changes'
all later.csv >rows
all --follow later.csv | cmp - rows && echo 'the same in a stream'
all --events later.csv | cut -d, -f1-3,11
all --events --warmup-alarms later.csv | cut -d, -f1-3,11

# The first points of a collector that starts again: the exit status, and the other formats.
for n in 1 11 12; do
    head -$((n + 1)) later.csv >few.csv
    all --last --exit-code few.csv | tail -1 | cut -d, -f4,8
    echo "point $n: $(all --exit-code few.csv >out; echo $?), judged: $(
        all --exit-code --warmup-alarms few.csv >out; echo $?), by --last: $(
        all --last --exit-code few.csv >out; echo $?), in a stream: $(
        all --follow --exit-code few.csv >out; echo $?)"
    all --last --format influx few.csv | grep -o 'anomaly=.*"'
    all --format prometheus few.csv | grep '^donut_anomaly'
done
"$DONUT" score -m model --threshold -1000 --ignore-labels later.csv 2>&1 >out | tail -1
"$DONUT" score -m model --threshold -1000 --ignore-labels --warmup-alarms later.csv 2>&1 >out | tail -1

# Each KPI of a fleet by itself: `old` goes on where its training ended.
awk -F, -v OFS=, 'NR == 1 { print $1, $2, "host" } NR > 1 { print $1, $2, "old"; print $1, $2, "new" }
    ' kpi.csv >fleet.csv
"$DONUT" train $tiny -q --key host --to 300 -o bundle fleet.csv
awk -F, -v OFS=, 'NR == 1; NR > 601 && NR < 611 { if ($3 == "new") $1 += 2592000; print }' fleet.csv >next.csv
"$DONUT" score -q -m bundle --threshold -1000 --last next.csv | cut -d, -f4,8,11
