# --exit-code: 3 if the newest point is anomalous; else anomalies never change the exit status.
. "$CASES/kit"
kpi >kpi.csv
"$DONUT" train $tiny -q -o model kpi.csv
for threshold in -1000 1000; do
    for option in '' --exit-code '--exit-code --last' '--exit-code --follow' '--exit-code --events'; do
        "$DONUT" score -q -m model --threshold $threshold $option kpi.csv >/dev/null
        echo "threshold $threshold $option: $?"
    done
done
# Anomalous once, but not at the end.
"$DONUT" score -q -m model --threshold -1000 --exit-code --direction up --to 335 kpi.csv >/dev/null
echo "up, at an anomaly: $?"
"$DONUT" score -q -m model --threshold 1000 --exit-code kpi.csv >/dev/null
echo "at the end: $?"
"$DONUT" score -q -m nothing --exit-code kpi.csv
echo "no model: $?"
