# Table 1 of the paper for a KPI: points of the grid, those missing, anomalous ones, windows, and
# windows with a missing or anomalous point; and the roughness of the first part, `split_at` of the
# rows or so many per cent: the mean squared second difference of its values in units of their
# standard deviation, from row to row, whatever is missing between. -v window=W, split_at; rows in
# the order of time. Of several files the sums and, for the roughness, the mean. What is no such
# file ends it with a sentence.
BEGIN { FS = "," }
{ sub(/\r$/, "") }
FNR == 1 {
    if (files++) finish()
    rows = 0
    if (tolower($0) != "timestamp,value,label")
        refuse("the first line has to be timestamp,value,label and is " $0)
    next
}
$1 !~ /^[0-9]+(\.[0-9]+)?$/ { refuse("'" $1 "' is no time in seconds") }
rows && $1 + 0 <= time[rows] + 0 { refuse("the time " $1 " is not after that of the line before") }
{
    time[++rows] = $1
    label[rows] = $3
    value[rows] = $2
}

function refuse(why) {
    printf "bench: %s: line %d: %s\n", FILENAME, FNR, why | "cat >&2"
    refused = 1
    exit 1
}

function roughness_of(n,    i, mean, squares, second, sum) {
    for (i = 1; i <= n; i++) mean += value[i] / n
    for (i = 1; i <= n; i++) squares += (value[i] - mean) ^ 2
    for (i = 2; i < n; i++) {
        second = value[i + 1] - 2 * value[i] + value[i - 1]
        sum += second ^ 2
    }
    return sum / (n - 2) / (squares / n)
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
    roughness += roughness_of(split_at ~ /%$/ ? int(rows * split_at / 100) : split_at + 0)
}

END {
    if (refused) exit 1
    finish()
    printf "%d,%d,%d,%d,%d,%.4g", points, missing, anomalous, windows, abnormal, roughness / files
}
