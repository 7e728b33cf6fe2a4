for command in '' train score info encode decode impute evaluate completion help; do
    "$DONUT" $command --help || exit
    "$DONUT" $command --help >long
    "$DONUT" $command -h | cmp - long
    "$DONUT" help $command | cmp - long
done
# The help shows the defaults, whatever stands before it.
"$DONUT" train --window 7 x.csv --help | grep -e --window
"$DONUT" --version | sed "s/^kernels: .*(used).*/kernels: .../"
