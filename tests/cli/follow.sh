# A stream: the bytes of the whole file, each row as soon as its own has come.
. "$CASES/kit"
kpi >kpi.csv
"$DONUT" train $tiny -q -o model kpi.csv
"$DONUT" score -q -m model kpi.csv >batch
cut -d, -f1,2 kpi.csv >plain.csv
"$DONUT" score -q -m model plain.csv >plain
"$DONUT" score -q -m model --follow kpi.csv | cmp - batch && echo 'a file, followed: the same'
cat kpi.csv | "$DONUT" score -q -m model --follow | cmp - batch && echo 'a pipe: the same'
cat plain.csv | "$DONUT" score -q -m model --follow - | cmp - plain && echo 'without labels: the same'
sed 's/$/\r/' kpi.csv | "$DONUT" score -q -m model --follow | cmp - batch && echo 'CRLF: the same'
awk -F, -v OFS=, 'NR > 2 && NR % 5 == 0 { $1 += 59 - NR % 7 } 1' kpi.csv >jitter.csv
"$DONUT" score -q -m model jitter.csv >jitter
cat jitter.csv | "$DONUT" score -q -m model --follow | cmp - jitter && echo 'off the grid: the same'

mkfifo in out
"$DONUT" score -q -m model <in >out &
exec 3>in 4<out
head -1 kpi.csv >&3
read -r row <&4
echo "$row"
# Rows 1 to 50 are points 0 to 49; point 50 is absent: the next row brings it along.
line=2
while [ $line -le 53 ]; do
    sed -n ${line}p kpi.csv >&3
    read -r row <&4
    echo "$row" >>streamed
    [ $line -ne 52 ] || { read -r row <&4 && echo "$row" >>streamed; }
    line=$((line + 1))
done
exec 3>&-
cat <&4 >>streamed
wait $! && echo "exit status $?"
sed -n '2,54p' batch | cmp - streamed && echo 'row by row: the same'
