# --from and --to split a file, and what is scored does not depend on where it is cut.
. "$CASES/kit"
kpi >kpi.csv
"$DONUT" train $tiny -q --to 70% -o model kpi.csv
"$DONUT" train $tiny -q --to 280 -o again kpi.csv && cmp model again
"$DONUT" train $tiny -q --to 1700168400 -o again kpi.csv && cmp model again
"$DONUT" train $tiny -q --from 0% --to 2023-11-16T21:00:00Z -o again kpi.csv && cmp model again
"$DONUT" score -q -m model kpi.csv >all
"$DONUT" score -q -m model --to 70% kpi.csv >first
"$DONUT" score -q -m model --from 70% kpi.csv >second
wc -l <first | tr -d ' '
wc -l <second | tr -d ' '
(cat first; sed 1d second) | cmp - all
"$DONUT" score -q -m model --from 1700168400 kpi.csv | cmp - second
# The file that continues the training range has no warm-up.
(sed 1q kpi.csv; tail -n 120 kpi.csv) | "$DONUT" score -q -m model | cmp - second
# An empty range is no error for a script that asks for news.
"$DONUT" score -m model -q --from 100% kpi.csv
try score -m model --from 50% --to 40% kpi.csv
try score -m model --from 101% kpi.csv
try score -m model --to 401 kpi.csv
try score -m model --to soon kpi.csv
try train $tiny --from 390 -o other kpi.csv
