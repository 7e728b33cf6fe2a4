. "$CASES/kit"
kpi >kpi.csv
"$DONUT" train $tiny -q -o model kpi.csv
alarms() {
    "$DONUT" score -q -m model "$@" kpi.csv | awk -F , '$4 == 1 && $3 != ""' | wc -l | tr -d ' '
}
# Every point that has a value, and none.
alarms --threshold -1e30 --warmup-alarms
alarms --threshold 1e30
# Without options: the model's risk. A larger risk cannot give fewer alarms.
[ "$(alarms)" -eq "$(alarms --risk 1e-4)" ] && echo 'the default risk is 1e-4'
[ "$(alarms)" -le "$(alarms --risk 1e-2)" ] && echo 'more risk, no fewer alarms'
# The verdict is score > threshold, for the very number that is said on standard error.
threshold=$("$DONUT" score -m model --verdict-by score kpi.csv -o scores 2>&1 | sed -n 's/.*threshold //p')
awk -F , -v t="$threshold" '$8 == "ok" && $3 != "" && ($3 > t * 1.001) > $4 { print "missed", $0 }
    $8 == "ok" && $4 == 1 && !($3 > t * 0.999) { print "wrong", $0 }' scores
"$DONUT" score -q -m model --verdict-by score --risk 0.4 kpi.csv
