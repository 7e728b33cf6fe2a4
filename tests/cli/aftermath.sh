# What comes after an incident: it alarms, the normal points behind it do not.
series() {
    awk -v from="$1" -v to="$2" -v at="$3" 'BEGIN {
        print "timestamp,value"
        for (i = from; i < to; i++) {
            noise = (i * 7919 % 101 + i * 104729 % 97 + i * 31 % 89 - 143) / 4
            value = 600 + 300 * sin(2 * 3.14159265 * i / 144) + noise
            printf "%d,%.1f\n", 600 * i, value * (i >= at && i < at + 6 ? 0.45 : 1)
        }
    }'
}
series 0 3000 -9 >train.csv
series 3000 3300 3100 >test.csv
"$DONUT" train -q -o model train.csv
count() {
    "$DONUT" score -q -m model "$@" test.csv >scores
    awk -F, '$4 == 1 { i = $1 / 600; if (i >= 3100 && i < 3106) hits++; else others++ }
        END { print hits + 0, "of 6,", others < 3 ? "at most 2" : others, "others" }' scores
}
count
cp scores usual
count --follow
cmp scores usual && echo 'a stream is the same'
count --keep-anomalies | sed 's/,.*//'
# Only windows behind the incident are another matter.
head -102 scores | cut -d, -f1-7 >left
head -102 usual | cut -d, -f1-7 | cmp - left && ! cmp -s scores usual && echo 'what follows differs'
