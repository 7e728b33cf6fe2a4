# Second pass of scripts/plot: the files `facts` and `rows` of plot_rows.awk -> a gnuplot program
# that holds all its data and writes the picture to standard output. width, height: of the picture,
# in pixels; format: png or svg; the title comes by the environment.
#
# Rows that share a pixel column are drawn as their first, least, greatest and last value, so that a
# spike of one point is as high as it was.

# ---- Data

# A row of a block of data; "" breaks a line, which only makes sense within one.
function emit(block, text) {
    if (text == "" && (count[block] == 0 || data[block, count[block]] == "")) return
    data[block, ++count[block]] = text
}

# The first, least, greatest and last point of a pixel column, in the order of time.
function emit_line(block, dots, seen, t_first, y_first, t_low, low, t_high, high, t_last, y_last) {
    if (!seen) {
        if (!broken[block] && run[block] == 1) emit(dots, point[block])
        emit(block, "")
        broken[block] = 1
        run[block] = 0
        return
    }
    broken[block] = 0
    run[block] += seen
    point[block] = t_first " " y_first
    emit(block, t_first " " y_first)
    if (seen == 1) return
    if (t_low + 0 <= t_high + 0) {
        emit(block, t_low " " low)
        emit(block, t_high " " high)
    } else {
        emit(block, t_high " " high)
        emit(block, t_low " " low)
    }
    emit(block, t_last " " y_last)
}

# A stretch of missing or labelled points, drawn at least a pixel and a half wide.
function extend(kind, t) {
    if (open[kind] && t - stretch_end[kind] <= interval * 1.5) stretch_end[kind] = t
    else {
        close_stretch(kind)
        stretch_begin[kind] = stretch_end[kind] = t
        open[kind] = 1
    }
}

function close_stretch(kind,    from, to, least_width) {
    if (!open[kind]) return
    from = stretch_begin[kind] - interval / 2
    to = stretch_end[kind] + interval / 2
    least_width = 1.5 * (end - begin) / plot_width
    if (to - from < least_width) {
        from -= (least_width - (to - from)) / 2
        to = from + least_width
    }
    emit(kind, sprintf("%.3f %.3f", from, to))
}

# Where rows are left out, no line goes across.
function break_lines() {
    emit_line("value", "lone_value", 0)
    emit_line("score", "lone_score", 0)
    emit("expected", "")
    emit("band", "")
}

function flush_column(    t) {
    if (!column_rows) return
    emit_line("value", "lone_value", v_seen, v_t1, v_1, v_tl, v_low, v_th, v_high, v_t2, v_2)
    emit_line("score", "lone_score", s_seen, s_t1, s_1, s_tl, s_low, s_th, s_high, s_t2, s_2)
    t = column_t / column_rows
    if (e_seen) emit("expected", sprintf("%.3f %.15g", t, e_sum / e_seen))
    else emit("expected", "")
    if (b_seen)
        emit("band", sprintf("%.3f %.15g %.15g", t, max(b_low, value_low), min(b_high, value_high)))
    else emit("band", "")
    if (a_seen) {
        emit("anomaly", sprintf("%.3f %.15g", a_th, a_high))
        if (a_low < a_high) emit("anomaly", sprintf("%.3f %.15g", a_tl, a_low))
        emit("alarm", sprintf("%.3f %.6g", a_ts, scaled(a_score)))
    }
    column_rows = column_t = v_seen = s_seen = e_seen = e_sum = b_seen = a_seen = 0
}

