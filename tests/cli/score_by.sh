# What a score is: a row of each kind, the threshold that goes with it, and what is refused.
. "$CASES/kit"
kpi >kpi.csv
for kind in reconstruction likelihood elbo prior; do
    "$DONUT" train -q $tiny --kernel plain --verdict-by score --score-by $kind -o $kind kpi.csv
done

echo '-- rows 100 and, labelled, 331; by the prior the band is the same'
for kind in reconstruction likelihood elbo prior; do
    "$DONUT" score -q --kernel plain -m $kind kpi.csv >$kind.csv
    awk -F, -v kind=$kind 'NR == 102 || NR == 333 {
        printf "%s %s %s %.2f %s %.1f %.1f %.1f %s\n", kind, $1, $2, $3, $4, $5, $6, $7, $8
    }' $kind.csv
done
cut -d, -f5-7 prior.csv | sort -u | wc -l | tr -d ' '

echo '-- the kind is the model'\''s, or asked for; streams, threads and calls do not matter'
for kind in likelihood elbo prior; do
    for options in "-m $kind --follow" "-m $kind --threads 3 --score-by $kind" \
        "-m reconstruction --score-by $kind --threshold 1" \
        "-m reconstruction --score-by $kind --threshold 1 --follow"; do
        "$DONUT" score -q --kernel plain $options <kpi.csv | cut -d, -f1-3,5-8,11- >got
        cut -d, -f1-3,5-8,11- $kind.csv | cmp - got && echo "$options: the same"
    done
done

echo '-- a threshold is for its own kind'
try score -m reconstruction --score-by prior -o rows kpi.csv
try score -m prior --score-by elbo --risk 1e-3 --follow kpi.csv
try score -m likelihood --score-by nothing kpi.csv
ls rows 2>/dev/null

echo '-- by default only scores by reconstruction have channels'
"$DONUT" train -q $tiny --score-by prior -o by kpi.csv && "$DONUT" info by | grep '^  verdict-by'

echo '-- a fleet'
awk -F , '{ print $0 (NR == 1 ? ",key" : $1 % 1200 ? ",a" : ",b") }' kpi.csv >fleet.csv
"$DONUT" train -q $tiny --kernel plain --key key --score-by prior -o bundle fleet.csv
"$DONUT" score -q --kernel plain -m bundle fleet.csv | sort >batch
"$DONUT" score -q --kernel plain -m bundle --follow fleet.csv | sort | cmp - batch &&
    "$DONUT" score -q --kernel plain -m bundle --score-by prior fleet.csv | sort | cmp - batch &&
    echo 'the same'
cut -d, -f5-7,12 batch | sort -u | wc -l | tr -d ' '
try score -m bundle --score-by likelihood fleet.csv
try score -m bundle --score-by likelihood --follow fleet.csv
"$DONUT" score -q --kernel plain -m bundle --score-by likelihood --threshold 2 fleet.csv | wc -l |
    tr -d ' '
