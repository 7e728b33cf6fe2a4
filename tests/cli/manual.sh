# The manual page, as the build makes it, names all that there is.
sh "$CASES/../../scripts/make_manual" "$DONUT" >page || exit
grep -e @OPTIONS page
# Every option with its range, as the program itself names it,
tr -d '\\' <page >manual
awk '/^\.(It|El|Ss|Sh)/ { print "" } { printf "%s ", $0 }' manual |
    sed 's/ \.[A-Z][a-z] / /g' >paragraphs
# say WORDS: what is missing
say() {
    echo "not in the manual page: $*"
}
# in_manual BEFORE AFTER: each line on standard input stands there between these two patterns
in_manual() {
    awk -v before="$1" -v after="$2" '
        NR == FNR { line[n++] = $0; next }
        {
            for (i = 0; i < n; i++)
                if (line[i] ~ before $0 after) next
            print "not in the manual page: " $0
        }' manual -
}
for command in train score info encode decode impute evaluate; do
    "$DONUT" $command --help |
        sed -n 's/^  .*  *--\([a-z0-9-]*\).*/\1/p; s/^  -., --\([a-z]*\).*/\1/p' | sort -u >options
    [ "$(wc -l <options)" -gt 4 ] || echo "$command: no options"
    in_manual '[ ,]-' '( |$)' <options
    while read -r option; do
        "$DONUT" $command "--$option=?" -m x x 2>&1
    done <options | sed -n 's/, like.*, not/, not/
        s/.*--\([a-z0-9-]*\) must be .*\(from\|above\|of at least\) \(.*\), not .*/\1 \2 \3/p' >ranges
    awk '
        NR == FNR { paragraph[n++] = $0; next }
        {
            range = substr($0, length($1) + 2)
            for (i = 0; i < n; i++)
                if (index(paragraph[i], "-" $1 " ") && index(paragraph[i], range)) next
            print "not in the manual page: --" $0
        }' paragraphs ranges
    cat ranges >>all_ranges
done
[ "$(wc -l <all_ranges)" -gt 30 ] || echo "only $(wc -l <all_ranges) ranges"
# ... every command, with its synopsis,
"$DONUT" --help | sed -n '/^Commands/,/^$/s/^  \([a-z]*\) .*/\1/p' | while read -r command; do
    grep -q -x -e "\.It Cm $command" manual || say "$command"
    grep -q -x -e "\.Cm $command" manual || say "the synopsis of $command"
done
# ... every key of the JSON,
. "$CASES/kit"
kpi | awk -F, -v OFS=, 'NR == 1 { print $0, "key" } NR > 1 { print $0, "a" }' >fleet.csv
kpi >kpi.csv
"$DONUT" train $tiny -q --key key -o bundle fleet.csv
"$DONUT" train $tiny -q -o model kpi.csv
{
    "$DONUT" evaluate --format json --threshold 1 <"$CASES/scores.csv"
    "$DONUT" score -q -m bundle fleet.csv | "$DONUT" evaluate --format json --key key --threshold 1
    "$DONUT" info --format json model
    "$DONUT" info --format json bundle
    "$DONUT" info --format json --to 300 kpi.csv # of which something is to be said
    "$DONUT" info --format json --key key fleet.csv
} | grep -o '"[a-z_0-9]*":' | tr -d '":' | sort -u >keys
wc -l <keys | tr -d ' '
in_manual '^[.](It )?Cm.* ' '( |$)' <keys
# ... everything that scores are called, in any format,
for format in csv jsonl influx; do
    "$DONUT" score -q -m bundle --format $format fleet.csv | tr -s ',: "{}=' '\n' |
        grep -x '[a-z_]*'
done | sort -u >names
"$DONUT" score -q -m bundle --events fleet.csv | head -1 | tr ',' '\n' >>names
"$DONUT" score -q -m bundle --format prometheus fleet.csv | sed -n 's/^# TYPE \([^ ]*\).*/\1/p' >>names
sort -u names | grep -v -x -e donut -e a | in_manual '[, ]' '( |,|$)'
wc -l <names | tr -d ' '
# ... and every exit status.
for status in 0 1 2 3 4; do
    sed -n '/^\.Sh EXIT/,/^\.El/p' manual | grep -q -x -e "\.It $status" || say "status $status"
done
