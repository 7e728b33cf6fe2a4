. "$CASES/kit"
kpi >kpi.csv
try train missing.csv
try train .
try score -m missing kpi.csv
try score -m . kpi.csv
try evaluate missing.csv
try evaluate .
mkdir folder
try train -o folder kpi.csv
try train -o nowhere/model kpi.csv
try train -o kpi.csv/model kpi.csv
"$DONUT" train $tiny -q -o model kpi.csv
try score -m model -o folder kpi.csv
try score -m model -o nowhere/scores kpi.csv
find . | sort
