# The data doctor on a KPI that has what the kit says, and on the same from a pipe.
. "$CASES/kit"
kpi >kpi.csv
"$DONUT" info kpi.csv
echo
"$DONUT" info --format json kpi.csv
"$DONUT" info - <kpi.csv | sed -n '1p; /command/p'
kpi | "$DONUT" info - >piped
"$DONUT" info - <kpi.csv | cmp - piped && echo 'the same from a pipe'
"$DONUT" info --from 20% --to 300 --interval 10m --label-column 3 kpi.csv |
    sed -n '1,2p; /enough/p; /window/p; /interval/p; /command/p; /labelled/p'
"$DONUT" info --ignore-labels kpi.csv | sed -n '/columns/p; /labelled/p; /command/p'
