# What the points are ranked by: score, surprise, another column. Three normal points, one anomaly
# that the surprise ranks first and the score second.
cat >scores.csv <<'END'
timestamp,value,score,anomaly,expected,lower,upper,status,surprise,cause,label
60,10,-1,0,11,8,14,ok,0.1,,0
120,12,5,0,11,8,14,ok,0.5,,0
180,30,2,1,11,8,14,ok,inf,step,1
240,11,1,0,12,9,15,ok,3,,0
300,11,9,0,12,9,15,warmup,,,0
360,,,0,12,9,15,missing,,,0
END
# best ARGUMENT...: what it is ranked by, the best F, AUC and the peak
best() {
    echo "-- $*"
    "$DONUT" evaluate --format json "$@" scores.csv >json &&
        grep -o -e '"by": "[a-z]*"' -e '"peak_[a-z]*": [0-9.]*' json &&
        sed -n 's/.*"raw": {\("best_f": [0-9.]*\).*\("threshold": [0-9.]*\).*/\1 \2/p' json
}
best
best --by surprise
best --by score
best --score-column value
"$DONUT" evaluate --threshold 3 scores.csv
sed 's/,3,,0$/,,,0/' scores.csv >partial.csv
echo '-- a point without a surprise'
"$DONUT" evaluate partial.csv | sed -n '/^Best/p'
. "$CASES/kit"
try evaluate --by surprise partial.csv
try evaluate --by surprise --score-column score scores.csv
try evaluate --by anomaly scores.csv
cut -d, -f1-8,11 scores.csv >old.csv
try evaluate --by surprise old.csv
echo '-- other names, and a fleet'
sed '1s/score/anomaly_score/; 1s/label/is_anomaly/' old.csv | "$DONUT" evaluate | sed -n '/^Best/p'
awk '{ print $0 (NR == 1 ? ",key" : NR % 2 ? ",a" : ",b") }' scores.csv |
    "$DONUT" evaluate --key key | grep -e 'best F  '
