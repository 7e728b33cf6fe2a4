# A bundle: its table, each model checked, damage named. Losses and thresholds differ by rounding from
# machine to machine and are left out.
. "$CASES/kit"
fleet() {
    awk -v n="$1" 'BEGIN {
        print "timestamp,value,KPI ID"
        for (i = 0; i < 400; i++) {
            print 1700000400 + 600 * i "," i % 24 + i % 7 / 10 ",\"a \"\"b\"\",\n\033[31m\""
            for (k = 2; k <= n; k++)
                print 1700000400 + 300 * i "," i % 12 + k + i % 7 / 10 ",kpi " k
        }
    }'
}
plain() {
    sed 's/\( 400\)  *-\{0,1\}[0-9.e+]*  *surprise/\1 X surprise/; s/loss  *alarms/loss alarms/
        s/  *[0-9]* in / N in /; s/alarms above  *alarms/alarms above alarms/
        s/"\(alarms\|validation_loss\|threshold\)": [^,]*/"\1": X/; s/^\(  file  *\)[0-9][0-9]*/\1SIZE/
        s/"bytes": [0-9]*/"bytes": SIZE/'
}
fleet 2 >fleet.csv
"$DONUT" train $tiny -q --key 'KPI ID' -o bundle fleet.csv
"$DONUT" info bundle | plain
"$DONUT" info --format json bundle | plain
"$DONUT" info - <bundle >redirected
head -c 1000000 bundle | "$DONUT" info - | cmp - redirected && echo 'the same from a pipe'
"$DONUT" info bundle | sed 1d >named
sed 1d redirected | cmp - named && echo 'and from a file'

size=$(wc -c <bundle)
# damage SHARE FROM TO: two bytes changed so far into the file
damage() {
    at=$((size * $1 / 100))
    (head -c $at "$2"; printf '\125\252'; tail -c +$((at + 3)) "$2") >"$3"
}
damage 25 bundle one
try info one | plain
"$DONUT" info --format json one 2>/dev/null | grep '"key"\|"sound"\|"damaged"'
damage 75 one both
try info both | plain
head -c $((size - 1)) bundle >shorter
try info shorter | sed "s/$size/SIZE/; s/$((size - 1))/SIZE - 1/"

fleet 23 >fleet.csv
"$DONUT" train $tiny -q --key 3 -o many fleet.csv
"$DONUT" info many | plain | tail -3
"$DONUT" info --all many | plain | tail -3
