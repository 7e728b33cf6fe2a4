# The plan and results.csv -> of the runs of a row of the plan, given by `experiment`, `variant` and
# `series`: options of train, with the seed, of the one with the median best F (the lower of two),
# and mean and deviation of all: "options|0.61 ± 0.07 of 10 runs". Nothing without a run. With
# csv.awk and rows.awk.

FNR == 1 { file++ }

file == 1 {
    split($0, field, "|")
    if (field[1] == experiment && field[2] == variant && field[3] == series)
        wanted[field[4], field[5]] = 1
    next
}

FNR == 1 {
    n = split_csv($0, field)
    for (i = 1; i <= n; i++) column[field[i]] = i
    n = 0
    next
}

{
    split_csv($0, field)
    options = field[column["train"]]
    seed = field[column["seed"]]
    if (field[column["series"]] != series || field[column["best_f"]] == "") next
    if (!((options, field[column["score"]]) in wanted) || (options, seed) in seen) next
    if (!counts(field[column["version"]], series, options, seed)) next
    seen[options, seed] = 1
    f = field[column["best_f"]] + 0
    for (i = ++n; i > 1 && best_f[i - 1] > f; i--) {
        best_f[i] = best_f[i - 1]
        run[i] = run[i - 1]
    }
    best_f[i] = f
    run[i] = options " --seed " seed
    sum += f
}

END {
    if (!n) exit
    for (i = 1; i <= n; i++) square += (best_f[i] - sum / n) ^ 2
    printf "%s|%.2f ± %.2f of %d runs\n", run[int((n + 1) / 2)], sum / n, \
        (n > 1 ? sqrt(square / (n - 1)) : 0), n
}
