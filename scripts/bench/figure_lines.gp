# Best F over what was swept, of figure_lines.awk. `folders`: its folder or, for several panels, those
# with blanks between; `axes`: what was swept, separated by |; `theirs_are`: whose the dashed ones are.
array tone[11] = [blue, red, green, purple, orange, sky, black, grey, "#7a5c00", "#004c3f", "#6a3d9a"]
panels = words(folders)
axis(p) = system(sprintf("printf '%%s' '%s' | cut -d '|' -f %d", axes, p))
foot = 46.0
head = 58.0
high = (height - head - panels * foot) / panels

set multiplot
set bars 0.5
set pointintervalbox 0
set border 3
set lmargin at screen 62.0 / width
set rmargin at screen 1 - 12.0 / width
set yrange [0:1.05]
set ytics nomirror 0, 0.2, 1
set ylabel "best F" offset 1,0
do for [p = 1:panels] {
    folder = word(folders, p)
    load folder."/facts"
    set xrange [0.6:places + 0.4]
    set xlabel axis(p) offset 0,0.4
    top = head + (p - 1) * (high + foot)
    set tmargin at screen 1 - top / height
    set bmargin at screen 1 - (top + high) / height
    if (p == 1) { set key at screen 0.5, 1 - 4.0 / height center top horizontal maxrows 2 samplen 2 }
    else { unset key }
    spread(i) = (i - (many + 1) / 2.0) * 0.06
    plot for [i = 1:many] (ours[i] ? folder."/series.".i : "/dev/null") \
            using ($1 + spread(i)):2 with lines linewidth 2 linecolor rgb tone[i] notitle, \
        for [i = 1:many] (ours[i] ? folder."/series.".i : "/dev/null") \
            using ($1 + spread(i)):2:3 with yerrorbars pointtype 7 pointsize 0.8 linewidth 1 \
            linecolor rgb tone[i] notitle, \
        for [i = 1:many] (theirs[i] ? folder."/paper.".i : "/dev/null") using 1:2 \
            with linespoints pointtype 6 pointsize 0.9 dashtype (6,4) linewidth 1.6 \
            linecolor rgb tone[i] notitle, \
        for [i = 1:many] (ours[i] ? NaN : NaN) with linespoints pointtype (ours[i] ? 7 : 6) \
            dashtype (ours[i] ? 1 : 2) linewidth 2 linecolor rgb tone[i] \
            title series[i].(ours[i] ? "" : " (".theirs_are.")"), \
        for [i = 1:many] (theirs[i] && ours[i] ? NaN : NaN) with linespoints pointtype 6 \
            dashtype (6,4) linewidth 1.6 linecolor rgb tone[i] \
            title (theirs[i] && ours[i] ? series[i]." (".theirs_are.")" : "")
}
unset multiplot
