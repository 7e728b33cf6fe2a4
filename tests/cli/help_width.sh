for command in '' train score evaluate; do
    "$DONUT" $command --help
done | awk 'length > 79 { print "too wide: " $0 }'
