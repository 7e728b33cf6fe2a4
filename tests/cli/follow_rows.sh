# Rows that a stream does not take are counted and do not stop it.
. "$CASES/kit"
kpi >kpi.csv
"$DONUT" train $tiny -q -o model kpi.csv
"$DONUT" score -q -m model kpi.csv >batch
try_stream() {
    "$DONUT" score -m model --follow "$@" >rows 2>said
    echo "exit status $?"
    sed 's/threshold .*/threshold X/' said
    head -61 batch | cmp - rows && echo 'the rows of those that fit in'
}
echo 'late and repeated'
awk 'NR <= 60; NR == 20 || NR == 21 || NR == 60' kpi.csv | try_stream
echo 'not readable'
awk 'NR <= 60; NR == 20 { print "1700000000"; print "1700000000,x,0"; print "yesterday,1,0" }' kpi.csv |
    try_stream
echo 'far ahead'
awk 'NR <= 60; NR == 20 { print "17000000000,5,0" }' kpi.csv | try_stream
echo 'a new file behind the old one'
awk 'NR <= 60; NR == 1 { header = $0 } NR == 20 { print header "\r"; print header }' kpi.csv | try_stream
echo 'the whole input first: sorted'
awk 'NR > 1' kpi.csv | sort -r | (head -1 kpi.csv; cat) | "$DONUT" score -q --batch -m model |
    cmp - batch && echo same
echo 'nothing'
: | "$DONUT" score -q -m model --follow
echo "exit status $?"
echo 'only a header'
head -1 kpi.csv | "$DONUT" score -q -m model --follow
echo "exit status $?"
echo 'no columns'
printf 'a,b\n1,2\n' | "$DONUT" score -m model
echo "exit status $?"
echo 'many that are not readable'
(head -3 kpi.csv; yes nonsense | head -100) | "$DONUT" score --follow -m model 2>&1 >/dev/null |
    tail -4 | sed 's/threshold .*/threshold X/'
echo 'a pipe that pauses is a stream, and one that is out of order is scored in part'
mkfifo in out
"$DONUT" score -q -m model <in >out &
exec 3>in 4<out
head -61 kpi.csv >&3
for row in header 1; do read -r row <&4; done
sed -n '30p' kpi.csv >&3
exec 3>&-
cat <&4 | wc -l | tr -d ' '
wait $!
echo "exit status $?"
