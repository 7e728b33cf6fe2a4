# What --paper means, spelled out; and what is given beside it counts, wherever it stands.
. "$CASES/kit"
kpi >kpi.csv
same() {
    "$DONUT" train -q $tiny "$@" -o other kpi.csv && cmp model other
}
"$DONUT" train -q $tiny --paper -o model kpi.csv
same --verdict-by score --batch-size 256 --learning-rate 1e-3 --schedule step --decay 0.75 --decay-epochs 10 \
    --scale moments --likelihood-df 0 --no-hide-last --validation 0.3 --validate-every 100 \
    --validation-windows 0 --validation-trim 0 --injection 0.01 --missing-fill zero --l2 1e-3
"$DONUT" info model | grep -e window -e epochs -e learning-rate | sed 1d

echo '-- window and epochs'
seq 0 899 | awk '{ print 60 * $1 "," $1 % 24 }' >long.csv
"$DONUT" train -q --paper --batch-size 9999 --hidden 4 --latent 1 --samples 16 -o long long.csv
"$DONUT" info long | grep -e '^  window  *[0-9]*$' -e epochs | sed 's/epoch [0-9]* //; s/,.*//'

echo '-- before and after'
"$DONUT" train -q --schedule cosine --hide-last --likelihood-df 3 $tiny --paper -o model kpi.csv
same --paper --schedule cosine --hide-last --likelihood-df 3
same --hide-last --likelihood-df 3 --paper --schedule cosine
"$DONUT" info model | sed -n 's/^  //; /learning-rate/p; /hide-last/p; /likelihood-df/p; /^epochs/p'

echo '-- a model to begin with has the shape, the paper the rest'
"$DONUT" train -q --paper --init model --epochs 1 --samples 16 -o next kpi.csv
"$DONUT" info next | sed -n 's/^  //; /learning-rate/p; /hide-last/p; /likelihood-df/p; /^hidden/p'
"$DONUT" train -q --paper --no-hide-last --init model --epochs 1 --samples 16 -o next kpi.csv
"$DONUT" info next | grep -c hide-last

echo '-- misuse'
try train --hide-last --no-hide-last kpi.csv
try train --hide-last --encoder cnn kpi.csv
try train --hide-last --window 1 kpi.csv
try train --paper --paper kpi.csv
try train --paper=yes kpi.csv
