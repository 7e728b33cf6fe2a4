# A range without a point: what was asked for, and what there is.
. "$CASES/kit"
kpi >kpi.csv
train() {
    try train $tiny -q -o model "$@"
}
train --from 100% kpi.csv
train --from 2024-01-01 kpi.csv
train --to 2023-01-01 kpi.csv
train --from 50% --to 200 kpi.csv
train --from 50% --to 2023-11-15T00:00:00Z - <kpi.csv
awk 'BEGIN { for (i = 0; i < 100; i++) printf "2024-01-31 %02d:%02d,%d\n", i / 60, i % 60, i }' |
    train --from 2024-02-01 -
ls
