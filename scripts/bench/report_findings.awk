# The first page of the report: what the sources claim, tested on our rows, and the figures that its
# texts quote. With report_tables.awk and report_pairs.awk.

# Whether random scores do as well as both rows: then neither says anything.
function says_nothing(i, to) {
    return mean_f(i) < floor_of(i) + 0 && mean_f(to) < floor_of(to) + 0
}

function mean_f(i) {
    return spread(key_of(i), "best_f", 1, 6) + 0
}

function digits_of(metric) {
    return metric == "alert_delay_seconds" ? 1 : 2
}

function scale_of(metric) {
    return metric == "alert_delay_seconds" ? 1 / 60 : 1
}

# 1 where row i is as `relation` says, -1 where it is the other way round, 0 where the runs do not
# tell: "<" and ">" than row `to` beyond two standard errors; "=", "!<" and "!>" as high, not lower
# and not higher, by no more than `margin` with two standard errors added; "~" within two of our
# deviations of the published value.
function holds(relation, i, to, metric, margin,    sign, part, ours, doubt) {
    if (relation == "~") {
        split(published[experiment[i], variant[i], name[i], metric], part, "|")
        split(spread(key_of(i), metric, 1, 6), ours, " ± ")
        return (ours[1] - part[1]) ^ 2 <= 4 * ours[2] ^ 2 ? 1 : -1
    }
    sign = sign_of(i, to, metric)
    if (relation == "<" || relation == ">") return relation == "<" ? -sign : sign
    doubt = 2 * pair_error
    if (pair_mean - doubt >= -margin && pair_mean + doubt <= margin) return 1
    if (relation == "!<" && pair_mean - doubt >= -margin) return 1
    if (relation == "!>" && pair_mean + doubt <= margin) return 1
    if (relation == "!<") return sign < 0 ? -1 : 0
    if (relation == "!>") return sign > 0 ? -1 : 0
    return sign ? -1 : 0
}

# Whether there are enough runs for a verdict.
function enough(i, to, metric) {
    take_pairs(key_of(i), key_of(to), metric)
    return pair_n >= 3
}

# What of row i the relation looks at.
function told_figure(relation, i, to, metric,    text) {
    if (relation == "~") {
        text = published_cell(experiment[i], variant[i], name[i], metric, scale_of(metric),
            digits_of(metric))
        return spread(key_of(i), metric, scale_of(metric), digits_of(metric)) " (" text ")"
    }
    sign_of(i, to, metric)
    if (pair_n && same_runs(key_of(i), key_of(to))) return "the same"
    text = sprintf("%+." digits_of(metric) "f", pair_mean * scale_of(metric))
    return pair_n < 3 ? text " (too few)" : text " ± " number(pair_error * scale_of(metric), digits_of(metric))
}

# The row that row i is held against: the reference of its experiment, or the one of variant
# `other`, at the same share of the labels where that names none.
function held_against(i, other) {
    if (other == "") return reference_of(i)
    if (other !~ /, [0-9]+ % labels$/ && match(variant[i], /, [0-9]+ % labels$/))
        other = other substr(variant[i], RSTART)
    return row_of[experiment[i], other, name[i]] + 0
}

# Leaves what became of a claim in `ours` and `verdict`: variants separated by ";", series by
# blanks; `relation` may name the variant that they are held against.
function test_claim(e, variants, relation, names, metric,    n, v, m, s, i, j, row, to, text, \
                    margin) {
    against = relation
    if (!sub(/^[^ ]* /, "", against)) against = ""
    sub(/ .*/, "", relation)
    margin = relation
    sub(/^[^.]*/, "", margin)
    if (margin == "") margin = 0.05
    sub(/[.].*/, "", relation)
    ours = borne_out = rest = contrary = undecided = void = few = ""
    n_tested = n_borne_out = 0
    n = split(variants, v, ";")
    m = split(names, s, " ")
    for (i = 1; i <= n; i++) {
        text = ""
        for (j = 1; j <= m; j++) {
            row = row_of[e, v[i], s[j]]
            to = row && relation != "~" ? held_against(row, against) : row
            if (!row || !to) text = add_to(text, "(no row: " v[i] " of " s[j] ")")
            else if (ended[key_of(row)] && ended[key_of(to)]) {
                text = add_to(text, s[j] " " told_figure(relation, row, to, metric))
                judge(s[j] (n > 1 ? " at " v[i] : ""), relation, row, to, metric, margin)
            }
        }
        if (text != "") ours = ours (ours == "" ? "" : "; ") (n > 1 ? v[i] ": " : "") text
    }
    verdict = told_verdict(relation)
}

