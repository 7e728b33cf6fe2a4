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

function is_for_full(e,    i) {
    for (i = 1; i <= n_rows; i++) if (experiment[i] == e && repeats[i]) return 0
    return 1
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

# "least to most" of what the seeds of a row have
function range_over(of, i,    n, key, least, most) {
    for (n = 0; n < repeats[i]; n++) {
        key = name[i] SUBSEP train[i] SUBSEP n
        if (!(key in of)) continue
        if (least == "" || of[key] < least) least = of[key]
        if (of[key] > most) most = of[key]
    }
    return least == most ? least : least " to " most
}

# How long the rows are trained that have as many steps as others.
function print_steps(e,    i, j, head) {
    for (j = 1; j <= n_series; j++)
        for (i = 1; i <= n_rows; i++) {
            if (experiment[i] != e || name[i] != series[j] || !is_shown(i)) continue
            if (train[i] !~ /steps-of-/) continue
            if (!head++) {
                print "<details><summary>Epochs and steps of the baseline</summary>\n"
                print "| series | variant | steps of an epoch | of all windows | epochs for the " \
                    "steps of Donut |\n|---|---|---:|---:|---:|"
            }
            printf "| %s | %s | %s | %s | %s |\n", shown_name(name[i]), variant[i], \
                range_over(own_steps, i), steps_of_all[name[i]], range_over(epochs_of, i)
        }
    if (head) print "\n</details>\n"
}

# The series of an experiment that FULL=1 alone runs, or "".
function left_for_full(e,    i, text) {
    for (i = 1; i <= n_rows; i++) {
        if (experiment[i] != e || repeats[i] || is_run(e, name[i])) continue
        if (index(", " text ",", ", " name[i] ",")) continue
        text = text (text == "" ? "" : ", ") name[i]
    }
    return text
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

# Of a series whose data was ever at hand, table 1 is known.
function at_hand(s) {
    return (s, "points") in statistic
}

function why_empty(e,    i) {
    if (!measured[e]) return "Not part of `make bench-quick`."
    if (is_for_full(e)) return "Not run (FULL=1)."
    for (i = 1; i <= n_rows; i++) if (experiment[i] == e && at_hand(name[i])) return "Not run yet."
    return "No data at hand."
}

# Of an experiment with rows, folded: what to type, and the tables.
function print_rows(e) {
    print "<details><summary>Rows and commands</summary>\n"
    print_commands(e)
    print_steps(e)
    if (told_reference(e) != "") print told_reference(e) "\n"
    if (form[e] == "wide") print_wide(e)
    else {
        print_table(e, 1)
        print_published_only(e)
    }
    print "</details>\n"
}

function print_reading(e,    text) {
    if (!(e in reading)) return
    text = filled(reading[e], e)
    sub(/^\n+/, "", text)
    sub(/\n+$/, "", text)
    print text "\n"
}

function print_section(e,    left) {
    if (form[e] == "figure") return
    print "<a id=\"" e "\"></a>\n"
    print "### " e ": " title[e] "\n"
    print sentence[e] "\n"
    if (form[e] ~ /^(table1|roughness)$/) {
        print_reading(e)
        if (form[e] == "table1") print_table1()
        else print_roughness()
        return
    }
    if (!has_rows(e)) {
        print why_empty(e) "\n"
        return
    }
    left = missing_runs(e)
    if (left != "") print "Not complete: " left ".\n"
    else print_reading(e)
    if (left_for_full(e) != "") print "Not run (FULL=1): " left_for_full(e) ".\n"
    print_rows(e)
}

# Each with its caption, and what it says where it has no rows.
function print_pictures(    i, e) {
    if (n_pictures) print "## Pictures\n"
    for (i = 1; i <= n_pictures; i++) {
        e = picture_of[i]
        if (form[e] == "figure" && !shown_picture[e]++) {
            print "<a id=\"" e "\"></a>\n"
            print "### " e ": " title[e] "\n"
            print sentence[e] "\n"
        } else if (form[e] != "figure") print "### " e ": " title[e] " ([rows](#" e "))\n"
        print "![" e ": " title[e] "](figures/" picture[i] ".png)\n"
        print caption[i] "\n"
        if (form[e] == "figure" && picture_of[i + 1] != e) print_reading(e)
    }
}

# Series that no row is of.
function left_out(with_data,    i, text) {
    for (i = 1; i <= n_series; i++)
        if (!(series[i] in has_series) && series[i] in planned && at_hand(series[i]) == with_data)
            text = text (text == "" ? "" : ", ") series[i]
    return text
}

function print_left_out() {
    if (left_out(0) left_out(1) == "") return
    print "## Left out\n"
    if (left_out(0) != "") print "No data at hand: " left_out(0) ".\n"
    if (left_out(1) != "") print "Not run yet: " left_out(1) ".\n"
}

file == "verdict" { verdict_section = verdict_section $0 "\n" }

END {
    print text_of_head(1)
    print_findings()
    printf "%s", verdict_section
    print_pictures()
    print text_of_head(2)
    print_series()
    print "## Tables\n"
    for (i = 1; i <= n_sections; i++) print_section(section[i])
    print_left_out()
}
