# The view as kernel density estimation. `data`: the beginning of the names of a window, a cloud of
# z, draws of its q(z|x) and what p(x|z) is for each; `std`: the KPI's.
array tone[4] = [blue, red, green, purple]
stats data.".draws" every ::0::0 using (m1=$1, m2=$2, s1=$3, s2=$4) nooutput
stats data.".window" using ($1 == 0 ? (x_t = $2) : 0) nooutput
stats data.".draws" using 1 nooutput
rows = STATS_records
array said[4]
do for [i = 1:rows] {
    stats data.".bands" using ($1 == i && $2 == 0 ? (m = $3, s = $4, 0) : 0) nooutput
    said[i] = 0.5 * log(2 * pi) + log(s / real(std)) + 0.5 * ((x_t - m) / s) ** 2
}

set multiplot
set tmargin at screen 0.88
set bmargin at screen 0.24
set xlabel "minutes from the last point"
set xrange [-120:3]
set xtics nomirror -120, 40, 0
stats data.".bands" using ($3 + 3 * $4) nooutput name "high"
stats data.".bands" using ($3 - 3 * $4) nooutput name "low"
stats data.".window" using 2 nooutput name "x"
top = x_max > high_max ? x_max : high_max
bottom = x_min < low_min ? x_min : low_min
set yrange [bottom - 0.05 * (top - bottom):top + 0.05 * (top - bottom)]

set lmargin at screen 0.075
set rmargin at screen 0.315
set ylabel "KPI" offset 1.5,0
set label 1 "the window x" at graph 0.5, 1.06 center
plot data.".window" using 1:2 with lines linewidth 1.6 linecolor rgb black, \
    "" using ($1 == 0 ? 0 : NaN):2 with points pointtype 7 pointsize 1 linecolor rgb red

set lmargin at screen 0.72
set rmargin at screen 0.985
unset ylabel
set style fill transparent solid 0.16 noborder
set label 1 "p(x|z) of each sample, μ ± 3σ"
set label 2 "−log p(xₜ|z) of each sample:" at screen 0.08, 0.045
do for [i = 1:rows] {
    set label 2 + i sprintf("%.1f", said[i]) at screen 0.31 + 0.1 * i, 0.045 textcolor rgb tone[i]
    set label 10 + i "" at screen 0.295 + 0.1 * i, 0.045 \
        point pointtype 7 pointsize 1 linecolor rgb tone[i]
}
plot for [i = 1:rows] data.".bands" using ($1 == i ? $2 : NaN):($3 - 3 * $4):($3 + 3 * $4) \
        with filledcurves linecolor rgb sky, \
    for [i = 1:rows] "" using ($1 == i ? $2 : NaN):3 with lines linewidth 1.4 \
        linecolor rgb tone[i], \
    data.".window" using 1:2 with lines linewidth 1 linecolor rgb black, \
    "" using ($1 == 0 ? 0 : NaN):2 with points pointtype 7 pointsize 1 linecolor rgb red
unset for [i = 2:14] label i

set lmargin at screen 0.395
set rmargin at screen 0.645
set xlabel "z₁"
set ylabel "z₂" offset 1.5,0
set xrange [*:*]
set yrange [*:*]
set xtics nomirror 1
set label 1 "q(z|x), 3σ, among z of all windows"
set object 1 ellipse center m1, m2 size 6 * s1, 6 * s2 front \
    fillstyle empty border linecolor rgb black linewidth 1.8
set border 15 linecolor rgb "#b0b0b0"
plot data.".z" using 2:3 with points pointtype 7 pointsize 0.25 linecolor rgb pale, \
    for [i = 1:rows] data.".draws" every ::i - 1::i - 1 using 5:6 \
        with points pointtype 7 pointsize 1 linecolor rgb tone[i]
unset multiplot
