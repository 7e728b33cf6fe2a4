# The window that is chosen where none is given, for a KPI that is as long as that takes and for
# shorter ones, alone and in a fleet; a warm start keeps the model's.
. "$CASES/kit"
quick='--latent 2 --hidden 8 --epochs 1 --samples 16'
say() {
    "$DONUT" "$@" 2>&1 | sed -n 's/best validation loss.*/.../p; /need at least/p; /trained/p' |
        sed 's/, [0-9.]* s$/, N s/'
}
window_of() {
    "$DONUT" info --format json "$1" | sed -n 's/.*"window": \([0-9]*\).*/\1/p'
}
# Every N-th row of a KPI of 10 minutes, from Monday on.
every() {
    awk -F, -v n="$1" 'NR == 1 || ($1 - 1736121600) % (600 * n) == 0' "$CASES/../../data/sample.csv"
}
every 1 >minutes.csv
every 3 >half.csv
every 6 >hourly.csv
# A year of days, of which every seventh is quiet.
awk 'BEGIN {
    print "timestamp,value"
    for (i = 0; i < 364; i++)
        print 1736121600 + 86400 * i "," (i % 7 == 6 ? 20 : 100) + i * 7919 % 11
}' >days.csv
for kpi in minutes half hourly days; do
    say train $quick -o model $kpi.csv
    window_of model
done
echo '== short'
for n in 320 319 200 40 33; do
    say train $quick --to $n -o short hourly.csv
done
say train $quick --to 200 --window 48 -o short hourly.csv
echo '== as info has it'
"$DONUT" info hourly.csv | grep -E 'enough|window '
"$DONUT" info --to 100 hourly.csv | sed -n '/enough/,/window/p; /look/,/^$/p'
"$DONUT" info --to 33 hourly.csv | sed -n '/enough/,/window/p; /look/,/^$/p'
echo '== warm'
say train --init model --epochs 1 --samples 16 -o warm days.csv
window_of warm
try train -q --init model --window 48 days.csv
echo '== fleet'
fleet() {
    echo timestamp,value,label,kpi
    for kpi in minutes hourly days; do
        sed 1d $kpi.csv | awk -F, -v kpi=$kpi '{ print $1 "," $2 ",0," kpi }'
    done
}
fleet >fleet.csv
windows() {
    "$DONUT" info --all --format json "$1" | grep -o '"key": "[a-z]*"\|"window": [0-9]*'
}
say train $quick --key kpi -o bundle fleet.csv
windows bundle
grep -v minutes fleet.csv | "$DONUT" train -q $quick --window 12 --key kpi -o bundle -
say train --init bundle --epochs 1 --samples 16 --key kpi -o next fleet.csv