function add_to(list, text) {
    return list == "" ? text : list ", " text
}

function judge(what, relation, row, to, metric, margin,    held) {
    if (!enough(row, to, metric)) {
        few = add_to(few, what)
        return
    }
    if (metric == "best_f" && says_nothing(row, to)) {
        void = add_to(void, what " (random scores reach " number(floor_of(row), 2) ")")
        return
    }
    held = holds(relation, row, to, metric, margin)
    n_tested++
    if (held > 0) {
        n_borne_out++
        borne_out = add_to(borne_out, what)
        return
    }
    rest = add_to(rest, what)
    if (relation == "~") return
    if (held < 0) contrary = add_to(contrary, what)
    else if (relation !~ /^[<>]$/) undecided = add_to(undecided, what)
}

function told_verdict(relation,    text) {
    if (n_tested && n_borne_out == n_tested) text = "**reproduced**"
    else if (2 * n_borne_out > n_tested)
        text = "**in part**, " n_borne_out " of " n_tested ": all but " rest
    else if (n_borne_out) text = "**in part**, " n_borne_out " of " n_tested ": " borne_out
    else if (n_tested && undecided != "" && contrary == "") text = "**undecided**"
    else if (n_tested) text = "**not reproduced**" \
        (relation !~ /^[<>]$/ || contrary != "" ? "" : ": no difference seen")
    if (contrary != "") text = text "; the contrary on " contrary
    if (undecided != "" && text !~ /^..undecided/) text = text "; undecided on " undecided
    if (void != "") text = add_verdict(text, "**not comparable**: " void)
    if (few != "") text = add_verdict(text, "too few runs: " few)
    return text == "" ? "not run" : text
}

function add_verdict(text, another) {
    return text == "" ? another : text "; " another
}

function print_findings(    i, f, e) {
    if (!n_findings) return
    print "## Findings\n"
    print "A figure with a sign is a paired difference of best F, mean ± standard error: the claim's"
    print "variant less the one it is held against. Others are means ± deviation, with the published"
    print "value in brackets.\n"
    print "| what the sources say | ours | verdict | rows |"
    print "|---|---|---|---|"
    for (i = 1; i <= n_findings; i++) {
        split(finding[i], f, "|")
        e = f[1]
        if (f[4] == "hand") {
            ours = filled(f[3], e)
            verdict = f[5]
        } else {
            test_claim(e, f[3], f[4], f[5], f[6] == "" ? "best_f" : f[6])
            if (f[7] ~ /^not comparable/) verdict = "**not comparable**" substr(f[7], 15)
            else if (f[7] != "" && verdict != "not run") verdict = verdict "; " f[7]
        }
        printf "| %s | %s | %s | [%s](#%s) |\n", f[2], ours == "" ? "–" : ours, verdict, e, e
    }
    print ""
}

# A text with figures of rows in the place of {variant; series}, {variant; series; metric}, the
# published one of {published variant; series} and the paired difference of {difference variant;
# series}. {experiment/variant; series} is of another experiment.
function filled(text, e,    done, what) {
    while (match(text, /[{][^{}]*[}]/)) {
        what = substr(text, RSTART + 1, RLENGTH - 2)
        done = done substr(text, 1, RSTART - 1)
        text = substr(text, RSTART + RLENGTH)
        done = done quoted(what, e)
    }
    return done text
}

function quoted(what, e,    kind, part, i, metric, cell) {
    gsub(/\n/, " ", what)
    kind = "spread"
    if (match(what, /^(published|difference) /)) {
        kind = substr(what, 1, RLENGTH - 1)
        what = substr(what, RLENGTH + 1)
    }
    if (match(what, /^[a-z0-9-]+\//)) {
        e = substr(what, 1, RLENGTH - 1)
        what = substr(what, RLENGTH + 1)
    }
    split(what, part, "; ")
    metric = part[3] == "" ? "best_f" : part[3]
    i = row_of[e, part[1], part[2]]
    if (kind == "published")
        cell = published_cell(e, part[1], part[2], metric, scale_of(metric), digits_of(metric))
    else if (i && metric == "floor") cell = number(floor_of(i), 2)
    else if (i && kind == "spread")
        cell = spread(key_of(i), metric, scale_of(metric), digits_of(metric))
    else if (i) cell = told_figure(">", i, reference_of(i), metric)
    return cell == "" ? "(no row: " what ")" : cell
}
