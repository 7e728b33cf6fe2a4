"$DONUT" evaluate --format json --threshold 1.5 --delay 1 <"$CASES/scores.csv"
