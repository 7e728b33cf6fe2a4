# What is mended is counted in one line, and only that.
. "$CASES/kit"
said() {
    "$DONUT" train $tiny -o model - 2>&1 | sed 1q
}
kpi | said
kpi | sed '/,,/d; s/,.$//; 1d' | said
kpi | sed 's/,label$//; s/,[01]$//' | awk 'NR == 100 { held = $0; next } { print }
    NR == 101 { print held } NR == 200 { print }' | said
kpi | awk -F , 'NR % 100 == 0 { $1 += 7 } { print $1 "," $2 }' | said
kpi | awk -F , 'NR > 1 { $1 = $1 "000" } { print $1 "," $2 }' | said
kpi | awk -F , '{ print $1 "," $2 }' | sed '2s/^/2023-11-14T22:20:00+02:00,5\n/' | said
awk 'BEGIN { for (i = 0; i < 90; i++)
    printf "2024-02-%02d %02d:00,%d\n", 27 + int(i / 24), i % 24, i * i % 17 }' |
    sed 's/02-30/03-01/' | said
