# Standard streams that the caller has closed are not mistaken for files.
. "$CASES/kit"
kpi >kpi.csv
"$DONUT" train $tiny -q -o model kpi.csv
"$DONUT" train $tiny -o again kpi.csv <&- >&- 2>&- && cmp model again
"$DONUT" score -m model -o scores kpi.csv <&- >&- 2>&-
wc -l <scores | tr -d ' '
"$DONUT" score -q -m model kpi.csv >&-
echo "exit status $?"
"$DONUT" score -q -m model kpi.csv >&- 2>&-
echo "exit status $?"
