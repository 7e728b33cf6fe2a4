# Lines of figure_rows.awk, of a sweep -> in the folder `to`:
#   series.N, paper.N  place F sd  and  place F  of the Nth series, ours and the published ones
#   facts              names of the series, the numbers of those that have one, the ticks
# values: the swept values in order, with blanks between; the last word of a variant is its value.
# known: series that have the first numbers, so that panels agree in their colours.

BEGIN {
    FS = "\t"
    n = split(values, words, " ")
    for (i = 1; i <= n; i++) place[words[i]] = i
    many = split(known, name, " ")
    for (i = 1; i <= many; i++) number[name[i]] = i
    all_known = many
}

{
    value = $2
    sub(/^.* /, "", value)
    if (!(value in place)) next
    if (!($1 in number)) {
        number[$1] = ++many
        name[many] = $1
    }
    if ($4 != "?") {
        ours[$1] = 1
        print place[value], $4, $5 >(to "/series." number[$1])
    }
    if ($11 != "?") {
        theirs[$1] = 1
        print place[value], $11 >(to "/paper." number[$1])
    }
}

END {
    file = to "/facts"
    printf "places = %d\nset xtics (", n >file
    for (i = 1; i <= n; i++) printf "%s\"%s\" %d", (i > 1 ? ", " : ""), words[i], i >file
    for (i = 1; i <= many; i++) {
        all = all " " name[i]
        if (name[i] in ours) our = our " " i
        else if (i <= all_known) absent = absent " " i
        if (name[i] in theirs) their = their " " i
    }
    printf ")\nmany = %d\nnames = \"%s\"\nour = \"%s\"\nabsent = \"%s\"\ntheir = \"%s\"\n", \
        many, all, our, absent == "" ? 0 : absent, their == "" ? 0 : their >file
}
