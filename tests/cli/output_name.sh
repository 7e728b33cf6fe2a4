# Without -o the model lies beside the KPI and is called after it.
. "$CASES/kit"
mkdir dir.d
for name in kpi.csv kpi dir.d/web.5min.csv dir.d/web .csv; do
    kpi >$name
    "$DONUT" train $tiny -q $name
done
find . -type f | sort
