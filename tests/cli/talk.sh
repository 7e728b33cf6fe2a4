# What is said: one line on the input and one on the result; nothing with -q.
. "$CASES/kit"
kpi >kpi.csv
"$DONUT" train $tiny -o model kpi.csv 2>said
sed '/seem to hold/d; s/loss [0-9.-]*\( (neg[^)]*)\)*/loss X/
     s/epoch [12] /epoch N /; s/, [0-9.]* s;/, T s;/; s/threshold [^,]*,/threshold X,/; s/[0-9]* alarms* in/N alarms in/' said
"$DONUT" train $tiny --risk 1e-2 -o model kpi.csv 2>&1 | sed -n 's/.*risk/risk/p'
"$DONUT" train $tiny --verdict-by score -o scored kpi.csv 2>&1 | sed -n 's/.*threshold [^,]*,/threshold X,/p'
"$DONUT" score -m model -o scores kpi.csv 2>&1 | sed 's/.*[0-9]* anomal[a-z]*/N anomalies/' >&2
"$DONUT" score -m scored -o scores kpi.csv 2>&1 | sed 's/.*[0-9]* anomal[a-z]* \(.* \).*/N anomalies \1X/' >&2
"$DONUT" score -m model --threshold 1e9 -o scores kpi.csv
"$DONUT" score -m model --threshold -1e9 -o scores kpi.csv
"$DONUT" score -m model --threshold -1e9 --from 399 -o scores kpi.csv
"$DONUT" score -m model --threshold 1e9 --from 100% -o scores kpi.csv
"$DONUT" train $tiny -q -o model kpi.csv
"$DONUT" score -q -m model -o scores kpi.csv
"$DONUT" evaluate -q scores >report
