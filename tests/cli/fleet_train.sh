# A file with several KPIs becomes a bundle with a model for each that can be trained, the same bytes
# that training it alone gives, with any number of threads.
. "$CASES/kit"
kpi >kpi.csv
# Keys with a comma, quotes and a newline; one KPI is too short, one is constant. The second one
# lags behind and is every 20 minutes.
fleet() {
    awk -F , '
        NR == 1 { print $0 ",KPI ID"; next }
        { print $0 ",\"web, \"\"1\"\"\"" }
        NR < 20 { print $0 ",short" }
        $1 % 1200 == 0 { print $1 + 7200 "," $2 * 3 + 1 "," $3 ",\"data\nbase\"" }
        { print $1 ",7," $3 ",flat" }' kpi.csv
}
fleet >fleet.csv
try train --key 'KPI ID' $tiny fleet.csv | sed 's/, [0-9.]* s$/, N s/'
echo "$(ls)"
for threads in 1 2 3 9; do
    "$DONUT" train -q --threads $threads --key 4 $tiny -o again fleet.csv 2>said
    cmp again fleet.donut
done
"$DONUT" train -q --key 'KPI ID' $tiny -o - fleet.csv 2>said | cmp - fleet.donut
cat said

# The progress line: rewritten in place, within 79 columns, gone at the end.
"$DONUT" train -q --progress --key 4 $tiny -o again fleet.csv 2>drawn
sed 's/.*\r//' drawn | cmp - said # after the last time that it was erased
tr '\r' '\n' <drawn | awk 'length > 79 && !/^donut/ { print "too wide" } /KPIs/ { sub(/,/, "", $2); print $2 }' | sort -u

# The models as the format has them: the first one behind the index, each at a multiple of 64.
awk -F , 'NR == 1 || $1 % 1200 == 0 { print NR == 1 ? $0 : $1 + 7200 "," $2 * 3 + 1 "," $3 }' kpi.csv >data.csv
"$DONUT" train -q $tiny -o data data.csv
"$DONUT" train -q $tiny -o web kpi.csv
index=$(od -An -tu8 -j24 -N8 fleet.donut)
tail -c +$(((index + 63) / 64 * 64 + 1)) fleet.donut | head -c "$(wc -c <data)" | cmp - data
tail -c "$(wc -c <web)" fleet.donut | cmp - web

# A range is one of each KPI's own points.
"$DONUT" train -q --key 4 --from 25% --to 75% $tiny -o half fleet.csv 2>said
"$DONUT" train -q --from 25% --to 75% $tiny -o data data.csv
index=$(od -An -tu8 -j24 -N8 half)
tail -c +$(((index + 63) / 64 * 64 + 1)) half | head -c "$(wc -c <data)" | cmp - data

# Errors that are divided by the smallest of standard deviations overflow: the models are kept.
sed '1s/$/,host/; 2,$s/$/,one/' kpi.csv >hosts.csv
"$DONUT" train -q --paper --key host $shape --epochs 2000 --samples 16 --validate-every 1 -o wild \
    --std-epsilon 1e-30 --learning-rate 0.3 --decay 1 --clip-norm 1e30 hosts.csv 2>said
echo "exit status $?"
sed 's/epoch.*step [0-9]*/.../' said
"$DONUT" info --format json wild | grep '"count"\|"damaged"'
rm hosts.csv wild

echo '-- a fleet without --key'
"$DONUT" train $tiny -o mixed fleet.csv 2>&1 | grep -- --key

echo '-- what cannot be'
try train --key 4 --from never $tiny fleet.csv
try train -q --key 4 --from 300 --to 200 $tiny fleet.csv
try train -q --key nobody $tiny fleet.csv
try train -q --key 4 --window 120 -o none fleet.csv | cut -c 1-72
try train -q --key 4 $tiny -o /dev/full fleet.csv | tail -2
ls
