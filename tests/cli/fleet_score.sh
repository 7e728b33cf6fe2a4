# Many KPIs in one file: each is scored by its own model, as it would be alone.
. "$CASES/kit"
kpi >kpi.csv
uncounted() {
    sed 's/; [0-9]* anomal.*//'
}
# Keys with a comma, quotes and a newline; the second KPI is every 20 minutes and lags behind.
fleet() {
    awk -F , '
        NR == 1 { print $0 ",KPI ID"; next }
        { print $0 ",\"web, \"\"1\"\"\"" }
        $1 % 1200 == 0 { print $1 + 7200 "," $2 * 3 + 1 "," $3 ",\"data\nbase\"" }
        NR > 390 { print $1 "," $2 "," $3 ",new" }' kpi.csv
}
fleet >fleet.csv
awk -F , 'NR == 1 || $1 % 1200 == 0 { print NR == 1 ? $0 : $1 + 7200 "," $2 * 3 + 1 "," $3 }' kpi.csv >data.csv
"$DONUT" train -q --key 'KPI ID' $tiny -o bundle fleet.csv 2>/dev/null # 'new' is too short
"$DONUT" train -q $tiny -o web kpi.csv
"$DONUT" train -q $tiny -o data data.csv

echo '-- rows'
"$DONUT" score -m bundle fleet.csv >rows 2>said
echo "exit status $?"
uncounted <said
head -1 rows
"$DONUT" score -q -m web kpi.csv | sed '1d; s/$/,"web, ""1"""/' >want
"$DONUT" score -q -m data data.csv | sed '1d; s/$/,"data\nbase"/' >>want
sed 1d rows | cmp - want && echo 'as each alone'
"$DONUT" score -q -m bundle --key 4 fleet.csv | cmp - rows && echo 'by number'
sed '1s/KPI ID/other/' fleet.csv | "$DONUT" score -q -m bundle --key OTHER | sed '1s/other/KPI ID/' |
    cmp - rows && echo 'by another name'

echo '-- a stream: in the order of its rows'
for options in --follow '--follow --threads 2'; do
    "$DONUT" score -q -m bundle $options fleet.csv >streamed
    echo "exit status $?"
    sed ':a; /data$/ { N; ba; }; s/\n/ /' streamed | grep web >ours
    grep web rows | cmp - ours && echo 'the first KPI is the same'
    grep -c '^base"' streamed
done
head -4 streamed | cut -d, -f1

echo '-- ranges, the newest points, episodes'
"$DONUT" score -q -m bundle --from 90% fleet.csv | cut -d, -f11- | sort | uniq -c | awk '{ print $1 }'
"$DONUT" score -q -m bundle --last fleet.csv | cut -d, -f1,8- | sed 's/ok,[0-9.]*,/ok,X,/'
"$DONUT" score -q -m bundle --threshold -1000 --for 5 --events fleet.csv | cut -d, -f1-3,11-
"$DONUT" score -q -m bundle --format prometheus fleet.csv | grep ^donut_timestamp
"$DONUT" score -q -m bundle --last --format influx fleet.csv | cut -d' ' -f1
"$DONUT" score -q -m bundle --last --format jsonl fleet.csv | sed 's/.*"key"/"key"/'

echo '-- KPIs without a model'
try score -m bundle --unknown error fleet.csv | uncounted
try score -q -m bundle --unknown error --follow fleet.csv | tail -2
grep -v new fleet.csv | "$DONUT" score -m bundle --unknown error 2>&1 >/dev/null | wc -l | tr -d ' '

echo '-- a damaged model keeps none of the others'
size=$(wc -c <bundle)
{ head -c $((size - 100)) bundle; printf 'damage'; tail -c 94 bundle; } >damaged
for options in '' --follow; do
    "$DONUT" score -m damaged $options fleet.csv >left 2>said
    echo "exit status $?"
    uncounted <said
    grep -c '^base"' left
done
echo '-- a KPI with another interval than its model'
awk -F, -v OFS=, 'NR == 1 { print $0, "KPI ID" }
    NR > 1 { print $0, "\"web, \"\"1\"\"\""; print $0, "\"data\nbase\"" }' kpi.csv >ten.csv
try score -m bundle ten.csv | grep -v '^[0-9b]' | uncounted

echo '-- what cannot be'
try score -m web --unknown skip kpi.csv
try score -m web --key 'KPI ID' fleet.csv
try score -m bundle kpi.csv
try score -m bundle --key nobody fleet.csv