function add_row(t, v, s, a, e, l, u) {
    column_rows++
    column_t += t
    if (v != "?") {
        if (!v_seen++) { v_t1 = v_tl = v_th = t; v_1 = v_low = v_high = v }
        if (v + 0 < v_low + 0) { v_tl = t; v_low = v }
        if (v + 0 > v_high + 0) { v_th = t; v_high = v }
        v_t2 = t
        v_2 = v
    }
    if (s != "?") {
        y = sprintf("%.6g", scaled(s))
        if (!s_seen++) { s_t1 = s_tl = s_th = t; s_1 = s_low = s_high = y }
        if (y + 0 < s_low + 0) { s_tl = t; s_low = y }
        if (y + 0 > s_high + 0) { s_th = t; s_high = y }
        s_t2 = t
        s_2 = y
    }
    if (e != "?") { e_seen++; e_sum += e }
    if (l != "?" && u != "?") {
        b_low = b_seen ? min(b_low, l + 0) : l + 0
        b_high = b_seen ? max(b_high, u + 0) : u + 0
        b_seen = 1
    }
    if (a && v != "?" && s != "?") {
        if (!a_seen++) { a_tl = a_th = a_ts = t; a_low = a_high = v + 0; a_score = s + 0 }
        if (v + 0 < a_low) { a_tl = t; a_low = v + 0 }
        if (v + 0 > a_high) { a_th = t; a_high = v + 0 }
        if (s + 0 > a_score) { a_ts = t; a_score = s + 0 }
    }
}

# ---- The picture, top to bottom: title, legend, values, legend, scores, times

function set_layout(    rows_above, rows_below) {
    font = max(12, 22 * min(width / 1600, height / 800))
    plot_left = 7.2 * font
    plot_right = width - 3 * font
    plot_width = int(plot_right - plot_left)
    find_threshold()
    rows_above = set_legend(0)
    rows_below = set_legend(1)
    value_top = (2.6 + 1.7 * rows_above) * font
    score_bottom = height - 3.4 * font
    # Of what is left, a third for the score.
    value_height = (score_bottom - value_top - (0.9 + 1.7 * rows_below) * font) * 0.67
    value_bottom = value_top + value_height
    score_top = value_bottom + (0.9 + 1.7 * rows_below) * font
    score_height = score_bottom - score_top
}

# The entries of a legend, by panel; how many rows they take.
function set_legend(panel) {
    entries = 0
    if (panel == 0) {
        add_entry("line", black, "value")
        add_entry("line", blue, "expected")
        if ("lower" in fact) add_entry("fill", band_blue, "its band")
        if (fact["anomalies"]) add_entry("point", red, "anomalous: " fact["anomalies"])
        if (fact["missing"]) add_entry("rug", purple, "missing: " fact["missing"])
        if (fact["labelled"]) add_entry("fill", label_yellow, "labelled: " fact["labelled"])
    } else {
        add_entry("line", black, strangeness)
        if (threshold_text != "")
            add_entry(threshold_low == "" ? "none" : threshold_is_wide ? "fill" : "dash", \
                      threshold_is_wide ? band_red : red, threshold_text)
    }
    return legend_row + 1
}

function add_entry(kind, colour, text,    room) {
    room = (kind == "none" ? 0 : 2.4 * font) + length(text) * 0.58 * font
    if (!entries++) { legend_x = plot_left; legend_row = 0 }
    else if (legend_x + room > plot_right) { legend_x = plot_left; legend_row++ }
    entry[entries] = kind
    entry_colour[entries] = colour
    entry_text[entries] = text
    entry_x[entries] = legend_x
    entry_row[entries] = legend_row
    legend_x += room + font
}

function screen(x, y) {
    return sprintf("screen %.5f,%.5f", x / width, 1 - y / height)
}

function draw_legend(panel, top,    i, x, y, x2, half) {
    set_legend(panel)
    print "unset label; unset arrow; unset object"
    for (i = 1; i <= entries; i++) {
        x = entry_x[i]
        x2 = x + 1.8 * font
        y = top + (entry_row[i] + 0.5) * 1.7 * font
        half = (entry[i] == "rug" ? 0.22 : 0.42) * font
        if (entry[i] == "fill" || entry[i] == "rug")
            print "set object rectangle from " screen(x, y + half) " to " screen(x2, y - half) \
                " fillcolor rgb " entry_colour[i] " fillstyle solid 1 noborder"
        else if (entry[i] == "point")
            print "set label at " screen(x + 0.9 * font, y) " \"\" point " anomaly_point
        else if (entry[i] != "none")
            print "set arrow from " screen(x, y) " to " screen(x2, y) " nohead linewidth " \
                2 * thick " linecolor rgb " entry_colour[i] (entry[i] == "dash" ? dashes : "")
        print "set label " quoted(entry_text[i], 200) " at " \
            screen(entry[i] == "none" ? x : x2 + 0.6 * font, y) " left"
    }
}

