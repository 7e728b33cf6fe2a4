# Ctrl-C while the threshold is being fitted has it fitted quickly: a model all the same. It is sent
# when the progress line says how far the threshold is.
. "$CASES/kit"
# Enough to score that the fit of the threshold is still going on then.
awk 'BEGIN { for (i = 0; i < 40000; i++) print 600 * i "," i % 24 + i * 7919 % 101 / 30 }' >kpi.csv
: >log
: >status
(
    until grep -q fitting log || [ -s status ]; do :; done
    kill -s INT "$(cat pid)"
) &
(
    sh -c 'echo $$ >pid; exec "$@" 2>log' sh "$DONUT" train --progress --window 4 --latent 1 \
        --hidden 2 --epochs 1 --samples 8192 -o model kpi.csv
    echo "exit status $?" >status
) 2>shell # which may say something about the signal
wait
cat status
tr '\r' '\n' <log | sed -n 's/ *$//; /seem to hold/d; /^donut/p
    s/best.*\( in epoch 1 of 1,\).*/best ...\1 .../p'
"$DONUT" score -q -m model --samples 1 --to 9 kpi.csv | wc -l | tr -d ' '
