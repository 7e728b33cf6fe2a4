# Alarms over time, of figure_alarms.awk. `folders`: of the series; `titles`: separated by |.
panels = words(folders)
title_of(i) = system(sprintf("printf '%%s' '%s' | cut -d '|' -f %d", titles, i))
head = 34.0
foot = 46.0
gap = 26.0
high = (height - head - foot * panels - gap * panels) / panels
set multiplot
set lmargin at screen 0.02
set rmargin at screen 0.98
set tmargin at screen 1
set bmargin at screen 1 - head / height
unset border; unset xtics; unset ytics
set xrange [0:1]
set yrange [0:1]
set style fill solid 1 noborder
set key center center horizontal maxrows 1 samplen 1.5
plot NaN with lines linewidth 1.5 linecolor rgb black title "KPI", \
    NaN with boxes linecolor rgb "#f3dc7c" title "labelled", \
    NaN with points pointtype 7 pointsize 0.8 linecolor rgb red title "alarm"
unset key
set border 3
set lmargin at screen 70.0 / width
set rmargin at screen 1 - 12.0 / width
set ytics nomirror autofreq
set xtics nomirror autofreq
set xlabel "days since the test part began" offset 0,0.4
do for [p = 1:panels] {
    folder = word(folders, p)
    load folder."/facts"
    top = head + (p - 1) * (high + foot + gap) + gap
    set tmargin at screen 1 - top / height
    set bmargin at screen 1 - (top + high) / height
    set label 1 title_of(p) at graph 0.5, screen 1 - (top - 11) / height center
    set xrange [*:*]
    set yrange [*:*]
    stats folder."/values" using 2 nooutput name "l"
    stats folder."/values" using 3 nooutput name "h"
    low = l_min - 0.04 * (h_max - l_min)
    high_y = h_max + 0.04 * (h_max - l_min)
    set xrange [0:last]
    set yrange [low:high_y]
    set ylabel "KPI" offset 1,0
    pad = last / 600.0
    plot folder."/segments" using (($1 + $2) / 2):(low):($1 - pad):($2 + pad):(low):(high_y) \
            with boxxyerror linecolor rgb "#f3dc7c", \
        folder."/values" using 1:2:(0):($3 - $2) with vectors nohead \
            linewidth 1 linecolor rgb black, \
        "" using 1:2 with lines linewidth 1 linecolor rgb black, \
        folder."/alarms" using 1:2 with points pointtype 7 pointsize 0.5 linecolor rgb red
}
unset multiplot
