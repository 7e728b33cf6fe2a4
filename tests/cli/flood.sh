# Far more anomalous points than the risk allows: it is said, once a file. By the score first, as
# surprises take a change for normal after a window.
. "$CASES/kit"
kpi >kpi.csv
"$DONUT" train $shape --epochs 40 --samples 16 -q -o model kpi.csv
awk -F, -v OFS=, 'NR > 1 && $2 != "" { $2 *= 1024 } 1' kpi.csv >bytes.csv
by='--verdict-by score'
says() {
    "$DONUT" score -m model $by "$@" 2>&1 >out | grep '^donut:'
}
says bytes.csv
echo 'in a stream, at once and at the end:'
while read -r row; do echo "$row"; done <bytes.csv | says --follow | sed 's/: [0-9]* of [0-9]* points/: N of N points/'
echo 'another risk:'
says --risk 1e-3 bytes.csv
says --events bytes.csv | grep -c .
echo 'nothing is said:'
says --from 100 --to 119 bytes.csv # 19 points
says -q bytes.csv
by= says --threshold 10 bytes.csv
says --last --for 2 bytes.csv
says kpi.csv
# Of a fleet the first three are named.
awk -F, -v OFS=, 'NR == 1 { print $0, "host" } NR > 1 { for (k = 1; k < 6; k++) print $0, "web" k }
    ' kpi.csv >fleet.csv
"$DONUT" train --key host $shape --epochs 40 --samples 16 -q -o model fleet.csv
for k in 5 4 1; do
    awk -F, -v OFS=, -v k=$k 'NR > 1 && $2 != "" && $4 > "web" k { $2 *= 1024 } 1' fleet.csv >mixed.csv
    says mixed.csv
done
says --follow mixed.csv | sed 's/: [0-9]* of [0-9]* points/: N of N points/'
echo 'by surprise, as long as it is strange:'
by=
"$DONUT" train --window 60 --latent 2 --hidden 8 --samples 16 -q -o model kpi.csv
says bytes.csv | sed 's/[0-9][0-9]* of 340/N of 340/; s/and [0-9][0-9]* f/and N f/'
says kpi.csv
echo 'a change that has lasted is taken for normal, and that is said, too:'
window='--window 12 --latent 2 --hidden 8 --samples 16'
"$DONUT" train $window -q -o model kpi.csv
says bytes.csv | sed 's/[0-9][0-9]* of/N of/'
says --from 200 bytes.csv
says --last bytes.csv
says -q bytes.csv
says kpi.csv
true
