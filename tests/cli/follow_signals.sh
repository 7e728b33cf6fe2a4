# SIGTERM and SIGINT end a stream with its last row out; SIGHUP reads the model again; a reader that
# goes away is no news.
. "$CASES/kit"
kpi >kpi.csv
"$DONUT" train $tiny -q -o model kpi.csv
mkfifo in out
# start ARGUMENT...: a stream that has answered three rows
start() {
    "$DONUT" score -m model "$@" <in >out 2>said &
    pid=$!
    exec 3>in 4<out
    head -4 kpi.csv >&3
    for row in header 1 2 3; do read -r row <&4; done
}
start
echo '3 rows, then SIGTERM'
kill -TERM $pid
wait $pid
echo "exit status $?"
exec 3>&- 4<&-
sed 's/threshold .*/threshold X/' said
# Jobs in the background ignore SIGINT.
echo '3 rows, then SIGINT'
(
    exec 3>in 4<out
    head -4 kpi.csv >&3
    for row in header 1 2 3; do read -r row <&4; done
    kill -s INT "$(cat pid)"
    cat <&4
) &
sh -c 'echo $$ >pid; exec "$@" <in >out 2>said' sh "$DONUT" score -m model
echo "exit status $?"
wait
sed 's/threshold .*/threshold X/' said

# Before its first row a pipe is not known to be a stream.
for signal in HUP TERM; do
    "$DONUT" score -m model <in >out 2>said &
    pid=$!
    exec 3>in 4<out
    # The mask of signals that it catches ends in an odd digit with SIGHUP among them.
    until sed -n 's/^SigCgt:.*\(.\)$/\1/p' /proc/$pid/status | grep -q '[13579bdf]'; do :; done
    kill -$signal $pid
    if [ $signal = HUP ]; then
        until grep -q again said; do :; done
        kill -TERM $pid
    fi
    wait $pid
    echo "before the first row, SIG$signal: exit status $?"
    exec 3>&- 4<&-
done

echo 'another model, by SIGHUP'
start --threshold -1000
"$DONUT" train $shape --epochs 3 --seed 5 -q -o next kpi.csv
mv next model
kill -HUP $pid
until grep -q again said; do :; done
sed -n '5,$p' kpi.csv >&3
exec 3>&-
cat <&4 >rest
wait $pid
echo "exit status $?"
exec 4<&-
grep -v scored said
"$DONUT" score -q -m model --threshold -1000 kpi.csv | tail -n +5 >want
cmp rest want && echo 'the rows of the new model'

echo 'a model that cannot be read: the old one stays'
start --threshold -1000
cp model good
echo nonsense >model
kill -HUP $pid
until grep -q stays said; do :; done
sed -n '5,$p' kpi.csv >&3
exec 3>&-
cat <&4 >rest
wait $pid
echo "exit status $?"
exec 4<&-
grep -v scored said
cmp rest want && echo 'the rows of the old model'

mv good model
awk 'BEGIN { print "timestamp,value"; for (i = 0;; i++) print 1700000400 + 600 * i ",5" }' |
    "$DONUT" score -q -m model 2>said | head -1
cat said

echo 'a reader that does not read'
awk 'BEGIN { print "timestamp,value"; for (i = 0; i < 9000; i++) print 1700000400 + 600 * i ",5" }' >long.csv
"$DONUT" score -m model --threads 1 --follow long.csv >out 2>said &
pid=$!
exec 4<out
# With one thread it sleeps for nothing but room in the pipe.
until sed -n 's/^State:[^A-Z]*\(.\).*/\1/p' /proc/$pid/status | grep -q S; do :; done
kill -TERM $pid
wait $pid
echo "exit status $?"
cat said
exec 4<&-

echo 'a named pipe that nobody opens'
(
    "$DONUT" score -q -m model --threads 1 --follow -o out kpi.csv &
    pid=$!
    until sed -n 's/^State:[^A-Z]*\(.\).*/\1/p' /proc/$pid/status | grep -q S; do :; done
    kill -TERM $pid
    wait $pid
    echo "exit status $?"
) 2>shell # which may say something about the signal
