# Rows of scores, file=2, with the verdict of other thresholds: key and threshold in file=1, or
# -v threshold for all. A KPI without a threshold has no alarm.

BEGIN { FS = OFS = "," }

file == 1 {
    split($0, part, " ")
    limit[part[1]] = part[2]
    next
}

FNR == 1 {
    for (i = 1; i <= NF; i++) column[$i] = i
    print
    next
}

{
    key = $(column["kpi"])
    above = threshold == "" ? limit[key] : threshold
    score = $(column["score"])
    $(column["anomaly"]) = above != "" && score != "" && score + 0 > above + 0 ? 1 : 0
    print
}
