# What is read is never overwritten.
. "$CASES/kit"
kpi >kpi.csv
"$DONUT" train $tiny -q -o model kpi.csv
cp kpi.csv kpi.copy
cp model model.copy
ln -s kpi.csv link
ln kpi.csv hard
try train -o kpi.csv kpi.csv
try train -o link kpi.csv
try train -o hard kpi.csv
try train -o kpi.csv - <kpi.csv
try score -m model -o kpi.csv kpi.csv
try score -m model -o model kpi.csv
"$DONUT" score -m model kpi.csv >>kpi.csv
echo "exit status $?"
cmp kpi.csv kpi.copy
cmp model model.copy
