# What info tells of verdicts by surprise. Numbers that differ by rounding from machine to machine are
# left out, but hang together.
. "$CASES/kit"
awk '
function noise(i) { return (i * 7919 % 101 + i * 104729 % 97 + i * 31 % 89 - 143) / 20 }
BEGIN {
    for (i = 0; i < 3000; i++)
        print 60 * i "," 100 + 40 * sin(2 * 3.14159265 * i / 144) + noise(i)
}' >kpi.csv
net='--window 72 --latent 3 --hidden 20 --samples 32'
"$DONUT" train $net --risk 5e-4 -o model kpi.csv 2>&1 | sed -n 's/.*s; alarms/alarms/p'
"$DONUT" info model | sed -n '/^Verdicts/,/^Training/p' | sed '
    s/overlap  \( *\)[0-9.]*/overlap  \1X/
    s/^ *\([0-9.e-]*\)  *\([0-9.]*\)  *[0-9.]*  *[0-9.]*  *about/  \1  \2  X  X  about/'
# The larger the surprise, the more it takes.
"$DONUT" info model | awk '/about/ {
    if (seen && ($3 <= deviation || $4 <= step)) print "not rising: " $0
    deviation = $3; step = $4; seen = 1
}'
"$DONUT" info --format json model >json
sed -n '/^  "verdict_by"/,/^  "training"/p' json | sed '/^      [0-9-]/d; /^        [0-9-]/d
    s/"\(overlap\|deviation_sd\|step_value\|shape\)": [^,]*/"\1": X/'
# Knots: levels rise from 0 to that of the .95 quantile and on, values do not fall.
awk '/"level": \[/ { last = -1; of = "level" } /"value": \[/ { last = -1; of = "value" } /\]/ { of = "" }
    of && /^ *[0-9]/ { x = $1 + 0; if (x < last || of == "level" && x == last) print "falls: " $0; last = x; n++ }
    END { print (n >= 48 ? "knots" : n) }' json
for by in shape step; do
    "$DONUT" train $net --epochs 1 --verdict-by $by -q -o $by kpi.csv
    "$DONUT" info $by | sed -n '/verdicts by/p; /the model/s/[0-9]\{1,\}\.[0-9]*/X/gp' | sed 's/  */ /g'
done
echo '-- doubts'
# Quiet in the end, as on holidays.
awk -F, '{ print $1 "," ($1 < 60 * 2100 ? $2 : 100 + ($2 - 100) / 400) }' kpi.csv >flat.csv
# Incidents in the end, too rare to be a habit.
awk -F, -v OFS=, '$1 >= 60 * 2100 && $1 / 60 % 110 == 0 { $2 += 90 } 1' kpi.csv >often.csv
head -1000 kpi.csv >few.csv
for file in few flat often kpi; do
    "$DONUT" train $net --scale moments -o $file $file.csv 2>said
    sed -n 's/.*s; alarms/alarms/; s/; [0-9]* alarms*/; N alarms/; s/hold [0-9]* alarms/hold N alarms/; 2,$p' said
    "$DONUT" info --format json $file | grep -m 1 '"doubt"'
done
