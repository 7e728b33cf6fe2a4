# Bars with the deviation over repeats, of figure_bars.awk. `from`: its folder; `kind` as there.
load from."/facts"
methods = kind eq "methods"
array colour[5]
array title[5]
if (methods) {
    colour[1] = orange; title[1] = "VAE baseline"
    colour[2] = blue; title[2] = "Donut"
    colour[3] = grey; title[3] = "Donut-Prior"
    bars = 3
} else {
    colour[1] = orange; title[1] = "VAE baseline"
    colour[2] = sky; title[2] = "M-ELBO"
    colour[3] = green; title[3] = "+ injection"
    colour[4] = purple; title[4] = "+ MCMC"
    colour[5] = blue; title[5] = "+ both"
    bars = 5
}
metrics = methods ? 3 : 1
array axis[3] = ["best F", "AUC", "alert delay, points"]
panels = blocks * metrics
head = 34.0 / height
foot = 62.0
gap = 12.0
high = (height - 34.0 - blocks * foot - (panels - blocks) * gap) / panels

set style fill solid 1 noborder
set boxwidth 0.86
set pointintervalbox 0
set multiplot
set lmargin at screen 0
set rmargin at screen 1
set tmargin at screen 1
set bmargin at screen 1 - 30.0 / height
unset border; unset xtics; unset ytics; set xrange [0:1]; set yrange [0:1]
set key center center horizontal maxrows 1 samplen 1.2
plot for [b = 1:bars] NaN with boxes linecolor rgb colour[b] title title[b], \
    NaN with lines linewidth 2 linecolor rgb red title "random scores", \
    NaN with points pointtype 6 pointsize 0.7 linewidth 1.5 linecolor rgb black title "published"
unset key
set border 1
set lmargin at screen 62.0 / width
set rmargin at screen 1 - 12.0 / width
top = 34.0
do for [block = 1:blocks] {
    do for [m = 1:metrics] {
        metric = methods ? (m == 1 ? 2 : m == 2 ? 1 : 3) : 1
        set tmargin at screen 1 - top / height
        set bmargin at screen 1 - (top + high) / height
        unset xtics
        load from."/tics.".block
        if (m < metrics) { set format x "" } else { set format x }
        set ylabel axis[metric] offset 1,0
        if (metric < 3) { set yrange [0:1]; set ytics 0.2 } else { set yrange [0:*]; set ytics auto }
        if (m < metrics) {
            set xtics scale 0.3 textcolor rgb "#ffffff"
        } else {
            set xtics scale 0.3 textcolor rgb black
        }
        column_of = 2 * metric + 2
        here(c) = column(1) == block ? column(c) : NaN
        plot for [b = 1:bars] from."/bars" \
                using ($3 == b ? here(2) : NaN):(here(column_of)) \
                with boxes linecolor rgb colour[b], \
            from."/bars" using (here(2)):(here(column_of)):(here(column_of + 1)) \
                with yerrorbars pointtype 0 linewidth 1 linecolor rgb black , \
            from."/bars" using (here(2) - 0.43):(metric == 1 ? here(10) : NaN):(0.86):(0) \
                with vectors nohead linewidth 2 linecolor rgb red, \
            from."/published" using (here(2)):(here(metric + 2)) \
                with points pointtype 6 pointsize 0.7 linewidth 1.5 linecolor rgb black
        top = top + high + (m < metrics ? gap : foot)
    }
}
unset multiplot
