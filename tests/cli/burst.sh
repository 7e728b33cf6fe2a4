# A burst of fifteen points, ten times the normal, among the last that a model is trained on, without a
# label: it is told, the verdict is not fitted to it, and scoring the same file finds it and no more.
awk 'BEGIN {
    print "timestamp,value"
    for (i = 0; i < 4032; i++) {
        noise = (i * 7919 % 101 + i * 104729 % 97 + i * 31 % 89 - 143) / 20
        value = 100 + 40 * sin(2 * 3.14159265 * i / 288) + noise
        printf "%d,%.2f\n", 1704067200 + 300 * i, value + (i >= 3990 && i < 4005 ? 650 : 0)
    }
}' >burst.csv
"$DONUT" train -o model burst.csv 2>&1 | sed 's/beyond .*/beyond .../; s/.*s; alarms/alarms/'
"$DONUT" score -q -m model burst.csv >scores
awk -F, '$4 == 1 { n++; i = ($1 - 1704067200) / 300; if (i < 3990 || i > 4004) print "false", i }
    END { print n, "alarms" }' scores
# As the paper has it the burst is learnt from: the threshold is of no use, and nothing is promised.
"$DONUT" train --paper --epochs 40 -o model burst.csv 2>&1 | grep -o 'risk .*\|donut: .*'
"$DONUT" score -q -m model burst.csv | awk -F, '$4 == 1' | wc -l | tr -d ' '
