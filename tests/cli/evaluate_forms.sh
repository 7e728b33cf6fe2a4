# The smallest file, other names, no verdict, no anomaly, many segments.
cut -d , -f 3,9 "$CASES/scores.csv" | sed '2d; /^,/d' | "$DONUT" evaluate | sed -n '1p; /^Seg/,$p'
sed '1s/label/is_anomaly/' "$CASES/scores.csv" | "$DONUT" evaluate | sed 1q
sed '1s/label/truth/' "$CASES/scores.csv" | "$DONUT" evaluate --label-column truth | sed 1q
sed 's/,1$/,0/' "$CASES/scores.csv" | "$DONUT" evaluate --threshold 1.5
sed 's/,1$/,0/' "$CASES/scores.csv" | "$DONUT" evaluate --format json | grep -e f\" -e list
awk 'BEGIN { print "score,label"; for (i = 0; i < 44; i++) print i "," i % 2 }' >many.csv
"$DONUT" evaluate many.csv | tail -n 3
"$DONUT" evaluate --segments many.csv | tail -n 1
