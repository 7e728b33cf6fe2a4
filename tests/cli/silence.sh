# A KPI that falls silent while an alarm is on: it stays on, for a while, in all that is written.
. "$CASES/kit"
kpi >kpi.csv
"$DONUT" train $tiny -q --ignore-labels --to 300 -o model kpi.csv
# 20 points after the training range: 11 and 12 are 500 too high, 13 to 20 missing, all empty.
awk -F, -v OFS=, 'NR == 1 { print $1, $2 } NR > 300 && NR <= 320 {
    if (NR > 312) $2 = ""; else if (NR > 310) $2 += 500; print $1, $2 }' kpi.csv >silent.csv
sed 13q silent.csv >loud.csv
all() {
    "$DONUT" score -q -m model --threshold 100 "$@"
}
all silent.csv >rows
cut -d, -f1,2,4,8 rows | tail -11
all --follow silent.csv | cmp - rows && echo 'the same in a stream'
# outputs FILE ARGUMENT...: what each of them says of the newest point, and its exit status
outputs() {
    file=$1
    shift
    echo "$file $*: rows $(all "$@" $file | tail -1 | cut -d, -f4)" \
        "last $(all --last "$@" $file | tail -1 | cut -d, -f4)" \
        "stream $(all --follow "$@" $file | tail -1 | cut -d, -f4)" \
        "influx $(all --last --format influx "$@" $file | sed 's/.*anomaly=\(.\)i.*/\1/')" \
        "jsonl $(all --last --format jsonl "$@" $file | sed 's/.*"anomaly":\(.\).*/\1/')" \
        "prometheus $(all --format prometheus "$@" $file | sed -n 's/^donut_anomaly //p')" \
        "events $(all --events "$@" $file | cut -d, -f11 | tail -1)" \
        "exit $(for o in --batch --last --events --follow '--format=prometheus'; do
            all $o --exit-code "$@" $file >out; echo $?; done | tr '\n' ' ')"
}
outputs loud.csv
outputs silent.csv
outputs silent.csv --for 2
outputs silent.csv --for 3
outputs silent.csv --recover 2
# The window has 12 points, of which 8 are silent.
outputs silent.csv --silence 9
outputs silent.csv --silence 8
outputs silent.csv --silence 1
{ cat silent.csv; for i in 320 321 322 323; do echo $((1700000400 + 600 * i)),; done; } >longer.csv
outputs longer.csv
sed '$d' longer.csv >long.csv
outputs long.csv

# An episode goes on across it, or ends with it.
events() {
    all --events "$@" | cut -d, -f1-3,11
}
events longer.csv
{ sed '/,$/d' longer.csv; awk -F, -v OFS=, 'NR > 318 && NR < 324 { print $1, $2 + 500 }' kpi.csv; } >back.csv
events back.csv
events --silence 4 back.csv
"$DONUT" score -m model --threshold 100 silent.csv 2>&1 >out | tail -1
"$DONUT" score -m model --threshold 100 --last silent.csv 2>&1 >out | tail -1

# Warm-up, which the 11 points of this gap end in, is silence, too: 13 points in all.
{ cat loud.csv; awk -F, -v OFS=, 'NR > 323 && NR < 330 { print $1, $2 }' kpi.csv; } >gap.csv
all --silence 20 gap.csv | tail -7 | cut -d, -f4,8 | uniq -c | sed 's/^ *//'
for o in --batch --last --events; do all $o --silence 14 --exit-code --to 25 gap.csv >out; echo $?; done
all --silence 14 --last --to 25 gap.csv | tail -1 | cut -d, -f4,8
all --silence 13 --last --to 25 gap.csv | tail -1 | cut -d, -f4,8
all --silence 14 --last --to 25 --warmup-alarms gap.csv | tail -1 | cut -d, -f4,8
