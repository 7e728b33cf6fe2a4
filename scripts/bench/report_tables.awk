# Tables and commands of the report, from what report_rows.awk has read.

function key_of(i) {
    return name[i] SUBSEP train[i] SUBSEP score[i]
}

function is_run(e, s,    i) {
    for (i = 1; i <= n_rows; i++)
        if (experiment[i] == e && name[i] == s && !ended[key_of(i)]) return 0
    return 1
}

# Whether a row has its place in a table: not one that FULL=1 alone measures and that was not, nor
# one that has the same runs as the row that it stands beside.
function is_shown(i,    by_steps, n) {
    if (!(name[i] in has_series) || !repeats[i] && !is_run(experiment[i], name[i])) return 0
    if (variant[i] !~ / at equal epochs/) return 1
    by_steps = train[i]
    sub(/--epochs /, "--epochs steps-of-", by_steps)
    for (n = 0; n < repeats[i]; n++)
        if (run_of(name[i], by_steps, n) != train[i]) return 1
    return 0
}

function has_value(key, s, metric) {
    return (key, s, metric) in value && value[key, s, metric] != ""
}

# "mean ± sample standard deviation" of a metric over the seeds that have it.
function spread(key, metric, scale, digits,    i, x, n, sum, mean, square) {
    for (i = 1; i <= n_seeds; i++) {
        if (!has_value(key, seed[i], metric)) continue
        sum += value[key, seed[i], metric]
        n++
    }
    if (!n) return "–"
    mean = sum / n
    for (i = 1; i <= n_seeds; i++) {
        if (!has_value(key, seed[i], metric)) continue
        x = value[key, seed[i], metric] - mean
        square += x * x
    }
    return number(mean * scale, digits) \
        (n > 1 ? " ± " number(sqrt(square / (n - 1)) * scale, digits) : "")
}

function number(x, digits) {
    return sprintf("%." digits "f", x)
}

function published_cell(e, v, s, metric, scale, digits,    part) {
    if (!((e, v, s, metric) in published)) return ""
    split(published[e, v, s, metric], part, "|")
    return number(part[1] * scale, digits) \
        (part[2] == "" ? "" : " ± " number(part[2] * scale, digits))
}

# How many repeats a row is of, and what befell them.
function counted(i,    key, text) {
    key = key_of(i)
    text = ended[key] + 0
    if (text < repeats[i]) text = text " of " repeats[i]
    if (failed[key]) text = text ", " failed[key] " failed"
    if (diverged[key]) text = text ", " diverged[key] " cut short"
    return text
}

function shown_name(s) {
    return generator[s] == "" ? s : s " (generated)"
}

# ---- Commands

# The options of a row beyond those that all rows of its series have in this experiment.
function own_options(i, options,    word, n, j, text) {
    n = split(options, word, " ")
    for (j = 1; j <= n; j++) {
        if (word[j] ~ /^--(from|to|window|epochs|decay-epochs|validate-every)$/ || \
            word[j] == "--latent" && experiment[i] !~ /^(fig9|k-doubled)$/ || \
            word[j] == "--samples" && quick) {
            j++
            continue
        }
        text = text (text == "" ? "" : " ") word[j]
    }
    return text
}

# The commands of the first row, and what is different in the others; in a sweep that is plain.
function print_commands(e,    i, first, text, a, b) {
    for (i = 1; i <= n_rows && !first; i++)
        if (experiment[i] == e && name[i] in has_series) first = i
    printf "The first row of %s:\n\n", name[first]
    printf "    donut train --paper %s --seed 0 -o kpi.donut kpi.csv\n", \
        run_of(name[first], train[first], 0)
    printf "    donut score -m kpi.donut %s kpi.csv | donut evaluate --by score\n\n", score[first]
    if (form[e] == "wide") return
    print "The options that tell the rows apart:\n"
    for (i = 1; i <= n_rows; i++) {
        if (experiment[i] != e || name[i] != name[first] || !is_shown(i)) continue
        a = own_options(i, train[i])
        b = own_options(i, score[i])
        text = (a == "" ? "" : "`train " a "`") (a != "" && b != "" ? ", " : "") \
            (b == "" ? "" : "`score " b "`")
        if (train[i] ~ /steps-of-/) text = text ", for the steps of Donut"
        printf "- %s: %s\n", variant[i], text == "" ? "none" : text
    }
    print ""
}

# ---- Tables

