# A stream of many KPIs, and bundles that change under it.
. "$CASES/kit"
kpi >kpi.csv
awk -F, -v OFS=, 'NR == 1 { print $0, "key" } NR > 1 { print $0, "a"; print $1, 2 * $2, $3, "b" }' kpi.csv >fleet.csv
"$DONUT" train $tiny -q --key key -o both fleet.csv
grep -v 'b$' fleet.csv >a.csv
"$DONUT" train $tiny -q --key key -o only_a a.csv
cp both live
mkfifo in out
"$DONUT" score -f -m live --threshold -1000 --warmup-alarms --events <in >out 2>said &
pid=$!
exec 3>in 4<out
head -41 fleet.csv >&3
for row in header a b; do read -r row <&4 && echo "$row" | cut -d, -f1-3,11-; done
echo '-- one model less'
cp only_a new && mv new live
kill -HUP $pid
until grep -q again said; do :; done
sed -n '42,61p' fleet.csv >&3
read -r row <&4 && echo "$row" | cut -d, -f1-3,11-
echo '-- and back'
cp both new && mv new live
kill -HUP $pid
until [ "$(grep -c again said)" = 2 ]; do :; done
sed -n '62,81p' fleet.csv >&3
read -r row <&4 && echo "$row" | cut -d, -f1-3,11-
exec 3>&-
cat <&4 | cut -d, -f1-3,11-
wait $pid
echo "exit status $?"
exec 4<&-
sed 's/; [0-9]* anom.*//' said

echo '-- rows before one that ends it all are out'
(head -31 fleet.csv; echo 1700006600,5,0,zz) | "$DONUT" score -q -f -m both --unknown error >rows
echo "exit status $?"
wc -l <rows | tr -d ' '

echo '-- into a pipe with a name'
"$DONUT" score -q -f -m both -o out <in &
exec 3>in
head -2 fleet.csv >&3
exec 4<out
for row in header 1; do
    read -r row <&4 && echo "$row" | cut -d, -f1,2,8- | sed 's/warmup,[0-9.]*,/warmup,X,/'
done
exec 3>&-
cat <&4
wait $!
exec 4<&-

echo '-- the whole, however slowly it comes'
# slowly ARGUMENT...: a pipe that pauses behind its first rows, which are not the oldest
slowly() {
    "$DONUT" score -q -m both "$@" <in >out &
    exec 3>in 4<out
    (sed -n '1p; 102,$p' fleet.csv; sleep 0.5; sed -n '2,101p' fleet.csv) >&3
    exec 3>&-
    cat <&4
    wait $!
    echo "exit status $?"
    exec 4<&-
}
# The KPIs come in the order of their first rows.
"$DONUT" score -q -m both fleet.csv >want
slowly --batch | sed '$d' | cmp - want && echo batch
"$DONUT" score -q -m both --from 50% fleet.csv >want
slowly --from 50% | sed '$d' | cmp - want && echo from
"$DONUT" score -q -m both --to 50% fleet.csv >want
slowly --to 50% | sed '$d' | cmp - want && echo to
"$DONUT" score -q -m both --last fleet.csv >want
slowly --last | sed '$d' | cmp - want && echo last
"$DONUT" score -q -m both --format prometheus fleet.csv >want
slowly --format prometheus | sed '$d' | cmp - want && echo prometheus
"$DONUT" score -q -m both fleet.csv >want
slowly -o rows | sed '$d'
cmp rows want && echo output
slowly | tail -1

echo '-- an alarm of the first KPI alone counts'
awk -F, -v OFS=, 'NR == 1 || $4 == "b" { print } NR > 1 && $4 == "a" { print $1, ($1 == 1700239800 ? 9999 : $2), $3, $4 }' fleet.csv >high.csv
"$DONUT" score -q -m both --exit-code --min-delta 5000 --last high.csv | cut -d, -f1,2,4,12
"$DONUT" score -q -m both --threshold 0 --exit-code --min-delta 5000 high.csv >rows
echo "exit status $?"
"$DONUT" score -q -m both --threshold 0 --exit-code --min-delta 5000 --follow high.csv >rows
echo "exit status $?"

echo '-- more than chance'
(head -61 fleet.csv; sed -n '2,13p' fleet.csv; sed -n '62,99p' fleet.csv) | "$DONUT" score -q -f -m both >rows
echo "exit status $?"
awk -F, -v OFS=, 'NR > 1 { $1 = 1700000400 + 60 * NR } 1' a.csv | "$DONUT" score -q -f -m only_a >rows
echo "exit status $?"
echo '-- half a second'
(head -3 a.csv; echo 1700002200.5,5,0,a; sed -n '5,6p' a.csv) | "$DONUT" score -q -f -m only_a | cut -d, -f1
echo '-- ranges'
try score -m both --from nonsense fleet.csv
try score -q -m both --from 50% --to 20% fleet.csv
