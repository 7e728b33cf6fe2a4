# Key, label and score of the rows of donut score that have a score.
BEGIN { FS = "," }
FNR == 1 {
    for (i = 1; i <= NF; i++) column[$i] = i
    next
}
$(column["status"]) == "ok" { print $(column["kpi"]), $(column["label"]) + 0, $(column["score"]) }
