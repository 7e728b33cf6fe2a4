# What scripts/bench/report.awk tells of: reads its files into arrays. `file` says which one it is.

# ---- The plan: rows of tables, in order

file == "plan" {
    n_rows++
    experiment[n_rows] = $1
    measured[$1] = 1
    variant[n_rows] = $2
    row_of[$1, $2, $3] = n_rows
    name[n_rows] = $3
    train[n_rows] = $4
    score[n_rows] = $5
    repeats[n_rows] = $6
    planned[$3] = 1
    in_plan[$1, $2] = 1
    next
}

# ---- The results: value[key, seed, metric] of key = series, train, score, the options of train as
# they are in the plan

# Rows of the plan that want the steps of others: as_planned[key of a run, seed].
function find_planned(    i, seed, run) {
    for (i = 1; i <= n_rows; i++) {
        if (train[i] !~ /steps-of-/) continue
        for (seed = 0; seed < 10; seed++) {
            run = run_of(name[i], train[i], seed)
            if (run != "") as_planned[name[i], run, score[i], seed] = key_of(i)
        }
    }
}

function add_result(key, seed,    i) {
    if (seen[key, seed]++) return
    ended[key]++
    if (field[8] == "" && field[18] == "") {
        failed[key]++
        return
    }
    for (i = 8; i <= 14; i++) value[key, seed, metric[i]] = field[i]
    if (field[19] < option(field[4], "--epochs") + 0) diverged[key]++
}

file == "results" {
    split_csv($0, field)
    if (FNR == 1) {
        for (i = 8; i <= 14; i++) metric[i] = field[i]
        find_planned()
        next
    }
    if (!counts(field[7], field[3], field[4], field[6])) next
    key = field[3] SUBSEP field[4] SUBSEP field[5]
    has_series[field[3]] = 1
    engine[field[7]] = 1
    if (!(field[6] in known_seed)) add_seed(field[6])
    add_result(key, field[6])
    if ((key, field[6]) in as_planned) add_result(as_planned[key, field[6]], field[6])
    if (field[15] != "" && (field[6] == 0 || !(field[3] in test_part)))
        test_part[field[3]] = field[15] "|" field[16] "|" field[17]
    next
}

# ---- What is published: published[experiment, variant, series, metric]

file == "published" {
    if (FNR == 1) next
    split_csv($0, field)
    published[field[1], field[2], field[3], field[4]] = field[5] "|" field[6]
    has_published[field[1], field[4]] = 1
    published_order[++n_published] = field[1] SUBSEP field[2] SUBSEP field[3] SUBSEP field[4]
    next
}

# ---- The series, in order, and what table 1 tells of them

file == "series" {
    if (FNR == 1) next
    series[++n_series] = $1
    if ($2 == "single") single[$1] = 1
    size[$1] = $2
    files[$1] = $3
    generator[$1] = $4
    trained[$1] = $6 ~ /%$/ ? $5 * $6 / 100 : $6 + 0
    split_at[$1] = $6
    window[$1] = $7
    latent[$1] = $8
    what[$1] = $9
    next
}

file == "statistics" {
    n = split_csv($0, field)
    for (i = 2; i <= n; i++) {
        if (FNR == 1) column[i] = field[i]
        else statistic[field[1], column[i]] = field[i]
    }
    next
}

# ---- Sections, figures and readings

file == "experiments" {
    if (FNR == 1) next
    section[++n_sections] = $1
    form[$1] = $2
    reference[$1] = $3
    title[$1] = $4
    line = $0
    for (i = 1; i <= 4; i++) line = substr(line, index(line, "|") + 1)
    sentence[$1] = line
    next
}

file == "text" {
    text_in_front = text_in_front $0 "\n"
    next
}

file == "figures" {
    picture[++n_pictures] = $1
    picture_of[n_pictures] = $2
    caption[n_pictures] = $3
    next
}

file == "findings" {
    if (FNR > 1) finding[++n_findings] = $0
    next
}

file == "readings" {
    if (/^## /) reading_of = substr($0, 4)
    else if (reading_of != "") reading[reading_of] = reading[reading_of] $0 "\n"
    next
}

# Keeps seed[1..n_seeds] in order.
function add_seed(new,    i) {
    known_seed[new] = 1
    for (i = ++n_seeds; i > 1 && seed[i - 1] + 0 > new + 0; i--) seed[i] = seed[i - 1]
    seed[i] = new
}

# The value of an option, or "".
function option(options, wanted,    word, n, i) {
    n = split(options, word, " ")
    for (i = 1; i < n; i++) if (word[i] == wanted) return word[i + 1]
    return ""
}
