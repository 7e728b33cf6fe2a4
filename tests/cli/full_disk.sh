. "$CASES/kit"
kpi >kpi.csv
"$DONUT" train $tiny -q -o model kpi.csv
"$DONUT" score -q -m model -o scores kpi.csv
full() {
    "$DONUT" "$@" >/dev/full
    echo "$1: exit status $?" >&2
}
full --help
full --version
full train --help
full train $tiny -q -o - kpi.csv
full train $tiny -q -o /dev/full kpi.csv
full score -q -m model kpi.csv
full score -q -m model -o /dev/full kpi.csv
full evaluate scores
full evaluate --format json scores