function draw_title(    range) {
    range = moment_text(first + zone) " to " moment_text(last + zone) " " zone_text(zone)
    print "set label " quoted(ENVIRON["PLOT_TITLE"], \
                              int((plot_width - length(range) * 0.6 * font) / (0.8 * font))) \
        " at " screen(plot_left, 1.5 * font) " left font \"," 1.25 * font * font_scale "\""
    print "set label \"" range "\" at " screen(plot_right, 1.5 * font) " right"
}

function draw_name(text, y) {
    print "set label \"" text "\" at " screen(1.2 * font, y) " center rotate"
}

function draw_head() {
    if (format == "svg")
        printf "set terminal svg size %d,%d dynamic noenhanced background \"#ffffff\"" \
            " font \"sans-serif,%.4g\"\n", width, height, font
    else
        printf "set terminal pngcairo size %d,%d noenhanced font \"sans,%.4g\"\n", width, height, \
            font * font_scale
    print "set encoding utf8\nset multiplot\nunset key"
    printf "set lmargin at screen %.5f\nset rmargin at screen %.5f\n", plot_left / width, \
        plot_right / width
    printf "set xrange [%.3f:%.3f]\n", begin - first - zone, end - first - zone
    print "set border 3 linewidth " thick " linecolor rgb \"#606060\""
    print "set grid xtics ytics linetype 1 linewidth " thick " linecolor rgb \"#d8d8d8\""
    print "set tics out nomirror scale 0.5 textcolor rgb \"#000000\""
    print "set style fill solid 1 noborder"
}

function draw_block(block,    i) {
    if (!count[block]) return
    print "$" block " << END"
    for (i = 1; i <= count[block]; i++) print data[block, i]
    print "END"
}

# Adds `text` to the plot command if its block has anything.
function add_plot(block, text) {
    if (count[block])
        plots = plots (plots == "" ? "plot " : ", \\\n    ") "$" block " " text
}

function draw_panel(top, bottom, low, high) {
    printf "set tmargin at screen %.5f\nset bmargin at screen %.5f\n", 1 - top / height, \
        1 - bottom / height
    printf "set yrange [%.15g:%.15g]\n", low, high
    print (plots == "" ? "plot NaN" : plots)
    plots = ""
}

function stretch_plot(low, high, colour) {
    return sprintf("using (($1+$2)/2):(%.15g):1:2:(%.15g):(%.15g) with boxxyerror" \
                   " fillcolor rgb %s", low, low, high, colour)
}

# Labelled stretches are shaded, with a dark edge at the top, which is seen where yellow is grey.
function add_labels(low, high) {
    add_plot("label", stretch_plot(low, high, label_yellow))
    add_plot("label", stretch_plot(high - (high - low) * 0.025, high, label_gold))
}

function draw_values(    dot) {
    dot = sprintf("with points pointtype 7 pointsize %.2g linecolor rgb %s", 0.45 * thick, black)
    draw_legend(0, 2.2 * font)
    draw_title()
    print "set xtics (" blank_tics ")\nset ytics (" value_tics ")"
    draw_name(value_name, (value_top + value_bottom) / 2)
    add_labels(value_low, value_high)
    add_plot("band", "using 1:2:3 with filledcurves fillcolor rgb " band_blue)
    add_plot("expected", "using 1:2 with lines linewidth " 2 * thick " linecolor rgb " blue)
    add_plot("value", "using 1:2 with lines linewidth " 1.3 * thick " linecolor rgb " black)
    add_plot(fact["rows"] * 8 < plot_width ? "value" : "lone_value", dot)
    add_plot("missing", stretch_plot(value_low, value_low + (rug_high - value_low) * 0.6, purple))
    add_plot("anomaly", "using 1:2 with points " anomaly_point)
    draw_panel(value_top, value_bottom, value_low, value_high)
}

