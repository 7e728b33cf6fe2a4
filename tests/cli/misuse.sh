. "$CASES/kit"
try tr
try --verbose
try ''
try train
try train -
try train kpi.csv other.csv
try train ''
try train --epoch 3 kpi.csv
try train --epochs
try train --epochs 3 --epochs 3 kpi.csv
try train -o a --output=b kpi.csv
try train -z kpi.csv
try train -qz kpi.csv
try train --quiet=yes kpi.csv
try train --output= kpi.csv
try train --output '' kpi.csv
try train -- --quiet other.csv
try train -o - -o - kpi.csv
