# Which anomalies become alarms: direction, size, persistence, recovery. A threshold below all
# scores makes every point anomalous, so that only these decide.
. "$CASES/kit"
kpi >kpi.csv
"$DONUT" train $tiny -q -o model kpi.csv
all() {
    "$DONUT" score -q -m model --threshold -1000 --warmup-alarms "$@" kpi.csv
}
all >plain
# want NAME AWK-CONDITION ARGUMENT...: the column `anomaly` is what awk finds in the plain rows, and
# stays as it is where there is no value; a point without an alarm has no cause
want() {
    name=$1
    awk -F, -v OFS=, "NR > 1 && \$8 != \"missing\" { on = ($2) ? 1 : 0 } NR > 1 { \$4 = on; if (!on) \$10 = \"\" } 1" plain >want
    shift 2
    all "$@" | cmp - want && echo "$name: $(awk -F, '$4 == 1 { n++ } END { print (n > 20 && n < 398) }' want)"
}
want up '$2 > $5' --direction up
want down '$2 < $5' --direction down
want size '$2 - $5 >= 8 || $5 - $2 >= 8' --min-delta 8
want 'size, up' '$2 - $5 >= 8' --min-delta 8 --direction up

# Points 50 and 60 are missing: they do not count, but do not begin anew either.
all --for 58 | awk -F, '$4 == 1' | head -1 | cut -d, -f1
all --for 59 | awk -F, '$4 == 1' | head -1 | cut -d, -f1
awk -F, 'NR == 61 { print $1 }' plain
# Alarms that take two normal points to end, worked out from those that take one.
awk -F, 'NR > 1 { up = $2 > $5 && $8 != "missing"; miss = $8 == "missing"
    if (up) { on = 1; normal = 0 } else if (!miss && on && ++normal == 2) on = 0
    print on + 0 }' plain >want
all --direction up --recover 2 | awk -F, 'NR > 1 { print $4 }' | cmp - want && echo recovery
