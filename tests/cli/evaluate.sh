# Two segments: 3 points (a gap inside does not split it) found at its second with 4, 1 point with
# 2; the loudest normal point has 2.5.
cp "$CASES/scores.csv" .
"$DONUT" evaluate scores.csv
