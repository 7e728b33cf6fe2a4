# Rows of `donut score` -> for figure_detections.gp, in the folder `to` (made here):
#   values    day, least and greatest value of a column of the picture
#   alarms    day and value of points whose score is at least `threshold`
#   segments  the first and last day of a labelled segment
#   facts     the range of the days

BEGIN {
    system("mkdir -p '" to "'")
    columns = 1600
}

NR == 1 {
    for (i = 1; i <= NF; i++) column[$i] = i
    next
}

{
    n++
    t[n] = $column["timestamp"]
    y[n] = $column["value"]
    if ($column["score"] != "" && $column["score"] + 0 >= threshold + 0 && y[n] != "") alarm[n] = 1
    label[n] = $column["label"] == 1
}

function day(i) {
    return sprintf("%.5f", (t[i] - t[1]) / 86400)
}

END {
    printf "" >(to "/alarms")
    printf "" >(to "/segments")
    for (i = 1; i <= n; i++) {
        if (label[i] && !label[i - 1]) first = day(i)
        if (label[i] && !label[i + 1]) print first, day(i) >(to "/segments")
        if (i in alarm) print day(i), y[i] >(to "/alarms")
        if (y[i] == "") continue
        c = int(i * columns / n)
        if (c != before || i == n) {
            if (seen) print at, low, high >(to "/values")
            before = c
            at = day(i)
            low = high = y[i]
            seen = 1
        }
        if (y[i] + 0 < low + 0) low = y[i]
        if (y[i] + 0 > high + 0) high = y[i]
    }
    print "last = " day(n) >(to "/facts")
}
