# series.txt and lines of scripts/bench/plan -> what to type for each of them in a shell. -v build:
# the build folder

FNR == NR {
    files[$1] = $3
    generator[$1] = $4
    next
}

{
    many = files[$3] ~ / /
    file = "\"$DONUT_DATA/" (many ? "$file" : files[$3]) "\""
    printf "# %s: %s: %s\n", $1, $2, $3
    if (generator[$3] != "") {
        file = build "/kpi.csv"
        print build "/tools/make_kpi " generator[$3] " >" file
    }
    printf "for seed in"
    for (seed = 0; seed < $6; seed++) printf " %d", seed
    print "; do"
    # A model for each file; the row's figures are the means.
    if (many) print "for file in " files[$3] "; do"
    print "    " build "/donut train -q " $4 " --seed $seed -o " build "/kpi.donut " file " &&"
    print "    " build "/donut score -q -m " build "/kpi.donut " $5 " " file " |"
    print "    " build "/donut evaluate"
    if (many) print "done"
    print "done\n"
}
