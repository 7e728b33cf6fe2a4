# A folder that cannot be written into is found out before training.
. "$CASES/kit"
kpi >kpi.csv
mkdir locked
chmod a-w locked
if [ -w locked ]; then # the superuser may do anything
    echo 'donut: locked/model: cannot write into its folder: Permission denied' >&2
    exit 1
fi
"$DONUT" train --epochs 1000000 -o locked/model kpi.csv
