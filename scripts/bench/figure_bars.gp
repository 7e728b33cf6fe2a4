# Bars with the deviation over repeats, of figure_bars.awk. `data`: its folder; `count`: 3 for F,
# AUC and delay, 1 for F alone; `names`, `colours`: of the bars, separated by |; `counted`: how far
# the experiment is, "" when it is complete.
metrics = int(count)
load data."/facts"
name(b) = system(sprintf("printf '%%s' '%s' | cut -d '|' -f %d | sed 's,^M-ELBO +,+,'", names, b))
bars = words(colours)
colour(b) = word(colours, b)
array axis[3] = ["best F", "AUC", "alert delay, points"]

# In pixels: the legend, under each block its ticks, between panels a gap.
note = counted eq "" ? 0.0 : 24.0
head = 34.0 + note
foot = 62.0
gap = 14.0
high = (height - head - blocks * foot - blocks * (metrics - 1) * gap) / (blocks * metrics)

set style fill solid 1 noborder
set boxwidth 0.86
set bars 0.7
set multiplot
set lmargin at screen 0.02
set rmargin at screen 0.98
set tmargin at screen 1 - note / height
set bmargin at screen 1 - head / height
unset border; unset xtics; unset ytics
set xrange [0:1]
set yrange [0:1]
set key center center horizontal maxrows 1 samplen 1.2 width -1
if (note > 0) set label 1 "Not complete: ".counted center at screen 0.5, 1 - 12.0 / height
plot for [b = 1:bars] NaN with boxes linecolor rgb colour(b) title name(b), \
    NaN with lines linewidth 2 linecolor rgb red title "random scores", \
    NaN with points pointtype 6 pointsize 0.8 linewidth 1.6 linecolor rgb black title "published"
unset key
unset label

set border 1 linecolor rgb "#606060"
set lmargin at screen 62.0 / width
set rmargin at screen 1 - 12.0 / width
top = head
do for [block = 1:blocks] {
    do for [metric = 1:metrics] {
        set tmargin at screen 1 - top / height
        set bmargin at screen 1 - (top + high) / height
        load data."/tics.".block
        if (metric < metrics) { set xtics scale 0 textcolor rgb "#ffffff" }
        else { set xtics scale 0 textcolor rgb black }
        set ylabel axis[metric] offset 1,0
        if (metric < 3) { set yrange [0:1.05]; set ytics nomirror 0, 0.2, 1 }
        else { set yrange [0:*]; set ytics nomirror autofreq }
        y = 2 * metric + 2
        here(c) = column(1) == block ? column(c) : NaN
        low(c) = column(c) > column(c + 1) ? here(c) - column(c + 1) : 0
        plot for [b = 1:bars] data."/bars" using ($3 == b ? here(2) : NaN):(here(y)) \
                with boxes linecolor rgb colour(b), \
            "" using (here(2)):(low(y)):(0):(here(y) + column(y + 1) - low(y)) \
                with vectors nohead linewidth 1.3 linecolor rgb black, \
            "" using (here(2) - 0.43):(metric == 1 ? here(10) : NaN):(0.86):(0) \
                with vectors nohead linewidth 4.5 linecolor rgb "#ffffff", \
            "" using (here(2) - 0.43):(metric == 1 ? here(10) : NaN):(0.86):(0) \
                with vectors nohead linewidth 2 linecolor rgb red, \
            "" using (here(2)):(here(10 + metric)) \
                with points pointtype 6 pointsize 0.8 linewidth 1.6 linecolor rgb black
        top = top + high + (metric < metrics ? gap : foot)
    }
}
unset multiplot
