# Clouds of z, coloured by the hour of the day. `files`: rows of hour and z; `titles`: separated
# by |; `dimensions`: of z, 2 or 3; `columns`: panels in a row.
panels = words(files)
across = int(columns)
down = (panels + across - 1) / across
title_of(i) = system(sprintf("printf '%%s' \"%s\" | cut -d '|' -f %d", titles, i))
solid = int(dimensions) == 3
foot = 52.0
head = 26.0
wide = 1.0 * width / across
high = (height - foot) / down

set multiplot
set grid noxtics noytics
unset colorbox
set tics scale 0.3

if (solid) {
    set view 60, 128, 1.12, 1
    set xyplane relative 0
    set border 127+256+512 linecolor rgb "#b0b0b0"
    set ticslevel 0
} else {
    set border 15 linecolor rgb "#b0b0b0"
}
# Ticks that have room; most clouds are a few units wide.
distance(low, high) = high - low > 40 ? 20 : high - low > 12 ? 5 : 2
if (!solid) {
    set xtics nomirror 2 font ",9"
    set ytics nomirror 2 font ",9"
}
do for [i = 1:panels] {
    column = (i - 1) % across
    line = (i - 1) / across
    left = column * wide
    top = line * high
    if (solid) {
        stats word(files, i) using 2:3 nooutput name "a"
        stats word(files, i) using 4 nooutput name "b"
        set xtics distance(a_min_x, a_max_x) font ",9" offset 0,-0.3
        set ytics distance(a_min_y, a_max_y) font ",9" offset 0,-0.3
        set ztics distance(b_min, b_max) font ",9"
        set origin left / width, 1 - (top + high + 8) / height
        set size wide / width, (high + 8) / height
        set xlabel "z₁" offset 0,-0.6
        set ylabel "z₂" offset 0,-0.6
        set zlabel "z₃" offset 5,5.2
    } else {
        set lmargin at screen (left + 40) / width
        set rmargin at screen (left + wide - 12) / width
        set tmargin at screen 1 - (top + head) / height
        set bmargin at screen 1 - (top + high - 34) / height
        if (line == down - 1) { set xlabel "z₁" offset 0,0.9 } else { unset xlabel }
        if (column == 0) { set ylabel "z₂" offset 1.6,0 } else { unset ylabel }
    }
    set label 1 title_of(i) at screen (left + wide / 2) / width, 1 - (top + 13) / height center \
        font ",11.5"
    if (solid) {
        splot word(files, i) using 2:3:4:1 with points pointtype 7 pointsize 0.28 \
            linecolor palette
    } else {
        plot word(files, i) using 2:3:1 with points pointtype 7 pointsize 0.3 linecolor palette
    }
}

# The hours' colours, below all.
set lmargin at screen 0.25
set rmargin at screen 0.75
set tmargin at screen 30.0 / height
set bmargin at screen 20.0 / height
unset label 1
unset ylabel
set border 0
set xlabel ""
set xtics ("0:00" 0, "6:00" 6, "12:00" 12, "18:00" 18, "24:00" 24) scale 0 offset 0,0.3 font ",10"
unset ytics
set xrange [0:24]
set yrange [0:1]
set label 2 "time of day" at screen 0.24, 25.0 / height right
set samples 97
plot "+" using ($1):(0.5):(0.125):(0.5):1 with boxxyerror fillstyle solid 1 linecolor palette
unset multiplot
