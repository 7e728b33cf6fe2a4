# What is said: one line on the input and one on the result; nothing with -q.
. "$CASES/kit"
kpi >kpi.csv
"$DONUT" train $tiny -o model kpi.csv 2>said
sed '/seem to hold/d; s/loss [0-9.-]*\( (neg[^)]*)\)*/loss X/
     s/epoch [12] /epoch N /; s/, [0-9.]* s;/, T s;/; s/threshold [^,]*,/threshold X,/' said
"$DONUT" train $tiny --risk 1e-2 -o model kpi.csv 2>&1 | sed -n 's/.*risk/risk/p'
"$DONUT" score -m model --threshold 1e9 -o scores kpi.csv
"$DONUT" score -m model --threshold -1e9 -o scores kpi.csv
"$DONUT" score -m model --threshold -1e9 --from 399 -o scores kpi.csv
"$DONUT" score -m model --threshold 1e9 --from 100% -o scores kpi.csv
"$DONUT" train $tiny -q -o model kpi.csv
"$DONUT" score -q -m model -o scores kpi.csv
"$DONUT" evaluate -q scores >report
