# Incidents in the history that nobody labelled are suspected to have raised the threshold of the
# score; labelled, they are not.
. "$CASES/kit"
kpi | awk -F, -v OFS=, 'NR > 280 && NR % 25 == 0 { $2 = $2 * NR; $3 = 1 } { print }' >labelled.csv
cut -d, -f1,2 labelled.csv >unlabelled.csv
sed '295,$s/,1$/,0/' labelled.csv >partly.csv
for file in labelled unlabelled partly; do
    echo "$file"
    "$DONUT" train $shape --epochs 40 --samples 64 --paper -o model $file.csv 2>&1 |
        grep -o 'seem to hold.*'
done
