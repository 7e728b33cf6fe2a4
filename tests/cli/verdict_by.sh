# What an alarm is by: the channels, one of them, or a score; and what is refused before any output.
awk 'BEGIN {
    print "timestamp,value"
    for (i = 0; i < 3000; i++) {
        noise = (i * 7919 % 101 + i * 104729 % 97 + i * 31 % 89 - 143) / 20
        value = 100 + 40 * sin(2 * 3.14159265 * i / 144) + noise
        if (i >= 2600 && i < 2612) value += 3 * (i - 2599) # a slope: no step in it
        if (i == 2800) value += 60                         # a jump
        print 60 * i "," value
    }
}' >kpi.csv
. "$CASES/kit"
"$DONUT" train -q --window 72 --latent 3 --hidden 20 --to 2400 --samples 32 -o model kpi.csv
for by in both shape step; do
    echo "-- $by"
    "$DONUT" score -q -m model --verdict-by $by --from 2400 kpi.csv >$by.csv
    awk -F, -v by=$by '$4 == 1 {
        i = $1 / 60
        where = i >= 2600 && i < 2612 ? "slope" : i == 2800 ? "jump" : "elsewhere"
        if (!(where in n)) print where
        n[where]++
        if ($9 <= 4 || ($10 != by && by != "both") || $10 == "") print "cause: " $0
    }' $by.csv
done
"$DONUT" score -q -m model --from 2400 kpi.csv | cmp - both.csv && echo "the model's is both"
# A model of one channel.
"$DONUT" train -q --window 72 --latent 3 --hidden 20 --to 2400 --samples 32 --verdict-by step -o step kpi.csv
"$DONUT" info step | grep -e 'verdicts by' -e '^  verdict-by'
"$DONUT" score -q -m step --from 2400 kpi.csv | cut -d, -f4,10 | sort | uniq -c | awk '{ print $2 }'
"$DONUT" train -q --window 72 --latent 3 --hidden 20 --to 2400 --samples 32 --verdict-by score -o score kpi.csv

echo '-- refused, without output'
try score -m score --verdict-by both -o out kpi.csv
try score -m score --verdict-by step --follow kpi.csv
try score -m model --verdict-by score --risk 0.4 -o out kpi.csv | sed 's/below .*, the share/below X, the share/'
try score -m model --score-by elbo -o out kpi.csv
try score -m model --risk 0.6 -o out kpi.csv
try score -m model --risk 1e-13 -o out kpi.csv
try score -m model --threshold 3 --verdict-by shape -o out kpi.csv
try score -m model --verdict-by all -o out kpi.csv
awk -F, 'NR == 1 { print $0 ",key" } NR > 1 { print $0 ",a" }' kpi.csv >fleet.csv
"$DONUT" train -q --key key --window 72 --latent 3 --hidden 20 --epochs 2 --samples 16 --verdict-by score -o bundle fleet.csv
try score -m bundle --verdict-by both -o out fleet.csv
ls out 2>/dev/null
# The risks of surprise go farther than those of the tail, and the line says which surprise it is.
for risk in 0.5 0.4 1e-12; do
    "$DONUT" score -m model --risk $risk -o out kpi.csv 2>&1 | sed -n 's/.*anomal[a-z]* //p'
done
