# The section on the verdict of the report of make bench, from verdict.plan, file=plan, and
# verdict.csv, file=rows. With verdict_sums.awk.

file == "plan" && FNR > 1 {
    split($0, part, "|")
    name[++n_rows] = part[1]
    labels[n_rows] = part[2]
    told[n_rows] = part[8]
}

function has_run(of,    i, n) {
    for (i = 1; i <= n_seeds; i++) if ((of SUBSEP seed[i]) in whole) n++
    return n + 0
}

# The lines of a table: columns are figure:scale:digits, or with :half, with blanks between.
function print_rows(set, half, columns,    n, c, i, j, l, label, of, part, m, row) {
    n = split(columns, c, " ")
    for (l = 1; l <= 2; l++) {
        label = l == 1 ? "ignored" : "used"
        for (i = 1; i <= n_rows; i++) {
            of = set SUBSEP name[i] SUBSEP label
            if (!index(" " labels[i] " ", " " label " ") || !has_run(of)) continue
            row = "| " name[i] (half == "all" ? "" : ", half " half) \
                " | " label " |"
            for (j = 1; j <= n; j++) {
                m = split(c[j], part, ":")
                row = row " " spread(of, m > 3 ? part[4] : half, part[1], part[2], part[3]) " |"
            }
            print row
        }
    }
}

function print_head(text,    n, part, i, head, rule) {
    n = split(text, part, "|")
    for (i = 1; i <= n; i++) {
        head = head " " part[i] " |"
        rule = rule (i < 3 ? "---|" : "---:|")
    }
    print "|" head "\n|" rule
}

function counted(set, what,    i, j, l, of, x) {
    for (i = 1; i <= n_rows; i++)
        for (l = 1; l <= 2; l++) {
            of = set SUBSEP name[i] SUBSEP (l == 1 ? "ignored" : "used")
            for (j = 1; j <= n_seeds; j++) {
                x = figure(of SUBSEP seed[j], "all", what)
                if (x != "") return x
            }
        }
    return 0
}

function print_set(set, title) {
    if (!(set in has_set)) return
    printf "### verdict: %s, %d KPIs, %d of them with anomalies\n\n", title, counted(set, "kpis"),
        counted(set, "with")
    print_head("row|labels|F|on A|on B|precision|recall|mean F|on A|on B|alarms a week|" \
        "false alarms / risk|of the median KPI|training, s|CPU, s")
    print_rows(set, "all", "f:1:3 f:1:3:A f:1:3:B precision:1:2 recall:1:2 mean_f:1:3 " \
        "mean_f:1:3:A mean_f:1:3:B per_week:1:2 false:1:2 median:1:2 wall:1:0 cpu:1:0")
    print ""
    print_head("row|labels|best F, pooled|on A|on B|mean PA|mean 7-delay|mean raw AP|flagged, %|" \
        "KPIs > 5 %|in the band|no model")
    print_rows(set, "all", "best:1:3 best:1:3:A best:1:3:B mean_pa_best_f:1:3 mean_best_f:1:3 " \
        "mean_raw_ap:1:3 share:100:2 over:1:1 inside:1:0 unjudged:1:0")
    print "\n<details><summary>Each half</summary>\n"
    print_head("row|labels|F|precision|recall|mean F|mean precision|mean recall|alarms a week|" \
        "false alarms / risk|of the median KPI|best F, pooled|mean PA|mean 7-delay|mean raw AP|flagged, %|KPIs > 5 %")
    print_half(set, "A")
    print_half(set, "B")
    print "\n</details>\n"
}

function print_half(set, half) {
    print_rows(set, half, "f:1:3 precision:1:2 recall:1:2 mean_f:1:3 mean_precision:1:2 " \
        "mean_recall:1:2 per_week:1:2 false:1:2 median:1:2 best:1:3 mean_pa_best_f:1:3 " \
        "mean_best_f:1:3 mean_raw_ap:1:3 share:100:2 over:1:1")
}

function seeds_told(    i, text) {
    for (i = 1; i <= n_seeds; i++) text = text (i == 1 ? "" : ", ") seed[i]
    return text
}

END {
    if (!n_seeds) exit
    print "<a id=\"verdict\"></a>\n"
    print "## The verdict\n"
    print "What the column `anomaly` is worth, without anybody's threshold. Each KPI is learnt in"
    print "its first half and judged in its second one. Labels are ignored or used in learning;"
    print "they only count what is found. Figures are means ± deviations over the seeds " \
        seeds_told() ".\n"
    for (i = 1; i <= n_rows; i++) print "- " name[i] ": " told[i]
    print ""
    print "F, precision and recall are 7-delay: an alarm on the first 8 points of a labelled"
    print "segment finds all of it, a missing point ends a segment, alarms elsewhere are false."
    print "Points of all KPIs are counted together; mean F is over the KPIs with anomalies. A and B"
    print "are two halves of the KPIs, every second name each. The rules and defaults of 0.5.0 were"
    print "chosen with all of them in sight: how far A and B lie apart says how far to trust a"
    print "difference. Best F: at each KPI's best threshold, which nobody has, with the counts there"
    print "taken together. It is no ceiling: the best threshold of a KPI whose scores are of no use"
    print "flags nearly all. PA is point-adjusted. An alarm is a run of flagged points, per KPI and"
    print "week. False alarms / risk: the share of flagged points far from all labelled ones (240"
    print "points behind, 48 at an hour or more), over the risk that was asked for; all KPIs together,"
    print "and the median of those for which one such point or more was expected. Points that nobody"
    print "labelled are not all normal: a few KPIs make up the former. A KPI without a"
    print "model finds nothing. In the band: flagged points between `lower` and `upper`.\n"
    print_set("aiops", "AIOps 2018")
    print_set("wsd", "WSD")
    print_set("microsoft", "Microsoft")
    print_set("blog", "the study's series")
    print_set("generated", "generated")
}
