# Every command in a pipe.
. "$CASES/kit"
kpi | "$DONUT" train $tiny -q -o - - | cat >model
kpi | "$DONUT" score -q -m model --threshold -1e30 | "$DONUT" evaluate - |
    sed -n '1,2p; /The file/,/delay/p'
kpi | "$DONUT" score -q -m model - | "$DONUT" evaluate --format json | sed -n '1,3p'
