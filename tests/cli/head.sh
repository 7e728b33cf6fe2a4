# A reader that has seen enough ends the writer, quietly.
. "$CASES/kit"
kpi >kpi.csv
"$DONUT" train $tiny -q -o model kpi.csv
awk 'BEGIN { for (i = 0; i < 9000; i++) print 600 * i "," i * 7919 % 101 }' >long.csv
# Over a pipe's capacity: the writer is still at it when head has gone.
("$DONUT" score -m model --samples 1 -q long.csv; echo "exit status $?" >&2) | head -n 1
(trap '' PIPE; "$DONUT" score -m model --samples 1 -q long.csv; echo "exit status $?" >&2) |
    head -n 1
