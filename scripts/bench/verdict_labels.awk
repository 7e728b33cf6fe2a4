# The list of verdict_kpis.awk, with a field more: labelled points of the second half that have a
# value. The list comes before the fleet.

BEGIN { FS = "," }

file == 1 {
    line[++n] = $0
    order[n] = $1
    interval[$1] = $3
    half[$1] = int($4 / 2)
    next
}

FNR == 1 { next }

!($1 in start) { start[$1] = $2 }

$4 + 0 && $3 != "" && ($2 - start[$1]) / interval[$1] + 0.5 >= half[$1] { labelled[$1]++ }

END { for (i = 1; i <= n; i++) print line[i] "," labelled[order[i]] + 0 }
