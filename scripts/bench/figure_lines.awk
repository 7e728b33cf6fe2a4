# Lines of figure_rows.awk, of a sweep -> in the folder `to`:
#   series.N, paper.N  place F sd  and  place F  of the Nth series, ours and the published ones
#   facts              their names and the ticks
# values: the swept values in order, with blanks between; the last word of a variant is its value.

BEGIN {
    FS = "\t"
    n = split(values, words, " ")
    for (i = 1; i <= n; i++) place[words[i]] = i
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
    printf "many = %d\nplaces = %d\nset xtics (", many, n >file
    for (i = 1; i <= n; i++) printf "%s\"%s\" %d", i > 1 ? ", " : "", words[i], i >file
    printf ")\narray series[%d]\narray ours[%d]\narray theirs[%d]\n", many + 1, many + 1, many + 1 >file
    for (i = 1; i <= many; i++) {
        printf "series[%d] = \"%s\"\n", i, name[i] >file
        printf "ours[%d] = %d\ntheirs[%d] = %d\n", i, (name[i] in ours), i, (name[i] in theirs) >file
    }
}
