# The plan and results.csv -> a line for each row of one experiment that has results:
#   series method labels injection mcmc latent entropy prior df encoder n
#   F sd  AUC sd  delay sd  floor
# separated by tabs; delay in points, "?" where there is nothing. What a row is follows from its
# options alone, so that the names of variants are free.
# experiment: its name; interval: "series=seconds ..." of those that are not of one minute.

BEGIN {
    FS = "|"
    OFS = "\t"
    n = split(interval, words, " ")
    for (i = 1; i <= n; i++) {
        split(words[i], pair, "=")
        seconds[pair[1]] = pair[2]
    }
}

# The value of an option in a text of options, else `missing`.
function option(text, name, missing,    words, n, i) {
    n = split(text, words, " ")
    for (i = 1; i <= n; i++)
        if (words[i] == name) return i < n && words[i + 1] !~ /^--/ ? words[i + 1] : "yes"
    return missing
}

# The fields of a line of CSV, quotes or none, into `field`.
function split_csv(line,    n, c, i, quoted) {
    n = 1
    split("", field)
    field[1] = ""
    for (i = 1; i <= length(line); i++) {
        c = substr(line, i, 1)
        if (c == "\"") {
            if (quoted && substr(line, i + 1, 1) == "\"") field[n] = field[n] substr(line, i++, 1)
            else quoted = !quoted
        } else if (c == "," && !quoted) field[++n] = ""
        else field[n] = field[n] c
    }
    return n
}

# Adds a value to the mean of a row's metric.
function add(row, metric, x) {
    if (x !~ /^[0-9.]+([eE][-+]?[0-9]+)?$/) return
    count[row, metric]++
    sum[row, metric] += x
    squares[row, metric] += x * x
}

function mean(row, metric) {
    return count[row, metric] ? sprintf("%.5g", sum[row, metric] / count[row, metric]) : "?"
}

function deviation(row, metric,    n, m, v) {
    n = count[row, metric]
    if (n < 2) return n ? 0 : "?"
    m = sum[row, metric] / n
    v = (squares[row, metric] - n * m * m) / (n - 1)
    return sprintf("%.5g", v > 0 ? sqrt(v) : 0)
}

function method(train, score) {
    if (option(score, "--score-by", "") == "prior") return "prior"
    return option(train, "--windows", "all") == "normal" ? "vae" : "donut"
}

function labels(train) {
    return option(train, "--ignore-labels", 0) ? 0 : 100 * option(train, "--keep-labels", 1)
}

function print_row(row,    t, s) {
    t = train[row]
    s = score[row]
    print series[row], method(t, s), labels(t), option(t, "--injection", 0.01),
        option(s, "--mcmc-iterations", option(t, "--mcmc-iterations", 10)),
        option(t, "--latent", 8), option(t, "--entropy-weight", 1),
        option(t, "--prior-weight", "beta"), option(t, "--student-df", "normal"),
        option(t, "--encoder", "dense"), count[row, "f"] + 0,
        mean(row, "f"), deviation(row, "f"), mean(row, "auc"), deviation(row, "auc"),
        mean(row, "delay"), deviation(row, "delay"), mean(row, "floor")
}

FNR == 1 { file++ }

file == 1 {
    if ($1 != experiment) next
    rows++
    series[rows] = $3
    train[rows] = $4
    score[rows] = $5
    place[$3, $4, $5] = rows
    next
}

FNR == 1 {
    n = split_csv($0)
    for (i = 1; i <= n; i++) column[field[i]] = i
    next
}

{
    split_csv($0)
    row = place[field[column["series"]], field[column["train"]], field[column["score"]]]
    if (!row) next
    add(row, "f", field[column["best_f"]])
    add(row, "auc", field[column["auc"]])
    add(row, "floor", field[column["floor"]])
    delay = field[column["alert_delay_seconds"]]
    if (delay != "")
        add(row, "delay", delay / (series[row] in seconds ? seconds[series[row]] : 60))
}

END { for (row = 1; row <= rows; row++) if (count[row, "f"]) print_row(row) }
