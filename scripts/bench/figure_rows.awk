# The lines that the plan has of one experiment, results.csv and published.csv -> a line for each
# row that has results, or published values alone where `bare` is set:
#   series variant labels  F sd  AUC sd  delay sd  floor  published F, AUC, delay
# separated by tabs; labels in %, delay in points, "?" where there is nothing. `interval` has the
# seconds of series that are not of one minute, as in "cpu4=300 weather=3600". The file `counted`
# gets "n of N runs", of the rows of the plan, or nothing when they are complete. With csv.awk and
# rows.awk.

BEGIN {
    OFS = "\t"
    n = split(interval, words, " ")
    for (i = 1; i <= n; i++) {
        split(words[i], pair, "=")
        seconds[pair[1]] = pair[2]
    }
}

function points(series, delay) {
    return delay / (series in seconds ? seconds[series] : 60)
}

function is_number(text) {
    return text ~ /^-?[0-9.]+(e[-+]?[0-9]+)?$/ && text + 0 >= 0
}

function add(run, metric, text) {
    if (!is_number(text)) return
    count[run, metric]++
    sum[run, metric] += text
    squares[run, metric] += text * text
}

function mean(run, metric) {
    return count[run, metric] ? sprintf("%.5g", sum[run, metric] / count[run, metric]) : "?"
}

function deviation(run, metric,    n, m, v) {
    n = count[run, metric]
    if (n < 2) return n ? 0 : "?"
    m = sum[run, metric] / n
    v = (squares[run, metric] - n * m * m) / (n - 1)
    return sprintf("%.5g", v > 0 ? sqrt(v) : 0)
}

function labels(variant) {
    if (!match(variant, /, [0-9]+ % labels/)) return "?"
    return substr(variant, RSTART + 2) + 0
}

function published(row, metric) {
    return (row, metric) in value ? value[row, metric] : "?"
}

# Of rows that FULL=1 alone measures: whether they were.
function is_run(s,    i) {
    for (i = 1; i <= rows; i++) if (series_of[i] == s && !ended[key_of[i]]) return 0
    return 1
}

function print_row(series, variant, run,    row) {
    row = variant SUBSEP series
    print series, variant, labels(variant), mean(run, "f"), deviation(run, "f"), mean(run, "auc"),
        deviation(run, "auc"), mean(run, "delay"), deviation(run, "delay"), mean(run, "floor"),
        published(row, "best_f"), published(row, "auc"), published(row, "delay")
}

FNR == 1 { file++ }

file == 1 {
    split($0, field, "|")
    if (field[1] != experiment) next
    rows++
    variant_of[rows] = field[2]
    series_of[rows] = field[3]
    key_of[rows] = field[3] SUBSEP field[4] SUBSEP field[5]
    repeats[rows] = field[6]
    for (seed = 0; field[4] ~ /steps-of-/ && seed < 10; seed++)
        as_planned[field[3], run_of(field[3], field[4], seed), field[5], seed] = key_of[rows]
    next
}

FNR == 1 {
    n = split_csv($0, field)
    for (i = 1; i <= n; i++) column[file, field[i]] = i
    next
}

function add_result(run, seed,    delay) {
    if (seen[run, seed]++) return
    ended[run]++
    add(run, "f", field[column[2, "best_f"]])
    add(run, "auc", field[column[2, "auc"]])
    add(run, "floor", field[column[2, "floor"]])
    delay = field[column[2, "alert_delay_seconds"]]
    if (is_number(delay)) add(run, "delay", points(field[column[2, "series"]], delay))
}

file == 2 {
    split_csv($0, field)
    s = field[column[2, "series"]]
    options = field[column[2, "train"]]
    seed = field[column[2, "seed"]]
    score = field[column[2, "score"]]
    if (!counts(field[column[2, "version"]], s, options, seed)) next
    add_result(s SUBSEP options SUBSEP score, seed)
    if ((s, options, score, seed) in as_planned)
        add_result(as_planned[s, options, score, seed], seed)
    next
}

{
    split_csv($0, field)
    if (field[column[3, "experiment"]] != experiment) next
    row = field[column[3, "variant"]] SUBSEP field[column[3, "series"]]
    metric = field[column[3, "metric"]]
    x = field[column[3, "value"]]
    if (metric == "alert_delay_seconds") {
        metric = "delay"
        x = sprintf("%.5g", points(field[column[3, "series"]], x))
    }
    value[row, metric] = x
    if (metric == "best_f") bare_row[++bare_rows] = row
}

END {
    for (i = 1; i <= rows; i++) {
        if (!repeats[i] && !is_run(series_of[i])) continue
        planned[variant_of[i], series_of[i]] = 1
        if (count[key_of[i], "f"]) print_row(series_of[i], variant_of[i], key_of[i])
        done += ended[key_of[i]] < repeats[i] ? ended[key_of[i]] : repeats[i]
        wanted += repeats[i]
    }
    printf "%s", done == wanted ? "" : done + 0 " of " wanted " runs" >counted
    for (i = 1; bare && i <= bare_rows; i++) {
        if (bare_row[i] in planned) continue
        split(bare_row[i], field, SUBSEP)
        print_row(field[2], field[1], "none")
    }
}
