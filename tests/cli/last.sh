# --last: the newest point alone, with the alarm that all before it lead to.
. "$CASES/kit"
kpi >kpi.csv
"$DONUT" train $tiny -q -o model kpi.csv
"$DONUT" score -q -m model kpi.csv >all
(head -1 all; tail -1 all) >want
"$DONUT" score -q -m model --last kpi.csv | cmp - want && echo newest
cat kpi.csv | "$DONUT" score -q -m model --last | cmp - want && echo 'from a pipe'
"$DONUT" score -q -m model --threshold -1000 --for 3 kpi.csv | tail -1 >want
"$DONUT" score -q -m model --last --threshold -1000 --for 3 kpi.csv | tail -1 | cmp - want &&
    echo 'with --for'
cut -d, -f4 want
"$DONUT" score -q -m model --last --to 200 --threshold -1000 kpi.csv | cut -d, -f1,4
"$DONUT" score -m model --last --threshold 1000 kpi.csv 2>&1 >/dev/null | tail -1
"$DONUT" score -m model --last --from 400 --threshold 1000 kpi.csv | wc -l
