# Writes the report of make bench with report_rows.awk and report_tables.awk.

# How far an experiment is: "n of N runs", or "" when it is complete.
function missing_runs(e,    i, done, wanted, n) {
    for (i = 1; i <= n_rows; i++) {
        if (experiment[i] != e) continue
        wanted += repeats[i]
        n = ended[key_of(i)] + 0
        done += n < repeats[i] ? n : repeats[i]
    }
    return done == wanted ? "" : done " of " wanted " runs"
}

function has_rows(e,    i) {
    for (i = 1; i <= n_rows; i++) if (experiment[i] == e && ended[key_of(i)]) return 1
    return 0
}

function print_table1(    i, j, s, n, c) {
    n = split("points missing anomalous windows abnormal_windows", c, " ")
    print "| series | points | missing | anomalous | windows | abnormal windows |"
    print "|---|---:|---:|---:|---:|---:|"
    for (i = 1; i <= n_series; i++) {
        s = series[i]
        if ((s, "points") in statistic && !(s in single)) {
            printf "| %s |", shown_name(s)
            for (j = 1; j <= n; j++) printf " %s |", with_share(s, c[j])
            print ""
        }
        if (!(("table1", "", s, "points") in published)) continue
        printf "| the paper's %s |", s
        for (j = 1; j <= n; j++) {
            statistic["published " s, c[j]] = published["table1", "", s, c[j]] + 0
            printf " %s |", with_share("published " s, c[j])
        }
        print ""
    }
    print ""
}

function with_share(s, c,    whole) {
    whole = c == "abnormal_windows" ? "windows" : "points"
    return statistic[s, c] (c == "points" || c == "windows" ? "" : \
        sprintf(" (%.2f %%)", 100 * statistic[s, c] / statistic[s, whole]))
}

function print_roughness(    i, s) {
    print "| series | `donut info`, whole series | rows of the training part | published |"
    print "|---|---:|---:|---:|"
    for (i = 1; i <= n_series; i++) {
        s = series[i]
        if (!((s, "roughness") in statistic) || s in single) continue
        printf "| %s | %.3f | %.3f | %s |\n", shown_name(s), statistic[s, "roughness"],
            statistic[s, "training_roughness"], \
            published_cell("roughness", "", s, "roughness", 1, 3)
    }
    print ""
}

# Systems that the sources ran and we do not.
function print_published_only(e,    i, text, part) {
    for (i = 1; i <= n_published; i++) {
        split(published_order[i], part, SUBSEP)
        if (part[1] != e || part[4] != "best_f" || (e, part[2]) in in_plan) continue
        text = text (text == "" ? "" : "; ") part[2] " on the paper's " part[3] " " \
            published_cell(e, part[2], part[3], "best_f", 1, 3)
    }
    if (text != "") print "Not run here, best F as published: " text ".\n"
}

function print_section(e,    left) {
    if (form[e] == "figure" && !(e in figures)) return
    print "## " e ": " title[e] "\n"
    print sentence[e] "\n"
    if (form[e] == "table1") print_table1()
    else if (form[e] == "roughness") print_roughness()
    else if (form[e] != "figure") {
        if (!has_rows(e)) {
            print "Not run yet.\n"
            return
        }
        left = missing_runs(e)
        if (left != "") print "Not complete: " left ".\n"
        print_commands(e)
        if (form[e] == "wide") print_wide(e)
        else {
            print_table(e, 1)
            print_published_only(e)
        }
    }
    if (e in figures) print substr(figures[e], 2)
    if (left == "" && e in reading) {
        sub(/^\n+/, "", reading[e])
        sub(/\n+$/, "", reading[e])
        print reading[e] "\n"
    }
}

# ---- Begin and end

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

# The text in front, and the table of the series that there are rows of.
function print_begin(    i, s, part, source) {
    sub(/@WHAT@/, quick ? "`make bench-quick` (in small: it means nothing)" : "`make bench`", \
        text_in_front)
    sub(/@ENGINE@/, sorted_engines(), text_in_front)
    print text_in_front
    print "| series | what | file | W | learnt from | test points | anomalous | segments |"
    print "|---|---|---|---:|---:|---:|---:|---:|"
    for (i = 1; i <= n_series; i++) {
        s = series[i]
        if (!(s in has_series) || s in single) continue
        split(test_part[s], part, "|")
        source = generator[s] == "" ? files[s] : "make_kpi " generator[s]
        sub(/ blog.*-/, " ... -", source)
        printf "| %s | %s | `%s` | %s | first %s | %s | %s | %s |\n", s, what[s], source, window[s],
            split_at[s] (split_at[s] ~ /%$/ ? "" : " points"), part[1], part[2], part[3]
    }
    print ""
}

function print_left_out(    i, text) {
    for (i = 1; i <= n_series; i++)
        if (!(series[i] in has_series) && series[i] in planned)
            text = text (text == "" ? "" : ", ") series[i]
    if (text != "") print "## Left out\n\nNo data at hand, or not run yet: " text ".\n"
}

END {
    print_begin()
    for (i = 1; i <= n_sections; i++) print_section(section[i])
    print_left_out()
}
