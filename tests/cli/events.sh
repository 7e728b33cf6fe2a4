# One line for each anomalous episode.
. "$CASES/kit"
kpi >kpi.csv
"$DONUT" train $tiny -q -o model kpi.csv
all() {
    "$DONUT" score -q -m model --threshold -1000 --min-delta 80 "$@" kpi.csv
}
# Made of the rows: start, end, points, and the time and score of the peak.
all | awk -F, 'NR > 1 && $8 != "missing" {
    if ($4) { if (!n++) { start = $1; peak = -1e9 } end = $1
              if ($3 + 0 > peak) { peak = $3 + 0; at = $1 "," $3 "," $2 "," $5 "," $6 "," $7 } }
    else if (n) { print start "," end "," n "," at; n = 0 } }' >want
all --events | awk -F, -v OFS=, 'NR > 1 { NF = 9; print }' | cmp - want && echo same
# A stream also says when an alarm is raised.
all --events --follow >stream
awk -F, -v OFS=, 'NR > 1 && $11 == "ended" { NF = 9; print }' stream | cmp - want && echo 'in a stream'
awk -F, 'NR > 1 { print $1 "," $2 "," $3 "," $10 "," $11 }' stream
all --events | awk -F, 'NR == 1; NR > 1 { print $1 "," $2 "," $3 "," $10 "," $11 }'
all --events --to 333 | awk -F, 'NR > 1 { print $1 "," $2 "," $3 "," $10 "," $11 }'
all --events --format jsonl | tail -3 | sed 's/,"peak_score.*"direction"/,...,"direction"/'
try score -m model --events --format influx kpi.csv
try score -m model --events --last kpi.csv
