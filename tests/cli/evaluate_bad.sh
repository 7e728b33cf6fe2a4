. "$CASES/kit"
bad() {
    "$DONUT" evaluate
    echo "exit status $?" >&2
}
bad </dev/null
cut -d , -f 1-8 "$CASES/scores.csv" | bad
cut -d , -f 1,2,9 "$CASES/scores.csv" | bad
sed '4s/2.5/high/' "$CASES/scores.csv" | bad
sed '4s/0$/maybe/' "$CASES/scores.csv" | bad
sed 1q "$CASES/scores.csv" | bad
sed 's/,ok,/,warmup,/' "$CASES/scores.csv" | bad
