. "$CASES/kit"
kpi >kpi.csv
"$DONUT" train $tiny -q -o model kpi.csv
awk -F, -v OFS=, '{ print $0, NR == 1 ? "key" : "a" }' kpi.csv >fleet.csv
"$DONUT" train $tiny -q --key key -o bundle fleet.csv
for command in encode decode impute; do
    try $command
    try $command kpi.csv
    try $command -m - <kpi.csv
    try $command -m nothing kpi.csv
    try $command -m bundle kpi.csv
    try $command -m model -o kpi.csv kpi.csv
    try $command -m model -o model kpi.csv
    try $command -m model -o nowhere/out kpi.csv
    try $command -m model --threads 2 kpi.csv
    try $command -m model nothing
done
try encode -m model --every 0 kpi.csv
try encode -m model --draws 1000001 kpi.csv
try encode -m model --from tomorrow kpi.csv
try encode -m model --from 60% --to 50% kpi.csv
try impute -m model --hide 1.5 kpi.csv
try impute -m model --to 0 kpi.csv
try impute -m model --to 401 kpi.csv
try impute -m model --trace z kpi.csv
awk -F, -v OFS=, 'NR > 1 { $1 *= 2 } 1' kpi.csv >slow.csv
try encode -m model slow.csv
try impute -m model slow.csv
"$DONUT" encode -m model --kernel abacus kpi.csv 2>&1 | sed 's/; it has.*//'
"$DONUT" encode -q -m model kpi.csv 2>&1 >/dev/full
"$DONUT" impute -q -m model kpi.csv 2>&1 >/dev/full
"$DONUT" encode -q -m model kpi.csv | "$DONUT" decode -m model 2>&1 >/dev/full
echo "exit status $?"
