# Lines of figure_rows.awk -> what figure_bars.gp draws, in the folder `to`:
#   bars       block x bar  F sd  AUC sd  delay sd  floor, of each bar
#   published  block x  F AUC delay, of each published value
#   tics.N     the ticks of block N: series, and under each bar group its share of labels
# kind: methods (VAE baseline, Donut, Donut-Prior) or techniques (the five combinations).
# The second file has the published values: figure,metric,series,labels,bar,value.

BEGIN {
    FS = "\t"
    bars = kind == "methods" ? 3 : 5
    pitch = bars + 0.9
}

function bar_of(method, injection, mcmc) {
    if (kind == "methods") return method == "vae" ? 1 : method == "prior" ? 3 : 2
    return method == "vae" ? 1 : 2 + (injection > 0 ? 1 : 0) + (mcmc > 0 ? 2 : 0)
}

FNR == 1 { file++ }

file == 1 {
    if (!($1 in number)) {
        number[$1] = ++many
        name[many] = $1
    }
    line[++lines] = $0
    next
}

{
    split($0, p, ",")
    value[p[3], p[4], p[5], p[2]] = p[6]
}

function block_of(series) {
    return blocks == 2 && number[series] > first_block ? 2 : 1
}

# Where a bar stands in its block.
function place(series, labels, bar,    i, group) {
    i = number[series] - (block_of(series) == 2 ? first_block : 0) - 1
    group = labels == 0 ? 0 : labels == 100 ? 2 : 1
    return i * (3 * pitch + 1.6) + group * pitch + bar
}

function published(series, labels, bar, metric) {
    return (series, labels, bar, metric) in value ? value[series, labels, bar, metric] : "?"
}

function write_tics(block,    i, j, text, file) {
    file = to "/tics." block
    printf "set xtics (" >file
    for (i = 1; i <= many; i++) {
        if (block_of(name[i]) != block) continue
        for (j = 0; j < 3; j++) {
            text = j == 0 ? "0" : j == 1 ? "10" : "100 %%"
            if (j == 1) text = text "\\n" name[i]
            printf "%s\"%s\" %g", comma, text, place(name[i], j * 50, (bars + 1) / 2) >file
            comma = ", "
        }
        end = place(name[i], 100, bars) + 1.2
    }
    comma = ""
    printf ")\nset xrange [%g:%g]\n", -0.4, end + 0.2 >file
}

END {
    blocks = many > 6 ? 2 : 1
    first_block = blocks == 2 ? int(many / 2) : many
    for (i = 1; i <= lines; i++) {
        split(lines ? line[i] : "", f, "\t")
        bar = bar_of(f[2], f[4], f[5])
        x = place(f[1], f[3], bar)
        print block_of(f[1]), x, bar, f[12], f[13], f[14], f[15], f[16], f[17], f[18] >(to "/bars")
        # Once for a bar, and with a line of its own so that the file is never empty.
        print block_of(f[1]), x, published(f[1], f[3], bar, "F"), \
            published(f[1], f[3], bar, "AUC"), published(f[1], f[3], bar, "delay") \
            >(to "/published")
    }
    for (i = 1; i <= blocks; i++) write_tics(i)
    print "blocks = " blocks >(to "/facts")
}
