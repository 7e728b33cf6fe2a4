# Where windows lie in the space of z: a row for each window and draw.
. "$CASES/kit"
kpi >kpi.csv
"$DONUT" train $tiny -q -o model kpi.csv
"$DONUT" encode -m model --draws 3 kpi.csv >whole
sed 1q whole
wc -l <whole | tr -d ' '
# All numbers are there, no deviation is negative, and the draws of a window differ.
awk -F, 'NR > 1 && (NF != 9 || $6 <= 0 || $7 <= 0 || $3 != 1 + (NR - 2) % 3)' whole
cut -d , -f 8 whole | sort -u | wc -l | tr -d ' '
# How many points of a window are missing (50 and 60), labelled (330 to 334) or before all data.
awk -F, '$3 == 1 { print $2 }' whole | uniq -c | awk '{ printf "%s x %s, ", $1, $2 } END { print "" }'
"$DONUT" encode -q -m model --draws 0 --ignore-labels kpi.csv | cut -d , -f 2 | tail -n +300 | uniq
# Which windows are asked for changes none of them, and no draw another one.
"$DONUT" encode -q -m model --from 100 --to 50% --every 7 kpi.csv >some
sed -n '2p; $p' some | cut -d , -f 1-3
cut -d , -f 1 some >times
grep -F -f times whole | awk -F, 'NR == 1 || $3 == 1' | cmp - some
"$DONUT" encode -q -m model --draws 0 kpi.csv >none
sed 1q none
awk -F, -v OFS=, '$3 == 1 { print $1, $2, $4, $5, $6, $7 }' whole >drawn
sed 1d none | cmp - drawn
# Another seed draws others. Fewer rounds of imputation change the windows that have missing points.
"$DONUT" encode -q -m model --seed 1 kpi.csv | awk -F, -v OFS=, '
    NR == FNR { z[$1] = $8; next }
    FNR > 1 { n += z[$1] == $8 }
    END { print n + 0, "draws are the same" }' - whole
"$DONUT" encode -q -m model --draws 0 --mcmc-iterations 3 kpi.csv | diff none - | grep -c '^>'
# Times as they came in; a file, whole; standard input.
sed 1d kpi.csv | awk -F, '{
    minute = ($1 - 1699920000) / 60
    printf "2023-11-%d %02d:%02d,%s\n", 14 + minute / 1440, minute / 60 % 24, minute % 60, $2
}' >iso.csv
"$DONUT" encode -m model --every 200 -o out iso.csv
cut -d , -f 1-3 out
"$DONUT" encode -q -m model --every 200 - <iso.csv | cmp - out
# A reader that has seen enough.
"$DONUT" encode -q -m model --draws 2000 kpi.csv | head -1
