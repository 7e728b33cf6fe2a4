# Paired differences: variants share their seeds, and with them the KPI, the labels and the random
# numbers, so a row is held against the reference of its experiment seed by seed. With
# report_tables.awk.

# The row that row i is held against, of the same series and share of the labels; 0 for none.
# reference[e] is a variant, or pairs as in "ELBO:M-ELBO;ELBO + both:M-ELBO + both".
function reference_of(i,    share, plain, n, j, rule, part, wanted) {
    plain = variant[i]
    if (match(plain, /, [0-9]+ % labels$/)) {
        share = substr(plain, RSTART)
        plain = substr(plain, 1, RSTART - 1)
    }
    n = split(reference[experiment[i]], rule, ";")
    for (j = 1; j <= n; j++) {
        if (split(rule[j], part, ":") == 1) wanted = rule[j]
        else if (part[1] == plain) wanted = part[2]
    }
    return wanted == "" || wanted == plain ? 0 : row_of[experiment[i], wanted share, name[i]] + 0
}

# Leaves pairs, and the mean and the standard error of the difference of a metric of the row of key
# `a` to that of `b`, in pair_n, pair_mean and pair_error.
function take_pairs(a, b, metric,    i, d, n, sum, square) {
    for (i = 1; i <= n_seeds; i++) {
        if (!has_value(a, seed[i], metric) || !has_value(b, seed[i], metric)) continue
        d[++n] = value[a, seed[i], metric] - value[b, seed[i], metric]
        sum += d[n]
    }
    pair_n = n + 0
    pair_mean = n ? sum / n : 0
    for (i = 1; i <= n; i++) square += (d[i] - pair_mean) ^ 2
    pair_error = n > 1 ? sqrt(square / (n - 1) / n) : 0
}

# Whether all runs of two rows have the same figures.
function same_runs(a, b,    i, m) {
    for (i = 1; i <= n_seeds; i++)
        for (m = 8; m <= 14; m++)
            if (value[a, seed[i], metric[m]] != value[b, seed[i], metric[m]]) return 0
    return 1
}

# -1 or 1 for a difference of row i to row `to` beyond two standard errors, else 0.
function sign_of(i, to, metric) {
    take_pairs(key_of(i), key_of(to), metric)
    if (pair_n < 3 || pair_mean ^ 2 <= 4 * pair_error ^ 2 + 1e-12) return 0
    return pair_mean < 0 ? -1 : 1
}

function is_different(i,    to) {
    to = reference_of(i)
    return to && sign_of(i, to, "best_f") != 0
}

function pair_cell(i,    to, text) {
    to = reference_of(i)
    if (!to) return ""
    if (!is_different(i) && pair_n && same_runs(key_of(i), key_of(to))) return "the same"
    if (!pair_n) return "–"
    text = sprintf("%+.3f", pair_mean)
    if (pair_n < 3) return text " (too few)"
    text = text " ± " number(pair_error, 3)
    return is_different(i) ? "**" text "**" : text
}

# What the differences of an experiment are to.
function told_reference(e,    text) {
    text = reference[e]
    if (text == "") return ""
    if (text ~ /:/) {
        gsub(/:/, " to ", text)
        gsub(/;/, ", ", text)
        return "Difference: best F, seed by seed, of " text "."
    }
    return "Difference: best F less that of " text ", seed by seed."
}