function draw_scores() {
    draw_legend(1, value_bottom + 0.3 * font)
    print "set xtics (" tics ")\nset ytics (" score_tics ")"
    draw_name(strangeness, (score_top + score_bottom) / 2)
    add_labels(score_low, score_high)
    if (threshold_is_wide)
        print "set object rectangle from graph 0, first " sprintf("%.6g", scaled(threshold_low)) \
            " to graph 1, first " sprintf("%.6g", scaled(threshold_high)) \
            " back fillcolor rgb " band_red " fillstyle solid 1 noborder"
    else if (threshold_low != "")
        printf "set arrow from graph 0, first %.6g to graph 1, first %.6g nohead front" \
            " linewidth %g linecolor rgb %s%s\n", scaled((threshold_low + threshold_high) / 2), \
            scaled((threshold_low + threshold_high) / 2), 2 * thick, red, dashes
    add_plot("score", "using 1:2 with lines linewidth " 1.3 * thick " linecolor rgb " black)
    add_plot("lone_score", sprintf("with points pointtype 7 pointsize %.2g linecolor rgb %s", \
                                   0.45 * thick, black))
    add_plot("alarm", "using 1:2 with points " anomaly_point)
    draw_panel(score_top, score_bottom, score_low, score_high)
}

function set_up() {
    first = fact["first"]
    last = fact["last"]
    interval = fact["interval"]
    zone = fact["zone"]
    strangeness = fact["surprise"] ? "surprise" : "score"
    least = fact["least"]
    most = fact["most"]
    set_layout()
    thick = font / 22
    anomaly_point = sprintf("pointtype 7 pointsize %.2f linecolor rgb %s", 1.3 * thick, red)
    time_tics()
    value_axis()
    score_axis()
    blank_tics = tics
    gsub(/"[^"]*"/, "\"\"", blank_tics)
    columns = fact["rows"] > 2 * plot_width ? plot_width : 0
    ready = 1
}

BEGIN {
    for (i = 0; i < 256; i++) byte[sprintf("%c", i)] = i
    split("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec", month_name, " ")
    split("Mon Tue Wed Thu Fri Sat", day_name, " ")
    day_name[0] = "Sun"
    # Told apart by the colour-blind (M. Okabe, K. Ito) and, by lightness or form, in grey.
    black = "\"#202020\""
    blue = "\"#0072b2\""
    red = "\"#d55e00\""
    purple = "\"#9a4a7c\""
    band_blue = "\"#b9dcf2\""
    band_red = "\"#f6d5bd\""
    label_yellow = "\"#f9eca6\""
    label_gold = "\"#9c7c00\""
    dashes = " dashtype (8,5)"
    # pngcairo takes points, svg pixels.
    font_scale = format == "png" ? 0.75 : 1
}

NR == FNR {
    fact[$1] = $2
    next
}

!ready { set_up() }

{
    t = sprintf("%.3f", $1 - first)
    now = columns ? int((t + interval / 2) / (end - begin) * columns) : FNR
    if (now != column || t - before > interval * 1.5) {
        flush_column()
        column = now
        if (t - before > interval * 1.5) break_lines()
    }
    before = t
    add_row(t, $2, (fact["surprise"] ? $10 : $3), $4, $5, $6, $7)
    if ($8) extend("missing", t)
    if ($9) extend("label", t)
}

END {
    if (failed) exit 1
    flush_column()
    break_lines()
    close_stretch("missing")
    close_stretch("label")
    draw_head()
    n = split("label band expected value lone_value missing anomaly score lone_score alarm", \
              blocks, " ")
    for (i = 1; i <= n; i++) draw_block(blocks[i])
    draw_values()
    draw_scores()
    print "unset multiplot"
}
