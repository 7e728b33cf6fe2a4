# Times are written as the input has them.
. "$CASES/kit"
kpi >kpi.csv
"$DONUT" train $tiny -q -o model kpi.csv
for form in 'T|:00Z' ' |' 'T|:00+01:00' ' |:00.000' 'T|Z'; do
    awk -v form="$form" 'BEGIN {
        split(form, part, "|")
        for (i = 0; i < 60; i++)
            if (i != 30)
                printf "2024-01-31%s%02d:%02d%s,%d\n", part[1], i / 6, i % 6 * 10, part[2], i
    }' | "$DONUT" score -q -m model | sed -n '31,33p' | cut -d , -f 1,2
done
awk 'BEGIN { for (i = 0; i < 60; i++) printf "%.0f,0.1\n", 1700000000000 + i * 600000 }' |
    "$DONUT" score -q -m model --to 1 | cut -d , -f 1,2
awk 'BEGIN { for (i = 0; i < 60; i++) print 1700000000 + i * 600 ",12345678.9" }' |
    "$DONUT" score -q -m model --to 1 | cut -d , -f 1,2
