# The texts of report_head.md and the table of the series. With report_tables.awk.

function sorted_engines(    e, n, order, i, j, t, text) {
    for (e in engine) order[++n] = e
    for (i = 2; i <= n; i++)
        for (j = i; j > 1 && order[j - 1] > order[j]; j--) {
            t = order[j]
            order[j] = order[j - 1]
            order[j - 1] = t
        }
    for (i = 1; i <= n; i++) text = text (i > 1 ? ", " : "") order[i]
    return text == "" ? version : text
}

# Steps of a training of a series in the first row of an experiment, one model's: batches of 256 of
# the windows of the part that is learnt from, 70 % of the training part. "" without such a row.
function steps_of(e, s,    i) {
    for (i = 1; i <= n_rows; i++)
        if (experiment[i] == e && name[i] == s)
            return option(train[i], "--epochs") * int((0.7 * trained[s] - window[s] + 1) / 256)
    return ""
}

# The least and the most steps of an experiment over the series of a size.
function range_of_steps(e, wanted,    i, n, least, most) {
    for (i = 1; i <= n_series; i++) {
        if (size[series[i]] != wanted || (n = steps_of(e, series[i])) == "") continue
        if (least == "" || n < least) least = n
        if (n > most) most = n
    }
    return least == "" ? "no" : thousands(least) " to " thousands(most)
}

# A whole number below a million.
function thousands(n) {
    return n < 1000 ? n : sprintf("%d,%03d", n / 1000, n % 1000)
}

function both(a, b) {
    return b == "" || a == b ? a : a " / " b
}

# The text in front of the findings, or the one behind the pictures.
function text_of_head(part,    text) {
    sub(/@WHAT@/, quick ? "`make bench-quick` (in small: it means nothing)" : "`make bench`", \
        text_in_front)
    sub(/@ENGINE@/, sorted_engines(), text_in_front)
    sub(/@STEPS_LARGE@/, range_of_steps("fig7", "large"), text_in_front)
    sub(/@STEPS_SMALL@/, range_of_steps("fig7", "small"), text_in_front)
    sub(/@STEPS_STUDY@/, range_of_steps("ablation", "small"), text_in_front)
    split(text_in_front, text, "@FINDINGS@\n")
    return text[part]
}

# The series that there are rows of.
function print_series(    i, s, part, source) {
    print "| series | what | file | W | K | learnt from | steps | test points | anomalous | " \
        "segments |"
    print "|---|---|---|---:|---:|---:|---:|---:|---:|---:|"
    for (i = 1; i <= n_series; i++) {
        s = series[i]
        if (!(s in has_series) || s in single) continue
        split(test_part[s], part, "|")
        source = generator[s] == "" ? files[s] : "make_kpi " generator[s]
        sub(/ blog.*-/, " ... -", source)
        printf "| %s | %s | `%s` | %s | %s | first %s | %s | %s | %s | %s |\n", s, what[s], source,
            window[s], latent[s], split_at[s] (split_at[s] ~ /%$/ ? "" : " points"),
            both(steps_of("fig7", s), steps_of("ablation", s)), part[1], part[2], part[3]
    }
    print ""
}
