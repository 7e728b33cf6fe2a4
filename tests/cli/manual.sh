# The manual page names every option, column and key that there is.
tr -d '\\' <"$CASES/../../src/cli/donut.1" >manual
for command in train score evaluate; do
    "$DONUT" $command --help |
        sed -n 's/^  .*  *--\([a-z0-9-]*\).*/\1/p; s/^  *-., --\([a-z]*\).*/\1/p'
done | sort -u >options
wc -l <options | tr -d ' '
while read -r option; do
    grep -q -e "[ ,]-$option\( \|\$\)" manual || echo "not in the manual page: --$option"
done <options
# ... with its range, as the program itself names it,
awk '/^\.(It|El|Ss|Sh)/ { print "" } { printf "%s ", $0 }' manual |
    sed 's/ \.[A-Z][a-z] / /g' >paragraphs
for command in train score evaluate; do
    while read -r option; do
        "$DONUT" $command --$option=? -m x x 2>&1
    done <options
done | sed -n 's/, like.*, not/, not/
    s/.*--\([a-z0-9-]*\) must be .*\(from\|above\|of at least\) \(.*\), not .*/\1 \2 \3/p' |
    sort -u >ranges
wc -l <ranges | tr -d ' '
while read -r option range; do
    grep -e "-$option " paragraphs | grep -q -F -e "$range" ||
        echo "not in the manual page: --$option $range"
done <ranges
# ... and every key of the JSON.
"$DONUT" evaluate --format json --threshold 1 <"$CASES/scores.csv" | grep -o '"[a-z_]*":' |
    tr -d '":' | sort -u >keys
wc -l <keys | tr -d ' '
while read -r key; do
    grep -q -e "^\.\(It \)\?Cm.* $key\( \|\$\)" manual || echo "not in the manual page: $key"
done <keys
