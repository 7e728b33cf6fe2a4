# Each thing that can be wrong with a KPI is found, and nothing else is said of it.
find_in() {
    echo "== $1"
    cat >odd.csv
    shift
    "$DONUT" info "$@" odd.csv | sed -n '/^To look at/,/^$/p'
    echo "codes: $("$DONUT" info --format json "$@" odd.csv |
        sed -n 's/.*"code": "\(.*\)".*/\1/p' | tr '\n' ' ')"
}
# Evenly from 0 to 1, exact in any awk.
draw='function draw() { state = (state ? state : 1) * 16807 % 2147483647; return state / 2147483647 }
'
# day POINTS_A_DAY DAYS: a triangle from 100 to 200 every day, and noise up to 5
day() {
    awk -v n="$1" -v days="$2" "$draw"'BEGIN {
        for (i = 0; i < n * days; i++) {
            phase = i % n
            value = 100 + 200 * (phase < n / 2 ? phase : n - phase) / n
            print 1700006400 + i * (86400 / n) "," value + 5 * draw()
        }
    }'
}
day 144 20 | find_in 'a good one'
day 144 20 | head -350 | find_in 'too short for the usual window'
day 144 20 | head -20 | find_in 'much too short'
day 144 20 | awk -F, -v OFS=, 'NR > 700 { $2 = "" } { print }' | find_in 'no values where they are needed'
day 144 20 | awk -F, -v OFS=, '{ $2 = 7; print }' | find_in 'constant'
day 144 20 | awk -F, -v OFS=, '{ $2 = ""; print }' | find_in 'empty'
day 144 20 | awk -F, -v OFS=, "$draw"'{ $2 = draw(); print }' | find_in 'noise'
day 144 3 | find_in 'three days'
day 8640 4 | find_in 'ten seconds'
day 2880 4 | find_in 'half a minute'
day 144 20 | awk -F, -v OFS=, 'NR == 1000 { $2 = 1e6 } { print }' | find_in 'one burst'
day 144 20 | awk -F, -v OFS=, '{ print $0, NR == 1000 }
    NR == 1000 { print $1, 1e6, 1 }' | find_in 'one burst, labelled'
day 144 20 | awk -F, -v OFS=, 'NR > 1000 && NR < 1200 { $2 = 150 } { print }' | find_in 'stuck'
day 144 20 | awk 'NR % 7' | find_in 'every seventh lost'
day 144 20 | awk 'NR < 1000 || NR > 1200' | find_in 'a gap'
day 144 20 | awk -F, -v OFS=, '{ print; $2 += 1000; print }' | find_in 'two KPIs in one'
day 144 20 | awk -F, -v OFS=, "$draw"'{ $1 += int(181 * draw()) - 90; print }' | find_in 'jitter'
day 144 20 | awk -F, -v OFS=, '{ print $0, NR % 4 == 0 }' | find_in 'many labels'
day 144 20 | awk -F, -v OFS=, '{ $1 = 1700006400 + NR * 420; print }' | find_in 'seven minutes'
day 144 20 | find_in 'a wrong interval' --interval 5m
