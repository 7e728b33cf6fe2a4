# Ctrl-C ends training early: a good model, and the shell sees the signal. It is sent when donut has
# said what it read.
. "$CASES/kit"
kpi >kpi.csv
mkfifo said
(
    read -r line
    kill -s INT "$(cat pid)"
    cat
) <said >log &
(
    sh -c 'echo $$ >pid; exec "$@" 2>said' sh \
        "$DONUT" train $shape --epochs 1000000 --samples 16 -o model kpi.csv
    echo "exit status $?"
) 2>shell # which may say something about the signal
wait
sed '/seem to hold/d; s/loss .* in epoch [0-9]* of/loss X in epoch N of/
     s/stopped in epoch [0-9]*,.*/stopped in epoch N, .../' log
"$DONUT" score -q -m model kpi.csv | wc -l | tr -d ' '
ls
