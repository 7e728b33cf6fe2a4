# The convolutional encoder, from training to a stream. No number that training computes is compared.
. "$CASES/kit"
kpi >kpi.csv
cnn="--encoder cnn --channels 3,5 --window 15 --latent 2 --hidden 8,6 --epochs 2 --samples 16"
"$DONUT" train -q $cnn -o model kpi.csv
# 13 positions of 3 channels, of 6 pairs 4 of 5, and so 2 pairs: 10 features. The parameters are
# 3 x 3 + 3 and 9 x 5 + 5, twice 10 x 2 + 2, 2 x 6 + 6 and 6 x 8 + 8, twice 8 x 15 + 15.
"$DONUT" info model | sed -n 's/.*\(format version\)/\1/p; /^  hidden\|^  encoder/p'
"$DONUT" info --format json model | sed -n '/"encoder"/p; /"channels"/,/]/p'

echo '-- the same bytes from any number of threads, and from a copy of the model'
for threads in 2 3 64; do
    "$DONUT" train -q $cnn --threads $threads -o again kpi.csv
    cmp model again
done
"$DONUT" score -q -m model kpi.csv >scores
"$DONUT" score -q -m - kpi.csv <model | cmp - scores
for threads in 2 3; do
    "$DONUT" score -q -m model --threads $threads kpi.csv | cmp - scores
done
awk -F , 'NR > 1 && $8 == "ok" && $3 == "" || $8 == "missing" && $3 != ""' scores
cut -d , -f 8 scores | sort | uniq -c

echo '-- rows that arrive one by one, and a range'
"$DONUT" score -q -m model - <kpi.csv >piped
cmp piped scores
"$DONUT" score -q -m model --from 60% kpi.csv | sed 1d >range
tail -n "$(wc -l <range)" scores | cmp - range

echo '-- another encoder is another model'
"$DONUT" train -q ${cnn#--encoder cnn} -o dense kpi.csv
"$DONUT" score -q -m dense kpi.csv | cmp -s - scores || echo 'other scores'
try train --encoder cnn --window 9 kpi.csv
try train --encoder cnn --channels 3 kpi.csv
try train --encoder cnn --channels 3,0 kpi.csv
try train --encoder cnn --channels 3,1025 kpi.csv

echo '-- a warm start'
still='--learning-rate 1e-300 --epochs 1 --samples 16'
"$DONUT" train -q --init model $still -o still kpi.csv
"$DONUT" score -q -m still kpi.csv | cmp - scores
try train --init model --encoder dense kpi.csv
try train --init model --channels 3,6 kpi.csv
try train --init dense --encoder cnn kpi.csv

echo '-- a fleet of two'
awk -F , 'NR == 1 { print $0 ",host"; next } { print $0 ",a"; print $1 "," $2 * $2 "," $3 ",b" }' \
    kpi.csv >fleet.csv
"$DONUT" train -q --key host $cnn -o fleet fleet.csv
"$DONUT" score -q --key host -m fleet fleet.csv >fleet_scores
awk -F , 'NR > 1 && /,a$/' fleet_scores | sed 's/,a$//' >a
sed 1d scores | cmp - a
