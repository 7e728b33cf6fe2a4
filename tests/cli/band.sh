# No alarm lies inside the band, in any format; with verdicts by the score the band is 3 sigma.
# A KPI with incidents, steps and gaps.
awk 'BEGIN {
    print "timestamp,value"
    for (i = 0; i < 3200; i++) {
        noise = (i * 7919 % 101 + i * 104729 % 97 + i * 31 % 89 - 143) / 20
        value = 100 + 40 * sin(2 * 3.14159265 * i / 144) + noise
        if (i > 2000 && i % 97 < 5) value += (i % 2 ? 1 : -1) * (i % 13) * 6
        if (i > 2600 && i < 2800) value += 45
        if (i > 2900) value += (i % 29 == 0) * (i % 11) * 8
        if (i % 211 < 3) value = ""
        print 1700000400 + 600 * i "," value
    }
}' >kpi.csv
"$DONUT" train -q --window 48 --latent 3 --hidden 20 --to 2000 --samples 32 -o model kpi.csv
check() {
    awk -F, -v by="$by" 'NR > 1 && $8 == "ok" {
        n += $4; points++
        if ($4 && $2 >= $6 && $2 <= $7) print "an alarm inside: " $0
        if ($5 < $6 || $5 > $7) print "expected outside: " $0
        out += !$4 && ($2 < $6 || $2 > $7)
    }
    END { print by, (n > 5 ? "some" : n), "alarms,", (out < points / 50 ? "few" : out), "others outside" }'
}
for by in both shape; do
    for risk in 1e-2 1e-4; do
        "$DONUT" score -q -m model --from 2000 --verdict-by $by --risk $risk kpi.csv >$by-$risk.csv
        check <$by-$risk.csv
    done
done
# The band of step alone is about the jump, and holds what is expected only by chance.
"$DONUT" score -q -m model --from 2000 --verdict-by step --risk 1e-2 kpi.csv |
    awk -F, 'NR > 1 && $4 && $2 >= $6 && $2 <= $7 { print "an alarm inside: " $0 }
        $4 == 1 { n++ } END { print "step", (n > 5 ? "some" : n), "alarms" }'
by=stream
"$DONUT" score -q -m model --risk 1e-2 --follow kpi.csv | sed '2,2001d' >streamed
cmp streamed both-1e-2.csv && check <streamed
"$DONUT" score -q -m model --from 2000 --risk 1e-2 --format jsonl kpi.csv | awk -F'[:,]' '
    { for (i = 1; i < NF; i += 2) { gsub(/[{}"]/, "", $i); field[$i] = $(i + 1) } }
    field["anomaly"] == 1 && field["value"] >= field["lower"] + 0 && field["value"] <= field["upper"] + 0
    field["anomaly"] == 1 { n++ }
    END { print "jsonl", (n > 5 ? "some" : n), "alarms" }'
"$DONUT" score -q -m model --from 2000 --risk 1e-2 --format influx kpi.csv | sed 's/^[^ ]* //; s/ [0-9]*$//' |
    awk -F, '{
        split("", field)
        for (i = 1; i <= NF; i++) { split($i, part, "="); field[part[1]] = part[2] }
    }
    field["anomaly"] == "1i" && field["y"] >= field["yhat_lower"] + 0 && field["y"] <= field["yhat_upper"] + 0
    field["anomaly"] == "1i" { n++ }
    END { print "influx", (n > 5 ? "some" : n), "alarms" }'
# Of the newest point, at an incident.
"$DONUT" score -q -m model --to 2722 --risk 1e-2 --format prometheus kpi.csv | awk '
    !/^#/ { sub(/[{].*[}]/, "", $1); field[$1] = $2 }
    END {
        inside = field["y"] >= field["yhat_lower"] && field["y"] <= field["yhat_upper"]
        print "prometheus", (field["donut_anomaly"] && inside ? "an alarm inside" : "sound")
    }'
# 3 sigma: the band is as wide on either side, and says nothing of the verdict.
"$DONUT" score -q -m model --from 2000 --verdict-by score kpi.csv | awk -F, 'NR > 1 {
    d = ($7 - $5) - ($5 - $6)
    if (d > 0.01 || d < -0.01) print "not around what is expected: " $0
    n += $4
}
END { print "score", (n > 5 ? "some" : n), "alarms" }'
