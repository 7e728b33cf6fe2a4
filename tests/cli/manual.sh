# The manual page names every option, column and key that there is.
tr -d '\\' <"$CASES/../../src/cli/donut.1" >manual
for command in train score evaluate; do
    "$DONUT" $command --help | sed -n 's/^  .*  *--\([a-z0-9-]*\).*/\1/p; s/^  *-., --\([a-z]*\).*/\1/p'
done | sort -u >options
wc -l <options | tr -d ' '
while read -r option; do
    grep -q -e "[ ,]-$option\( \|\$\)" manual || echo "not in the manual page: --$option"
done <options
