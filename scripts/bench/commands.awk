# series.txt and lines of scripts/bench/plan -> what to type for each of them in a shell. -v build:
# the build folder. With csv.awk and rows.awk.

FNR == NR {
    files[$1] = $3
    generator[$1] = $4
    next
}

# The generator's command, its seed being its own and the repeat's.
function make_kpi(options,    n, i, word, text) {
    n = split(options, word, " ")
    for (i = 1; i <= n; i++)
        text = text " " (i > 1 && word[i - 1] == "--seed" ? "$((seed + " word[i] "))" : word[i])
    return build "/tools/make_kpi" text " >" build "/kpi.csv"
}

# Options of train, and in `lines` the epochs of each seed where they differ; "" when not counted.
function options_of(s, train, repeats,    seed, run, first, differ) {
    lines = ""
    for (seed = 0; seed < repeats; seed++) {
        run = run_of(s, train, seed)
        if (run == "") return ""
        if (seed == 0) first = run
        if (run != first) differ = 1
        if (train != run)
            lines = lines seed " " epochs_of[s, train, seed] " " decay_of[s, train, seed] "\n"
    }
    if (!differ) return first
    sub(/ --decay-epochs [0-9]+/, "", train)
    sub(/steps-of-[0-9]+/, "$epochs --decay-epochs $decay", train)
    return train
}

{
    many = files[$3] ~ / /
    file = generator[$3] != "" ? build "/kpi.csv" : \
        "\"$DONUT_DATA/" (many ? "$file" : files[$3]) "\""
    repeats = $6 ? $6 : 10
    printf "# %s: %s: %s%s\n", $1, $2, $3, $6 ? "" : " (with FULL=1)"
    options = options_of($3, $4, repeats)
    if (options == "") {
        print "# its epochs are not counted yet: make bench does it\n"
        next
    }
    if (options ~ /\$epochs/) printf "while read -r seed epochs decay"
    else {
        printf "for seed in"
        for (seed = 0; seed < repeats; seed++) printf " %d", seed
    }
    print "; do"
    if (generator[$3] != "") print "    " make_kpi(generator[$3])
    # A model for each file; the row's figures are the means.
    if (many) print "for file in " files[$3] "; do"
    print "    " build "/donut train -q --paper " options " --seed $seed -o " build "/kpi.donut " file " &&"
    print "    " build "/donut score -q -m " build "/kpi.donut " $5 " " file " |"
    print "    " build "/donut evaluate --by score"
    if (many) print "done"
    print options ~ /\$epochs/ ? "done <<END\n" lines "END\n" : "done\n"
}
