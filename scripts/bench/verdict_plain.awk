# Rows like those of donut score from detectors without training, of a fleet as verdict_join.awk
# writes it, for the second half of each KPI; the verdict is left at 0. An observed point without a
# score has -1, which is less than any. -v detector: step, season or sigma; -v history: the file for
# the scores of the validation part, the last 30 % of the first half, as key, label and score; the
# list of verdict_kpis.awk comes before the fleet.

BEGIN { FS = "," }

file == 1 {
    interval[$1] = $3
    size[$1] = $4
    season[$1] = $5
    next
}

FNR == 1 {
    print "timestamp,value,score,anomaly,expected,lower,upper,status,label,kpi"
    next
}

$1 != key {
    finish()
    key = $1
    start = $2
}

{
    at = int(($2 - start) / interval[key] + 0.5)
    x[at] = $3
    label[at] = $4
}

END { finish() }

function finish(    i, n, half, score) {
    if (key == "") return
    n = size[key]
    half = int(n / 2)
    begin_sigma()
    for (i = 0; i < n; i++) {
        score = score_at(i)
        if (i < half && i >= int(0.7 * half)) print key, label[i] + 0, score >history
        if (i >= half) print_row(i, score)
    }
    split("", x)
    split("", label)
}

function observed(i) {
    return (i in x) && x[i] != "" && tolower(x[i]) !~ /nan|null/
}

function print_row(i, score) {
    printf "%.0f,", start + i * interval[key]
    if (observed(i)) printf "%s,%.9g,0,,,,ok,%d,%s\n", x[i], score, label[i], key
    else printf ",,0,,,,missing,0,%s\n", key
}

function score_at(i,    score) {
    if (detector == "step") return step(i)
    if (detector == "season") return naive(i)
    score = observed(i) ? sigma(i) : -1
    add_to_day(i)
    return score
}

function distance(a, b) {
    return a > b ? a - b : b - a
}

# |d - mean of the last 16 d|, d = x - the x before; their sum is a difference of 16 points.
function step(i) {
    since = observed(i) ? since + 1 : 0
    if (i == 0) since = observed(i)
    return since < 17 ? -1 : distance(x[i] - x[i - 1], (x[i] - x[i - 16]) / 16)
}

function naive(i,    before) {
    before = i - season[key]
    return season[key] && before >= 0 && observed(i) && observed(before) ? \
        distance(x[i], x[before]) : -1
}

# ---- The day before: sums over its observed points, of distances to a value near them, so that
# squares do not cancel; taken anew after each day.

function begin_sigma() {
    day = int(86400 / interval[key])
    n_day = sum = squares = near = 0
}

function sigma(i,    mean, deviation) {
    if (n_day < day / 2) return -1
    mean = sum / n_day
    deviation = squares / n_day - mean * mean
    deviation = deviation > 0 ? sqrt(deviation) : 0
    mean += near
    if (x[i] == mean) return 0
    return distance(x[i], mean) > 1e6 * deviation ? 1e6 : distance(x[i], mean) / deviation
}

function add_to_day(i,    j) {
    if (i % day == 0) {
        n_day = sum = squares = 0
        near = observed(i) ? x[i] : near
        for (j = i - day + 1; j <= i; j++) count(j, 1)
        return
    }
    count(i, 1)
    count(i - day, -1)
}

function count(i, times,    far) {
    if (!observed(i)) return
    far = x[i] - near
    n_day += times
    sum += times * far
    squares += times * far * far
}
