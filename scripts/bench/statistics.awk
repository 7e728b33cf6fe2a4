# Table 1 of the paper for a KPI: points of the grid, those missing, anomalous ones, windows, and
# windows with a missing or anomalous point. -v window=W; rows in the order of time.
BEGIN { FS = "," }
FNR == 1 {
    if (files++) finish()
    rows = 0
    next
}
{
    time[++rows] = $1
    label[rows] = $3
}

function finish(    i, interval, gap, at, last, place) {
    interval = time[2] - time[1]
    for (i = 2; i <= rows; i++)
        if (time[i] - time[i - 1] < interval) interval = time[i] - time[i - 1]
    last = 0
    for (i = 1; i <= rows; i++) {
        gap = i > 1 ? int((time[i] - time[i - 1]) / interval + 0.5) - 1 : 0
        for (at = 0; at <= gap; at++) {
            place = i == 1 ? 1 : place + 1
            if (at < gap) missing++
            if (at == gap && label[i] == 1) anomalous++
            if (at < gap || label[i] == 1) last = place
            if (place >= window) {
                windows++
                if (last > place - window) abnormal++
            }
        }
    }
    points += place
}

END {
    finish()
    printf "%d,%d,%d,%d,%d", points, missing, anomalous, windows, abnormal
}
