. "$CASES/kit"
kpi >kpi.csv
try score
try score kpi.csv
try score -m - <kpi.csv
try score -m model - -
try score -m kpi.csv --epochs 3 kpi.csv
try score -m model --threshold inf kpi.csv
try score -m model --threshold 3 --risk 1e-3 kpi.csv
try score -m model --risk 1 kpi.csv
try score -m model --samples 0 kpi.csv
try evaluate --format xml
try evaluate --delay -1
try evaluate --delay 7.0
try evaluate --threshold ''
try evaluate a.csv b.csv
