# Same seed, same bytes: twice, from standard input, unsorted, with CRLF; another seed, others.
. "$CASES/kit"
kpi >kpi.csv
"$DONUT" train $tiny -q -o model kpi.csv
"$DONUT" score -q -m model kpi.csv >scores
(sed 1q kpi.csv; sed 1d kpi.csv | sort -t , -k 2) >unsorted.csv
awk '{ printf "%s\r\n", $0 }' kpi.csv >crlf.csv
for input in kpi.csv unsorted.csv crlf.csv; do
    "$DONUT" train $tiny -q -o again $input && cmp model again
    "$DONUT" train $tiny -q -o again - <$input && cmp model again
    "$DONUT" train $tiny -q -o - $input >again && cmp model again
    "$DONUT" score -q -m model $input | cmp - scores
    cat $input | "$DONUT" score -q -m model | cmp - scores
    "$DONUT" score -q -m - -o again $input <model && cmp scores again
done
"$DONUT" train $tiny -q -o other --seed 1 kpi.csv
cmp -s model other || echo 'another seed, another model'
