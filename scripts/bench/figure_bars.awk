# Lines of figure_rows.awk -> what figure_bars.gp draws, in the folder `to`:
#   bars    block x bar  F sd  AUC sd  delay sd  floor  published F, AUC, delay
#   tics.N  the ticks of block N: series, and under each group of bars its share of the labels
#   facts   how many blocks
# names: of the bars, separated by |.

BEGIN {
    FS = "\t"
    bars = split(names, words, "|")
    for (i = 1; i <= bars; i++) bar_of[words[i]] = i
    pitch = bars + 0.9
}

{
    name = $2
    sub(/, [0-9]+ % labels$/, "", name)
    if (!(name in bar_of)) next
    if (!($1 in number)) {
        number[$1] = ++many
        series[many] = $1
    }
    line[++lines] = $0
    bar[lines] = bar_of[name]
}

function block_of(i) {
    return blocks == 2 && i > first_block ? 2 : 1
}

# Where a bar stands in its block; group: 0, 1, 2 for 0, 10, 100 % of the labels.
function place(i, group, bar) {
    return (i - (block_of(i) == 2 ? first_block : 0) - 1) * (3 * pitch + 1.6) + group * pitch + bar
}

function write_tics(block,    i, group, text, comma, end, file) {
    file = to "/tics." block
    printf "set xtics (" >file
    for (i = 1; i <= many; i++) {
        if (block_of(i) != block) continue
        for (group = 0; group < 3; group++) {
            text = group == 0 ? "0" : group == 1 ? "10\\n" series[i] : "100 %%"
            printf "%s\"%s\" %g", comma, text, place(i, group, (bars + 1) / 2) >file
            comma = ", "
        }
        end = place(i, 2, bars) + 1
    }
    printf ")\nset xrange [0:%g]\n", end >file
}

END {
    blocks = many > 6 ? 2 : 1
    first_block = int(many / blocks)
    for (i = 1; i <= lines; i++) {
        split(line[i], f, "\t")
        x = place(number[f[1]], f[3] == 0 ? 0 : f[3] == 100 ? 2 : 1, bar[i])
        print block_of(number[f[1]]), x, bar[i], f[4], f[5], f[6], f[7], f[8], f[9], f[10], f[11], \
            f[12], f[13] >(to "/bars")
    }
    for (i = 1; i <= blocks; i++) write_tics(i)
    print "blocks = " blocks >(to "/facts")
}
