# What a file is called cannot steer the terminal; names in UTF-8 stay as they are.
. "$CASES/kit"
steering=$(printf 'a\033]0;b\007c\r\177.csv')
invalid=$(printf 'x\233\302\205\355\240\200\300\200y.csv') # C1 controls, a surrogate, an overlong 0
utf8=$(printf 'gr\303\274\303\237e\342\202\254\360\237\215\251.csv')
for name in "$steering" "$invalid" "$utf8"; do
    try train "$name"
    kpi >"$name"
    "$DONUT" train $tiny -o model "$name" 2>&1 | sed 1q
    "$DONUT" train $tiny -o "$name" "$name" 2>&1 | sed 1q
    "$DONUT" train $tiny -q -o model "$name"
    "$DONUT" score -m model -o "$name.out" "$name" 2>&1 | sed 's/; [0-9]* anomal.*/; .../'
    "$DONUT" evaluate "$name.out" | sed 1q
    "$DONUT" evaluate -q --delay 2 "$name.out" "$name" 2>&1 | sed 1q
done | sed 's/^\$.*/$/'
