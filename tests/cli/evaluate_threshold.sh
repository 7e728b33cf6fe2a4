"$DONUT" evaluate --threshold=1.5 --delay 1 - <"$CASES/scores.csv" | sed '/^  floor/d'
