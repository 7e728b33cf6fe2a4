# Reads verdict.csv for scripts/bench/verdict_table.awk: sums over the KPIs of a run, that is of a
# set, row, labels and seed, for all of them and for each half. With csv.awk and rows.awk.

# The row's run, or "" where it does not count. Rows of this version come before older ones.
function run_of_row(    run) {
    if (!counts(field[1] " ", field[2], "", field[5])) return ""
    run = field[2] SUBSEP field[3] SUBSEP field[4] SUBSEP field[5]
    if ((run in version_of) && version_of[run] != field[1]) {
        if (version_of[run] == version) return ""
        forget(run)
    }
    version_of[run] = field[1]
    return run
}

function forget(run,    i, h) {
    for (h = 1; h <= 3; h++) {
        for (i = 1; i <= n_sums; i++) delete total[run, part_name[h], sum_name[i]]
        delete rates[run, part_name[h]]
    }
}

function add(run, half, name, x) {
    total[run, half, name] += x
    total[run, "all", name] += x
}

function f_of(tp, fp, anomalous) {
    return tp + 0 ? 2 * tp / (tp + fp + anomalous) : 0
}

# Keeps the rates of a run sorted.
function add_rate(run, half, x,    i) {
    for (i = ++rates[run, half]; i > 1 && rate[run, half, i - 1] > x; i--)
        rate[run, half, i] = rate[run, half, i - 1]
    rate[run, half, i] = x
}

function median_rate(run, half,    n) {
    n = rates[run, half]
    if (!n) return ""
    return (rate[run, half, int((n + 1) / 2)] + rate[run, half, int(n / 2) + 1]) / 2
}

# A KPI that has no model finds nothing. One without an anomaly has no F of its own.
function add_kpi(run, half,    i) {
    for (i = 8; i <= 18; i++) add(run, half, column[i], field[i])
    add(run, half, "kpis", 1)
    add(run, half, "best_tp", field[21])
    add(run, half, "best_fp", field[22])
    if (field[10] + 0 && field[15] + 0 > 0.05 * field[10]) add(run, half, "over", 1)
    if (field[9] + 0) {
        add(run, half, "expected", field[17] * field[19])
        if (field[17] * field[19] >= 1) {
            add_rate(run, half, field[18] / (field[17] * field[19]))
            add_rate(run, "all", field[18] / (field[17] * field[19]))
        }
    }
    if (!(field[11] + 0)) return
    add(run, half, "with", 1)
    add(run, half, "mean_f", f_of(field[12], field[13], field[11]))
    add(run, half, "mean_precision", field[12] + 0 ? field[12] / (field[12] + field[13]) : 0)
    add(run, half, "mean_recall", field[12] / field[11])
    add(run, half, "mean_best_f", field[20])
    add(run, half, "mean_pa_best_f", field[23])
    add(run, half, "mean_raw_ap", field[24])
}

BEGIN {
    n_sums = split("weeks judged points anomalous tp fp alarms flagged inside clean " \
        "clean_flagged kpis best_tp best_fp over expected with mean_f mean_precision " \
        "mean_recall mean_best_f mean_pa_best_f mean_raw_ap", sum_name, " ")
    split("all A B", part_name, " ")
}

file == "rows" && FNR == 1 {
    n_columns = split_csv($0, column)
    next
}

file == "rows" {
    split_csv($0, field)
    run = run_of_row()
    if (run == "") next
    if (!(field[5] in known_seed)) {
        known_seed[field[5]] = 1
        seed[++n_seeds] = field[5]
    }
    if (!(field[2] in has_set)) has_set[field[2]] = 1
    if (field[6] != "*") {
        add_kpi(run, field[7])
        next
    }
    whole[run] = 1
    wall[run] = field[26]
    cpu[run] = field[27]
}

function ratio(a, b) {
    return b ? a / b : ""
}

# A figure of a run's half, or "" where there is none.
function figure(run, half, name,    tp, fp, anomalous) {
    if (!(run in whole) || !total[run, half, "kpis"]) return ""
    if (name == "wall") return wall[run]
    if (name == "cpu") return cpu[run]
    tp = total[run, half, "tp"]
    fp = total[run, half, "fp"]
    anomalous = total[run, half, "anomalous"]
    if (name == "f") return f_of(tp, fp, anomalous)
    if (name == "precision") return ratio(tp, tp + fp)
    if (name == "recall") return ratio(tp, anomalous)
    if (name == "best")
        return f_of(total[run, half, "best_tp"], total[run, half, "best_fp"], anomalous)
    if (name == "per_week") return ratio(total[run, half, "alarms"], total[run, half, "weeks"])
    if (name == "share") return ratio(total[run, half, "flagged"], total[run, half, "points"])
    if (name == "false")
        return ratio(total[run, half, "clean_flagged"], total[run, half, "expected"])
    if (name == "median") return median_rate(run, half)
    if (name == "unjudged") return total[run, half, "kpis"] - total[run, half, "judged"]
    if (name ~ /^mean_/) return ratio(total[run, half, name], total[run, half, "with"])
    return total[run, half, name] + 0
}

# "mean ± sample standard deviation" of a figure over the seeds.
function spread(of, half, name, scale, digits,    i, x, n, sum, mean, square) {
    for (i = 1; i <= n_seeds; i++) {
        x = figure(of SUBSEP seed[i], half, name)
        if (x == "") continue
        sum += x * scale
        square += x * scale * x * scale
        n++
    }
    if (!n) return "–"
    mean = sum / n
    square = n > 1 ? (square - n * mean * mean) / (n - 1) : 0
    return sprintf("%." digits "f", mean) \
        (n > 1 ? sprintf(" ± %." digits "f", square > 0 ? sqrt(square) : 0) : "")
}
