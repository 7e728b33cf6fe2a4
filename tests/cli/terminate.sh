# A second signal stops the fit of the threshold, too, and nothing is written.
. "$CASES/kit"
# Long enough for the fit to be still going on when the second signal comes.
awk 'BEGIN { for (i = 0; i < 12000; i++) print 600 * i "," i * 7919 % 101 }' >kpi.csv
mkfifo said
(
    for signal in TERM TERM; do
        read -r line
        kill -s $signal "$(cat pid)"
    done
    cat
) <said >log &
(
    sh -c 'echo $$ >pid; exec "$@" 2>said' sh \
        "$DONUT" train $shape --epochs 1000000 --samples 1048576 -o model kpi.csv
    echo "exit status $?"
) 2>shell # which may say something about the signal
wait
cat log
ls
