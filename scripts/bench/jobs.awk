# The runs that the plan asks for and the results do not have of this version of donut; what one
# training can serve is one run. Reads the results, then the plan. Lines, those of a run together:
#   run|cost|experiment|variant|series|options of train|options of score|seed
# Within an experiment the first repeat of everything comes first. -v series: the file series.txt.
# With csv.awk, rows.awk and cost.awk.

function add_row(i, seed,    options, run, row) {
    options = run_of(name[i], train[i], seed)
    run = name[i] SUBSEP options SUBSEP seed
    row = name[i] SUBSEP options SUBSEP score[i] SUBSEP seed
    if (options == "" || row in have) return
    have[row] = 1
    if (!(run in number)) {
        number[run] = ++runs
        cost[runs] = train_cost(name[i], train[i])
    }
    run = number[run]
    cost[run] += score_cost(name[i], train[i], score[i])
    rows[run]++
    text[run, rows[run]] = experiment[i] "|" variant[i] "|" name[i] "|" options "|" score[i] \
        "|" seed
}

BEGIN { read_series() }

# What is wrong with a line of the results, or "".
function fault(n,    i) {
    if (n != 20) return "has not 20 fields"
    if (FNR == 1) return ""
    if (field[6] !~ /^[0-9]+$/) return "has no whole number as its seed"
    for (i = 8; i <= 20; i++)
        if (field[i] !~ /^([-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?)?$/)
            return "has '" field[i] "' where a number belongs"
    return ""
}

FNR == NR {
    strange = fault(split_csv($0, field))
    if (strange != "") {
        strange = "line " FNR " of the results " strange
        exit
    }
    if (counts(field[7], field[3], field[4], field[6]))
        have[field[3], field[4], field[5], field[6]] = 1
    next
}

{
    split($0, field, "|")
    n++
    experiment[n] = field[1]
    variant[n] = field[2]
    name[n] = field[3]
    train[n] = field[4]
    score[n] = field[5]
    repeats[n] = field[6]
    if (field[6] > most) most = field[6]
}

END {
    if (strange != "") {
        print strange ": mend or delete it"
        exit 1
    }
    for (first = 1; first <= n; first = last + 1) {
        for (last = first; experiment[last + 1] == experiment[first] && last < n;) last++
        for (seed = 0; seed < most; seed++)
            for (i = first; i <= last; i++) if (seed < repeats[i]) add_row(i, seed)
    }
    for (run = 1; run <= runs; run++)
        for (i = 1; i <= rows[run]; i++) printf "%d|%.3f|%s\n", run, cost[run], text[run, i]
}
