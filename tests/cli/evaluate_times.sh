# The text report shows epochs as dates, JSON as the file has them; one unit for all times.
every() {
    awk -v step="$1" -v unit="$2" 'BEGIN {
        print "timestamp,score,label"
        for (i = 0; i < 20; i++)
            printf "%.0f,%d,%d\n", 1736121600 * unit + step * i, i, (i > 1 && i < 8 || i == 12)
    }'
}
for form in '300 1' '3600 1' '86400 1' '250 1000'; do
    every $form >scores.csv
    "$DONUT" evaluate --threshold 4.5 scores.csv | sed -n '/^A score above/,/raw/p; /^Seg/,$p'
    "$DONUT" evaluate --format json scores.csv | grep -o '"start": "[^"]*"'
done
