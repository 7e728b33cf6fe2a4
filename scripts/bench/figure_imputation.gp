# The imputation of one window. `data`: the beginning of the names of the window, the hidden points
# by iteration, q(z|x) of the untouched window, the chain of z and a cloud of z.
stats data.".q" using (m1=$1, m2=$2, s1=$3, s2=$4) nooutput
set palette maxcolors 11 defined (0 "#c3d7ee", 5 "#3f8fd2", 10 "#0b2f6b")
set cbrange [-0.5:10.5]
unset colorbox
set multiplot
set tmargin at screen 0.9
set bmargin at screen 0.25

set lmargin at screen 0.08
set rmargin at screen 0.53
set xlabel "minutes from the last point"
set ylabel "KPI" offset 1.5,0
set xrange [-121:2]
set xtics nomirror -120, 20, 0
set label 1 "x with 15 % of its points hidden, and what stands for them" at graph 0.5, 1.05 center
plot data.".window" using 1:2 with lines linewidth 1.4 linecolor rgb grey, \
    data.".filled" using ($3 <= 10 ? $1 : NaN):2:3 with points pointtype 7 pointsize 0.7 \
        linecolor palette

set lmargin at screen 0.62
set rmargin at screen 0.985
set xlabel "z₁"
set ylabel "z₂" offset 1.5,0
set xtics nomirror autofreq
stats data.".chain" using 2 nooutput name "a"
stats data.".chain" using 3 nooutput name "b"
min(x, y) = x < y ? x : y
max(x, y) = x > y ? x : y
x1 = min(a_min, m1 - 3 * s1)
x2 = max(a_max, m1 + 3 * s1)
y1 = min(b_min, m2 - 3 * s2)
y2 = max(b_max, m2 + 3 * s2)
set xrange [x1 - 0.15 * (x2 - x1):x2 + 0.15 * (x2 - x1)]
set yrange [y1 - 0.15 * (y2 - y1):y2 + 0.15 * (y2 - y1)]
set border 15 linecolor rgb "#b0b0b0"
set object 1 ellipse center m1, m2 size 6 * s1, 6 * s2 front fillstyle empty border \
    linecolor rgb red linewidth 1.8
set label 1 "z by iteration; q(z|x) of the whole x"
plot data.".z" using 2:3 with points pointtype 7 pointsize 0.3 linecolor rgb pale, \
    "<echo ".gprintf("%.9g", m1)." ".gprintf("%.9g", m2) using 1:2 \
        with points pointtype 1 pointsize 2 linewidth 2 \
        linecolor rgb red, \
    data.".chain" using 2:3 with lines linewidth 1 linecolor rgb grey, \
    "" using 2:3:1 with points pointtype 7 pointsize 0.9 linecolor palette, \
    "" using 2:3:1 with labels offset 0.7,0.7 font ",10"

set lmargin at screen 0.3
set rmargin at screen 0.7
set tmargin at screen 0.1
set bmargin at screen 0.07
unset object 1
unset label 1
unset ylabel
unset ytics
set border 0
set xlabel ""
set xtics 0, 1, 10 scale 0 offset 0,0.4
set xrange [-0.5:10.5]
set yrange [0:1]
set label 2 "iteration" at screen 0.29, 0.085 right
set style fill solid 1 noborder
plot for [i = 0:10] "+" using (i):(0.5):(0.5):(0.5):(i) every ::0::0 \
    with boxxyerror linecolor palette
unset multiplot
