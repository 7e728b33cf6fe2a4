for command in '' train score evaluate; do
    "$DONUT" $command --help
done | awk 'length > 80 { print "too wide: " $0 }'
