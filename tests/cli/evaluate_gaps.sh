# A missing or warm-up point ends a segment, whether it has a row or not; --join-gaps goes on across.
figures() {
    "$DONUT" evaluate "$@" | sed -n '1,2p; /^The/,/raw/p; /^segment/p; /^Segments/,$p'
}

echo '# an alarm before three missing points finds one segment of two'
cat >gap.csv <<'END'
timestamp,score,anomaly,status,label
0,2,1,ok,1
60,,0,missing,0
120,,0,missing,0
180,,0,missing,0
240,1,0,ok,1
300,1,0,ok,1
360,1,0,ok,1
420,0,0,ok,0
END
figures gap.csv
figures --join-gaps gap.csv

echo '# likewise without those rows, and by the order of rows where there are no times'
grep -v missing gap.csv | "$DONUT" evaluate | sed '1,2d' >absent
"$DONUT" evaluate gap.csv | sed '1,3d' | diff - absent
cut -d, -f2- gap.csv | "$DONUT" evaluate --format json | grep -E '"(segments|start)"'

echo '# a labelled missing point is in no segment'
sed 's/missing,0/missing,1/' gap.csv | "$DONUT" evaluate --format json | head -4

echo '# the delay is counted from the first point that is judged, on the grid'
cat >warmup.csv <<'END'
timestamp,score,anomaly,status,label
2024-01-31T00:00:00Z,9,1,warmup,1
2024-01-31T00:05:00Z,9,1,warmup,1
2024-01-31T00:10:00Z,1,0,ok,1
2024-01-31T00:15:00Z,1,0,ok,1
2024-01-31T00:20:00Z,2,1,ok,1
2024-01-31T00:25:00Z,1,0,ok,0
2024-01-31T00:30:00Z,,0,missing,0
2024-01-31T00:35:00Z,1,0,warmup,0
2024-01-31T00:40:00Z,2,0,ok,1
2024-01-31T01:00:00Z,2,1,ok,1
END
figures --delay 2 warmup.csv
figures --delay 2 --join-gaps warmup.csv

echo '# a fleet'
awk -F, 'NR == 1 { print $0 ",key"; next } { print $0 ",a"; print $0 ",b" }' gap.csv >fleet.csv
"$DONUT" evaluate --key key fleet.csv | sed -n '1,2p; /^All/,/^$/p; /^segment/p'
"$DONUT" evaluate --key key --join-gaps fleet.csv | sed -n '1,2p; /^All/,/^$/p; /^segment/p'
"$DONUT" evaluate --key key --join-gaps --format json fleet.csv | grep -c '"join_gaps": true'
