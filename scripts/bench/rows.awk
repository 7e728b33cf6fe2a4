# Which rows of the results count, and which run a row of the plan stands for. -v version: of donut;
# -v versions: the file versions.txt; -v steps: the file steps.csv that scripts/bench/steps writes

# counts(ROW'S VERSION AND KERNEL, SERIES, TRAIN, SEED): whether the row is as good as a new one
function counts(of_row, series, train, seed,    i, part) {
    if (index(of_row, version " ") == 1) return 1
    if (!versions_are_read++) read_versions()
    for (i = 1; i <= n_older; i++) {
        split(older[i], part, "|")
        if (index(of_row, part[1] " ") == 1 && index(" " part[2] " ", " " series " ") && \
            (part[3] == "all" || part[3] == seed) && \
            (part[4] == "" || !index(train " ", part[4] " "))) return 1
    }
    return 0
}

function read_versions(    line) {
    while ((getline line <versions) > 0) if (line ~ /^[0-9]/) older[++n_older] = line
    close(versions)
}

# run_of(SERIES, TRAIN, SEED): the options of the run that a row of the plan stands for, where it
# wants as many steps as another one has; "" when these steps are not counted
function run_of(series, train, seed,    key, epochs) {
    if (train !~ /--epochs steps-of-/) return train
    if (!steps_are_read++) read_steps()
    key = series SUBSEP train SUBSEP seed
    if (!(key in epochs_of)) return ""
    epochs = epochs_of[key]
    if (train " " !~ "--epochs steps-of-" epochs " ") {
        sub(/ --decay-epochs [0-9]+/, "", train)
        epochs = epochs " --decay-epochs " decay_of[key]
    }
    sub(/steps-of-[0-9]+/, epochs, train)
    return train
}

function read_steps(    line, part, key) {
    while ((getline line <steps) > 0) {
        if (split_csv(line, part) != 7 || part[1] == "series") continue
        key = part[1] SUBSEP part[2] SUBSEP part[3]
        steps_of_all[part[1]] = part[4]
        own_steps[key] = part[5]
        epochs_of[key] = part[6]
        decay_of[key] = part[7]
    }
    close(steps)
}
