# The scores of a fleet: each KPI as it would be alone, and all together.
. "$CASES/kit"
judge() {
    "$DONUT" evaluate "$@"
}
# A second KPI: an hour later, every two minutes, twice the scores, no verdict an alarm.
awk -F, -v OFS=, 'NR > 1 {
    $1 = sprintf("2024-01-31T01:%02d:00Z", 2 * (NR - 2))
    $3 = $3 == "" ? "" : 2 * $3
    $4 = 0 } { print }' "$CASES/scores.csv" >second.csv
# The third has no anomaly but two false alarms, the fourth no score.
awk -F, -v OFS=, 'FNR == 1 { if (NR == 1) print $0, "KPI ID"; next }
    NR == FNR { print $0, "\"web, \"\"1\"\"\""; $9 = 0; print $0, "calm"; next }
    { print $0, "\"data\nbase\"" }
    FNR < 5 { $3 = ""; $8 = "missing"; print $0, "off" }' "$CASES/scores.csv" second.csv >fleet.csv

echo '-- each as it would be alone'
inside() { # of the JSON of a file
    sed '1d; $d'
}
judge --format json --delay 1 --threshold 1.5 --key 'kpi id' fleet.csv >all.json
judge --format json --delay 1 --threshold 1.5 "$CASES/scores.csv" | inside >web.json
judge --format json --delay 1 --threshold 1.5 second.csv | inside >data.json
grep '"key"' all.json
sed -n '/"web, /,/^}/p' all.json | inside | cmp - web.json && echo same
sed -n '/"data/,/^}/p' all.json | inside | cmp - data.json && echo same
sed -n '1,/^{/p; /"key": "off"/,/^}/p; /^"eval/,$p' all.json

echo '-- as a table'
judge --key 10 fleet.csv
judge --key 10 --delay 1 --threshold 1.5 - <fleet.csv | sed -n '2,/^All/p; /^  verdict/,/^$/p'
cut -d, -f1-3,8- fleet.csv | sed 's/^base".*/base"/' | judge --key 6 | sed -n '/^  KPI/,/^mean/p'

echo '-- many KPIs'
awk 'BEGIN { print "KPI,truth,score,anomaly"
    for (i = 0; i < 100; i++) print i % 25 "," (i % 2) "," i "," (i % 4 == 1) }' >many.csv
judge --key kpi --label-column truth many.csv | sed -n '1p; /^  18/,/^$/p; /^  mean/,/^All/p'
judge --key kpi --label-column 2 --all many.csv | sed -n '/^  23/,/^  mean/p'
judge --key kpi --label-column truth --format json many.csv | grep -c '"key"'

echo '-- what donut score writes'
kpi | awk -F, -v OFS=, 'NR == 1 { print $0, "KPI ID"; next }
    { print $0, "a"; $2 = $2 == "" ? "" : 500 - $2 * 2; print $0, "\"b,c\"" }' >kpis.csv
"$DONUT" train -q --key 'KPI ID' $tiny -o bundle kpis.csv
"$DONUT" score -q -m bundle kpis.csv >scores.csv
judge --key 'KPI ID' --format json scores.csv >all.json
for key in a '"b,c"'; do
    { sed 1q scores.csv; grep ",$key\$" scores.csv; } | judge --format json | inside >alone
    sed -n "/\"key\": \"$(echo "$key" | tr -d '"')\"/,/^}/p" all.json | inside | cmp - alone && echo same
done

echo '-- what cannot be'
try evaluate --key nobody fleet.csv
try evaluate --key 11 fleet.csv
try evaluate --key score fleet.csv
try evaluate fleet.csv
sed 's/,calm$/,/' fleet.csv | try evaluate --key 10
sed 's/,calm$/,"web, ""1"""/' fleet.csv | try evaluate --key 10
grep -e off -e KPI fleet.csv | try evaluate --key 10
grep -e off -e KPI fleet.csv | try evaluate --key 10 --format json
try evaluate --key 10 --segments fleet.csv | head -2
try evaluate --all fleet.csv | head -2
