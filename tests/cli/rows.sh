# One row for every grid point; time, value and label as they came in.
. "$CASES/kit"
kpi >kpi.csv
"$DONUT" train $tiny -q -o model kpi.csv
"$DONUT" score -q -m model kpi.csv >scores
sed 1q scores
cut -d , -f 8 scores | sort | uniq -c | awk '{ print $1, $2 }'
awk -F , 'NR > 1 { print $1 "," $2 "," $11 }' scores >echoed
awk -F , 'NR > 1 { print $1 "," $2 "," $3 }' kpi.csv | diff - echoed
# A missing point has no score and no alarm, but an expected value within its band.
awk -F , '$8 == "missing" { print $3 $4, $6 < $5 && $5 < $7 }' scores
awk -F , 'NR > 1 && $8 != "missing" && ($3 == "" || !($6 < $5 && $5 < $7))' scores
# Without labels there is no column of labels.
cut -d , -f 1,2 kpi.csv | "$DONUT" score -q -m model | cut -d , -f 1-8 >unlabelled
cut -d , -f 1-8 scores | cmp - unlabelled
# An alarm is a surprise above that of the risk, and alone has a cause. Every point with a value has a
# surprise.
"$DONUT" score -q -m model --risk 1e-3 kpi.csv >risky
for risk in 4,scores 3,risky; do
    awk -F , -v limit="${risk%,*}" 'NR > 1 {
        if ($4 != ($8 == "ok" && $9 > limit) || ($10 != "") != $4) print
        if (($9 != "") != ($8 != "missing")) print
        n += $4
    }
    END { print (n > 0) }' "${risk#*,}"
done
# By the score they are of the tail, and the more surprising of two points has the higher score.
"$DONUT" score -q -m model --verdict-by score kpi.csv >scores
"$DONUT" score -q -m model --verdict-by score --risk 1e-3 kpi.csv >risky
for risk in 4,scores 3,risky; do
    awk -F , -v limit="${risk%,*}" 'NR > 1 {
        if ($4 != ($9 != "" && $9 > limit) || ($10 != ($4 ? "shape" : ""))) print
        n += $9 != ""
    }
    END { print (n > 10 && n < NR / 4) }' "${risk#*,}"
done
awk -F , 'NR > 1 && $9 != "" { print $3, $9 }' scores | sort -g | awk '$2 < last { print } { last = $2 }'
