# The examples of the manual page, one after the other, but for what needs a server or never ends.
sh "$CASES/../../scripts/make_manual" "$DONUT" | tr -d '\\' |
    awk '/^\.Sh/ { inside = $2 == "EXAMPLES" }
         /^\.Ed/ { block = 0 }
         inside && block { print > "example" n }
         inside && /^\.Bd/ { block = 1; n++ }'
head -3000 "$CASES/../../data/sample.csv" >kpi.csv
gzip -k kpi.csv
awk -F, 'NR == 1 { print $0 ",KPI ID" } NR > 1 { print $0 ",web, 1"; print $1 "," 9 - $2 ",0,b" }' \
    kpi.csv | sed 's/,\(web, 1\)$/,"\1"/' >fleet.csv
donut() {
    "$DONUT" "$@" 2>>said
}
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13; do
    [ -e example$i ] || continue
    ! grep -q -e curl -e 'tail ' -e '<(' example$i || continue
    # There is no stream to be told of the new model.
    sed 's/&& kill .*//; s/^     *//; s/ e$/ \\/' example$i >run
    head -1 run
    . ./run >out || echo "status $?"
done
ls
grep -c . scores.csv
grep -c 'anomaly_score{kpi="web, 1",team="web"}' fleet.prom
