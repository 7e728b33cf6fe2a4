# A key column named like a number: where a header has that name it wins over the number, for the
# bundle knows the column by its name alone.
. "$CASES/kit"
kpi | awk -F , 'NR == 1 { print "timestamp,value,label,3"; next }
    { print $1 "," $2 ",0,a\n" $1 "," $2 + 1 ",0,b" }' >fleet.csv
"$DONUT" train -q --key 3 $tiny -o bundle fleet.csv
"$DONUT" info --format json bundle | grep '"key_column"\|"count"'
"$DONUT" train -q --key 4 $tiny -o fourth fleet.csv && cmp bundle fourth
"$DONUT" score -q -m bundle fleet.csv | awk -F , '{ print $NF }' | uniq -c
"$DONUT" score -q -m bundle --follow <fleet.csv |
    awk -F , '{ n[$NF]++ } END { print n["3"], n["a"], n["b"] }'
"$DONUT" info --key 3 fleet.csv | grep 'KPIs'

# Without that name it is the number.
sed '1s/3$/host/' fleet.csv >named.csv
"$DONUT" info --key 3 named.csv | grep 'KPIs\? in'
sed 1d fleet.csv >bare.csv
"$DONUT" train -q --key 4 $tiny -o bare bare.csv
"$DONUT" info --format json bare | grep '"key_column"'
"$DONUT" score -q -m bare bare.csv | awk -F , '{ print $NF }' | uniq -c
