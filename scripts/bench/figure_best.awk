# The plan and results.csv -> options of train, the seed among them, of the run with the best F of
# the three-series rows of `series`; `missing` if there is none. With csv.awk and rows.awk.

FNR == 1 { file++ }

file == 1 {
    split($0, field, "|")
    if (field[1] == "three-series" && field[3] == series) wanted[field[4], field[5]] = 1
    next
}

FNR == 1 {
    n = split_csv($0, field)
    for (i = 1; i <= n; i++) column[field[i]] = i
    next
}

{
    split_csv($0, field)
    if (!counts(field[column["version"]], field[column["series"]], field[column["train"]], \
                field[column["seed"]])) next
    f = field[column["best_f"]]
    if (field[column["series"]] != series || f + 0 <= most) next
    if (!((field[column["train"]], field[column["score"]]) in wanted)) next
    most = f + 0
    best = field[column["train"]] " --seed " field[column["seed"]]
}

END { print best == "" ? missing : best }
