# What a model makes of z: W points for each row.
. "$CASES/kit"
kpi >kpi.csv
"$DONUT" train $tiny -q -o model kpi.csv
"$DONUT" encode -q -m model --from 300 --every 2 kpi.csv >z
"$DONUT" decode -m model <z >x
sed 1q x
awk -F, 'NR > 1 { print $2 }' x | sort -n | uniq -c | awk '{ print $1, $2 }'
awk -F, 'NR > 1 && ($1 != 1 + int((NR - 2) / 12) || !($4 > 0))' x
# The same of nothing but z, in another order, and of one row alone.
awk -F, -v OFS=, 'BEGIN { print "Z_2", "x", "z_1" } NR > 1 { print $9, "\"a, b\"", $8 }' z >other
"$DONUT" decode -m model -o file other
cmp file x
awk 'NR == 1 || NR == 9' other | "$DONUT" decode -m model - | sed 's/^1,/8,/' >one
awk -F, 'NR == 1 || $1 == 8' x | cmp - one
# It is in the KPI's units: a model of 128 times the values says 128 times as much.
awk -F, -v OFS=, 'NR > 1 && $2 != "" { $2 *= 128 } 1' kpi.csv >large.csv
"$DONUT" train $tiny -q -o large large.csv
"$DONUT" decode -m large z | awk -F, '
    function far(a, b) { return a - b > 1e-4 * (1 + b * b) || b - a > 1e-4 * (1 + b * b) }
    NR == FNR { mean[NR] = $3; sd[NR] = $4; next }
    FNR > 1 { n += far(mean[FNR] / 128, $3) || far(sd[FNR] / 128, $4) }
    END { print n + 0, "differ" }' - x
# Files that cannot be decoded.
bad() {
    printf "$1" >bad.csv
    try decode -m model bad.csv
}
bad ''
bad 'z_1\n1\n'
bad '1,2\n3,4\n'
bad 'z_1,z_2\n'
bad 'z_1,z_2,z_1\n1,2,3\n'
bad 'z_1,z_2,z_3\n1,2,3\n'
bad 'z_1,z_2\n1,2\n1,\n'
bad 'z_1,z_2\n1,2\n\n1,two\n'
bad 'z_1,z_2\n1,inf\n'
bad 'z_1,z_2\n1\n'
bad 'z_1,z_2\n1,2,3\n'
bad 'z_1,z_2\n1,2\n1,1e39\n'
bad 'z_1,z_2\n1,"2\n'
try decode -m model model
try decode -m kpi.csv z
try decode -m model -o out bad.csv
ls
