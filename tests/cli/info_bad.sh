# What is no model, bundle or KPI, and what cannot be asked.
. "$CASES/kit"
kpi >kpi.csv
"$DONUT" train $tiny -q -o model kpi.csv
size=$(wc -c <model)
head -c $((size - 1)) model >truncated
(head -c 100 model; printf '\125\252'; tail -c +103 model) >damaged
printf 'donutSET' >stump
: >empty
mkdir folder
for file in truncated damaged stump empty folder absent; do
    try info $file
done | sed "s/have $size$/have SIZE/; s/has $((size - 1)) bytes/has SIZE - 1 bytes/"
try info - <damaged
try info
try info kpi.csv model
try info --format xml kpi.csv
try info --key nosuch kpi.csv
try info --from 90% --to 10% kpi.csv
try info --from 400 kpi.csv
sed '1s/$/,host/; 2,$s/$/,a/' kpi.csv >fleet.csv
"$DONUT" train $tiny -q --key host -o bundle fleet.csv
for wrong in '--timestamp-column 1' '--value-column 2' '--label-column 3' --ignore-labels \
    '--interval 600' '--from 10%' '--to 10%'; do
    try info $wrong model | sed 2q
done
try info --key host bundle
try info --all bundle | sed -n '1p; $p'
try info --key host --from never fleet.csv
try info --key host --from 300 --to 200 fleet.csv
try info --value-column x kpi.csv
printf 'timestamp,value\n1,x\n' | try info -
"$DONUT" info kpi.csv >/dev/full
echo "exit status $?"