# A column of each metric, with the published values behind it where there are any.
function print_head(e, with_f) {
    head = "| series | variant |"
    rule = "|---|---|"
    if (with_f) add_column(e, "best_f", "best F")
    if (reference[e] != "") add_column(e, "", "difference")
    add_column(e, "auc", "AUC")
    add_column(e, "alert_delay_seconds", "alert delay, min")
    add_column(e, "raw_ap", "raw AP")
    add_column(e, "delayed_best_f", "7-delay best F")
    add_column(e, "floor", "random floor")
    print head " n |"
    print rule "---:|"
}

function add_column(e, metric, text) {
    head = head " " text " |"
    rule = rule "---:|"
    if (!((e, metric) in has_published)) return
    head = head " published |"
    rule = rule "---:|"
}

function cells(i, metric, scale, digits,    text) {
    text = " " (metric == "floor" ? floor_of(i) : spread(key_of(i), metric, scale, digits)) " |"
    if ((experiment[i], metric) in has_published)
        text = text " " \
            published_cell(experiment[i], variant[i], name[i], metric, scale, digits) " |"
    return text
}

# The mean alone: it is a property of the labels.
function floor_of(i,    text) {
    text = spread(key_of(i), "floor", 1, 3)
    sub(/ .*/, "", text)
    return text
}

function print_row(i, with_f,    text) {
    text = "| " shown_name(name[i]) " | " variant[i] " |"
    if (with_f) text = text cells(i, "best_f", 1, 3)
    if (reference[experiment[i]] != "") text = text " " pair_cell(i) " |"
    text = text cells(i, "auc", 1, 3) cells(i, "alert_delay_seconds", 1 / 60, 1)
    text = text cells(i, "raw_ap", 1, 3) cells(i, "delayed_best_f", 1, 3) cells(i, "floor", 1, 3)
    print text " " counted(i) " |"
}

function print_table(e, with_f,    i, j) {
    print_head(e, with_f)
    for (j = 1; j <= n_series; j++)
        for (i = 1; i <= n_rows; i++)
            if (experiment[i] == e && name[i] == series[j] && is_shown(i))
                print_row(i, with_f)
    print ""
}

# Best F alone, a series to a column; all else below it, folded.
function print_wide(e,    i, j, order, n, known, row, used) {
    for (i = 1; i <= n_rows; i++) {
        if (experiment[i] != e || !is_shown(i)) continue
        used[name[i]] = 1
        row[variant[i], name[i]] = i
        if (!(variant[i] in known)) order[++n] = variant[i]
        known[variant[i]] = 1
    }
    print_wide_head(e, used, order, n)
    for (i = 1; i <= n; i++) {
        printf "| %s |", order[i]
        for (j = 1; j <= n_series; j++) {
            if (!(series[j] in used)) continue
            if ((order[i], series[j]) in row) print_wide_cell(row[order[i], series[j]])
            else printf " |"
            if (any_published(e, series[j], order, n))
                printf " %s |", published_cell(e, order[i], series[j], "best_f", 1, 3)
        }
        for (j = 1; j <= n_papers; j++)
            printf " %s |", published_cell(e, order[i], paper[j], "best_f", 1, 3)
        print ""
    }
    print "\n<details><summary>The other metrics</summary>\n"
    print_table(e, 0)
    print "</details>\n"
}

# With a mark where the paired difference to the reference is one.
function print_wide_cell(i) {
    printf " %s%s |", spread(key_of(i), "best_f", 1, 3), is_different(i) ? " *" : ""
}

function any_published(e, s, order, n,    i) {
    for (i = 1; i <= n; i++) if ((e, order[i], s, "best_f") in published) return 1
    return 0
}

# Leaves in paper[1..n_papers] the KPIs that are published and that we have no row of.
function print_wide_head(e, used, order, n,    j, head, rule) {
    head = "| best F |"
    rule = "|---|"
    n_papers = 0
    for (j = 1; j <= n_series; j++) {
        if (series[j] in used) {
            head = head " " shown_name(series[j]) " |"
            rule = rule "---:|"
        }
        if (!any_published(e, series[j], order, n)) continue
        if (series[j] in used) {
            head = head " published |"
            rule = rule "---:|"
        } else if (generator[series[j]] != "") paper[++n_papers] = series[j]
    }
    for (j = 1; j <= n_papers; j++) {
        head = head " the paper's " paper[j] " |"
        rule = rule "---:|"
    }
    print head "\n" rule
}
