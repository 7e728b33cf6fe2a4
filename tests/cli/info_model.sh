# A model with verdicts by the score as text and as JSON. What training computes differs by rounding from machine to machine: it
# is compared with what train says, and left out.
. "$CASES/kit"
kpi >kpi.csv
said=$("$DONUT" train --window 12 --latent 2 --hidden 8,6 --epochs 3 --samples 16 --risk 0.0005 --verdict-by score \
    --seed 18446744073709551615 --missing-fill mean --clip-by global --to 90% -o model kpi.csv 2>&1)
size=$(wc -c <model)
"$DONUT" info model >text
"$DONUT" info --format json model >json
sed "s/ $size bytes/ SIZE bytes/
    s/loss  \( *\)-\{0,1\}[0-9][0-9.e+]*/loss  \1X/
    /about\|threshold  /s/  */ /g; s/^\( [0-9][0-9.e-]*\) [^ ]* about/\1 X about/
    s/scores, peaks .*/scores, peaks X/; s/shape, scale .*/shape, scale X/
    s/^  best parameters .*/  best parameters X/" text
sed "s/\"bytes\": $size/\"bytes\": SIZE/
    s/\"\(threshold\|validation_loss\|training_loss\|best_epoch\|best_step\|begin\|shape\|scale\)\": [^,]*/\"\1\": X/
    s/\"\(scores\|peaks\)\": [^,]*/\"\1\": X/" json
threshold=$(echo "$said" | sed -n 's/.*threshold \([^,]*\),.*/\1/p')
loss=$(echo "$said" | sed -n 's/.*loss \([^ ]*\) .*/\1/p')
grep -q "0.0005  *$threshold .*<-" text && echo 'the threshold that train said'
awk -v loss="$loss" '$1 == "validation" && $2 == "loss" && ($3 - loss) ^ 2 < 1e-4 {
    print "the loss that train said" }' text
# A smaller risk, a higher threshold.
sed -n 's/.*"threshold": \([^,]*\),*/\1/p' json | sed 1d |
    awk 'NR > 1 && !($1 >= last) && $1 != "null" && last != "null" { print "wrong order" } { last = $1 }'
# As score has it for the risk.
"$DONUT" score -m model --risk 1e-5 kpi.csv -o scores 2>&1 | sed -n 's/.*threshold //p' >wanted
grep -q "^ *1e-05  *$(cat wanted) " text && echo 'the threshold that score takes'
"$DONUT" info - <model | sed 1d >piped
sed 1d text | cmp - piped && echo 'the same from a pipe'
