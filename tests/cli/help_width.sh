for command in '' train score info encode decode impute evaluate completion help; do
    "$DONUT" $command --help
done | awk 'length > 79 { print "too wide: " $0 }'
