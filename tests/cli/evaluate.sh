# Two segments: 3 points found at its third with 4, behind which a labelled point is missing, and 1
# point with 2; the loudest normal point has 2.5.
cp "$CASES/scores.csv" .
"$DONUT" evaluate scores.csv
