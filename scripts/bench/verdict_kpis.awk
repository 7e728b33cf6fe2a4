# kpi,half,interval,points,season of every KPI of what `donut info --key` says of a whole fleet, and
# then of its first half, where the season is from; 0 for none. The halves are A, the first, third
# ... of the names in order, and B. With verdict_json.awk; -v keys: the file of the names in order.

BEGIN {
    while ((getline line <keys) > 0) half[line] = rank++ % 2 ? "B" : "A"
}

/^      "key": / {
    key = string($0, "key")
    if (file == 1) order[++n] = key
}

file == 1 && /^      "points": / { points[key] = number($0, "", "points") }
file == 1 && /^      "interval_seconds": / { interval[key] = number($0, "", "interval_seconds") }

/^      "/ { in_season = /"season": \{/ }

file == 2 && in_season && /^        "points": / { season[key] = number($0, "", "points") }

END {
    for (i = 1; i <= n; i++)
        print order[i] "," half[order[i]] "," interval[order[i]] "," points[order[i]] "," \
            season[order[i]] + 0
}
