# Best F over what was swept, of figure_lines.awk. `folders`: its folder or, for several panels,
# those with blanks between; `axes`: what was swept, separated by |; `theirs_are`: whose the dashed
# ones are.
array tone[8] = [blue, red, green, purple, orange, sky, black, grey]
panels = words(folders)
axis(p) = system(sprintf("printf '%%s' '%s' | cut -d '|' -f %d", axes, p))

# In pixels: the legend, under each panel its ticks and axis.
head = 62.0
foot = 52.0
high = (height - head - panels * foot) / panels

set multiplot
set pointintervalbox 0
set border 3
set bars 0.5
set lmargin at screen 62.0 / width
set rmargin at screen 1 - 12.0 / width
set yrange [0:1.05]
set ytics nomirror 0, 0.2, 1
set ylabel "best F" offset 1.9,0
set key at screen 0.99, 1 - 2.0 / height right top horizontal maxrows 2 samplen 2
do for [p = 1:panels] {
    folder = word(folders, p)
    load folder."/facts"
    set xrange [0.6:places + 0.4]
    set xlabel axis(p) offset 0,0.4
    top = head + (p - 1) * (high + foot)
    set tmargin at screen 1 - top / height
    set bmargin at screen 1 - (top + high) / height
    # Moved aside a little, so that the deviations can be told apart.
    aside(i) = (i - (many + 1) / 2.0) * 0.06
    # 0 stands for none: over the words of an empty string "for" goes once. The legend is that of
    # the first panel, with the series that others have alone.
    plot for [i in our] folder."/series.".i using ($1 + aside(i)):2:3 with yerrorlines \
            pointtype 7 pointsize 0.8 linewidth 1.5 linecolor rgb tone[int(i)] \
            title word(names, int(i)), \
        for [i in absent] NaN with linespoints pointtype 7 pointsize 0.8 linewidth 1.5 \
            linecolor rgb (i eq "0" ? black : tone[int(i)]) \
            title (i eq "0" ? "" : word(names, int(i))), \
        for [i in their] (i eq "0" ? "/dev/null" : folder."/paper.".i) using 1:2 \
            with linespoints pointtype 6 pointsize 0.9 dashtype 2 linewidth 1.5 \
            linecolor rgb (i eq "0" ? black : tone[int(i)]) \
            title (i eq "0" ? "" : word(names, int(i))." (".theirs_are.")")
    unset key
}
unset multiplot
