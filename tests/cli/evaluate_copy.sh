# The best threshold can be copied: judged by it, the figures are the best ones, also where scores
# lie close to each other. The columns stay aligned.
awk 'BEGIN {
    print "score,label"
    for (i = 0; i < 60; i++)
        printf "%.9f,%d\n", 12.3456 + 1e-7 * (i * 37 % 60), (i * 37 % 60 > 40)
}' >scores.csv
"$DONUT" evaluate scores.csv >best
threshold=$(awk '$1 == "raw" { print $6; exit }' best)
"$DONUT" evaluate --threshold "$threshold" scores.csv >given
awk '$1 == "raw" && NF > 5 { print $2, $3, $4, $6 }' given
sed -n '3p; /  adj/,/raw/p' best | awk '{ print length }' | sort -u
