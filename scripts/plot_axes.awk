# What scripts/plot writes on its picture and where the axes have their tics: functions of
# plot_program.awk, which sets the picture's measures (font, plot_width, value_height, score_height,
# in pixels) and the time's (first, last, interval, zone, in seconds) before it calls them.

function min(a, b) {
    return a < b ? a : b
}

function max(a, b) {
    return a > b ? a : b
}

function floor(x) {
    return x < 0 && x != int(x) ? int(x) - 1 : int(x)
}

# ---- Text

# A gnuplot string that means just these bytes, whatever gnuplot thinks of quotes, backslashes and
# backticks: all but letters, digits and spaces as octal escapes. Control characters become spaces,
# and so does what is not UTF-8, which the fonts refuse. At most `limit` characters.
function quoted(text, limit,    out, i, n, c, code, more, chars) {
    n = length(text)
    for (i = 1; i <= n; i += 1 + more) {
        c = substr(text, i, 1)
        code = byte[c]
        more = utf8_follow(text, i, code)
        if (++chars > limit) {
            out = substr(out, 1, last_char) "..."
            break
        }
        if (chars == limit - 2)
            last_char = length(out)
        # An octal digit behind an escape would be taken for a part of it.
        if (c ~ /[A-Za-z0-9 ]/ && !(out ~ /\\[0-7]+$/ && c ~ /[0-7]/))
            out = out c
        else if (more < 0 || code < 32 || code == 127) {
            more = 0
            out = out " "
        } else
            for (code = i; code <= i + more; code++)
                out = out sprintf("\\%03o", byte[substr(text, code, 1)])
    }
    return "\"" out "\""
}

# How many bytes follow the lead byte of a character; -1 if it is none.
function utf8_follow(text, i, code,    n, k, next_code) {
    if (code < 128) return 0
    n = code >= 240 && code < 245 ? 3 : code >= 224 ? 2 : code >= 194 ? 1 : -1
    if (code >= 245) return -1
    for (k = 1; k <= n; k++) {
        next_code = byte[substr(text, i + k, 1)]
        if (next_code < 128 || next_code > 191) return -1
        if (k == 1 && ((code == 224 && next_code < 160) || (code == 237 && next_code > 159) || \
                       (code == 240 && next_code < 144) || (code == 244 && next_code > 143)))
            return -1
    }
    return n
}

# A number for a reader, with the decimals that tell it from one that is `step` away.
function number_text(x, step,    unit, scale, size, decimals) {
    scale = 1
    unit = ""
    size = max(x < 0 ? -x : x, step)
    if (step >= 1e15 || size >= 1e18 || size < 1e-3) return sprintf("%.4g", x)
    if (size >= 1e4) {
        unit = size >= 1e12 ? "T" : size >= 1e9 ? "G" : size >= 1e6 ? "M" : "k"
        scale = size >= 1e12 ? 1e12 : size >= 1e9 ? 1e9 : size >= 1e6 ? 1e6 : 1e3
    }
    for (decimals = 0; decimals < 9 && step / scale * 10 ^ decimals < 0.999; decimals++) ;
    return x == 0 ? "0" : sprintf("%.*f", decimals, x / scale) unit
}

# ---- Calendar, of local seconds since 1970

function set_date(day,    z, era, doe, yoe, doy, mp) {
    z = day + 719468
    era = floor(z / 146097)
    doe = z - era * 146097
    yoe = int((doe - int(doe / 1460) + int(doe / 36524) - int(doe / 146096)) / 365)
    doy = doe - (365 * yoe + int(yoe / 4) - int(yoe / 100))
    mp = int((5 * doy + 2) / 153)
    mday = doy - int((153 * mp + 2) / 5) + 1
    month = mp < 10 ? mp + 3 : mp - 9
    year = yoe + era * 400 + (month <= 2)
    weekday = (day + 4) % 7
    if (weekday < 0) weekday += 7
}

# The day that begins month `m` (from 0) of the era's year 0, m months on.
function day_of_month(m,    y, k) {
    y = floor(m / 12)
    k = m - y * 12 + 1
    y -= k <= 2
    return y * 365 + floor(y / 4) - floor(y / 100) + floor(y / 400) + \
        int((153 * (k + (k > 2 ? -3 : 9)) + 2) / 5) - 719468
}

function date_text() {
    return mday " " month_name[month]
}

function clock_text(s, seconds) {
    s -= floor(s / 86400) * 86400
    return sprintf(seconds ? "%02d:%02d:%02d" : "%02d:%02d", int(s / 3600), int(s / 60) % 60, \
                   s % 60)
}

function moment_text(s) {
    set_date(floor(s / 86400))
    return sprintf("%04d-%02d-%02d %s", year, month, mday, clock_text(s, 0))
}

function zone_text(z,    a) {
    a = z < 0 ? -z : z
    if (z == 0) return "UTC"
    return sprintf("UTC%s%02d:%02d", z < 0 ? "-" : "+", int(a / 3600), int(a / 60) % 60)
}

# ---- The time axis: x is seconds after the first row

function add_tic(s, text) {
    tics = tics (tics == "" ? "" : ", ") "\"" text "\" " sprintf("%.3f", s - zone - first)
    tic_count++
}

function clock_tics(step,    s, text) {
    for (s = floor(begin / step) * step; s <= end; s += step) {
        if (s < begin) continue
        set_date(floor(s / 86400))
        text = clock_text(s, step < 60)
        if (tic_count == 0 || s % 86400 == 0)
            text = text "\\n" day_name[weekday] " " date_text()
        add_tic(s, text)
    }
}

function day_tics(step,    day, text, shown) {
    # Weeks begin on Monday, 1970-01-05.
    for (day = floor((begin / 86400 - 4) / step) * step + 4; day * 86400 <= end; day += step) {
        if (day * 86400 < begin) continue
        set_date(day)
        text = (step <= 7 ? day_name[weekday] " " : "") date_text()
        add_tic(day * 86400, text (year == shown ? "" : "\\n" year))
        shown = year
    }
}

function month_tics(step,    m, s, shown) {
    set_date(floor(begin / 86400))
    for (m = floor((year * 12 + month - 1) / step) * step; ; m += step) {
        s = day_of_month(m) * 86400
        if (s > end) break
        if (s < begin) continue
        set_date(floor(s / 86400))
        if (step >= 12) add_tic(s, year)
        else add_tic(s, month_name[month] (year == shown ? "" : "\\n" year))
        shown = year
    }
}

function time_tics(    n, i, steps, room) {
    begin = first + zone - interval / 2
    end = last + zone + interval / 2
    room = plot_width / (6.5 * font)
    n = split("1 2 5 10 15 30 60 120 300 600 900 1800 3600 7200 10800 21600 43200", steps, " ")
    for (i = 1; i <= n; i++)
        if ((end - begin) / steps[i] <= room) return clock_tics(steps[i])
    n = split("1 2 7 14", steps, " ")
    for (i = 1; i <= n; i++)
        if ((end - begin) / steps[i] / 86400 <= room) return day_tics(steps[i])
    n = split("1 2 3 6 12 24 60 120 240 600 1200 6000 12000 60000", steps, " ")
    for (i = 1; i < n && (end - begin) / steps[i] / 2629746 > room; i++) ;
    month_tics(steps[i])
}

# ---- The other axes

function value_axis(    span, step, power, k, base, wanted) {
    span = most - least
    if (!(span < 1e300)) {
        print "plot: " ENVIRON["PLOT_NAME"] ": its values are too far apart to draw" >"/dev/stderr"
        failed = 1
        exit 1
    }
    if (span <= 1e-12 * max(most < 0 ? -most : most, least < 0 ? -least : least))
        span = max(most < 0 ? -most : most, 1e-300) / 5
    # A band that is far wider than everything in it must not make that flat.
    value_low = min(least, max("lower" in fact ? fact["lower"] : least, least - span * 0.3))
    value_high = max(most, min("upper" in fact ? fact["upper"] : most, most + span * 0.3))
    span = max(value_high - value_low, span)
    value_high += span * 0.05
    value_low -= span * 0.05
    rug_high = value_low
    if (fact["missing"] > 0) value_low -= span * 0.07
    wanted = max(2, min(8, int(value_height / (2.6 * font))))
    power = 10 ^ floor(log(span / wanted) / log(10) + 1e-9)
    step = power * (span / wanted <= power ? 1 : span / wanted <= 2 * power ? 2 : \
                    span / wanted <= 5 * power ? 5 : 10)
    # 1000000002 on the axis is less to read as 2 above 1000000000.
    value_name = "value"
    base = 0
    if (max(most, -least) / step >= 1e5) {
        base = floor(value_low / step / 100) * step * 100
        value_name = sprintf(base < 0 ? "value + %.15g" : "value - %.15g", base < 0 ? -base : base)
    }
    for (k = floor((value_low - base) / step); base + k * step <= value_high; k++)
        if (base + k * step >= rug_high)
            value_tics = value_tics (value_tics == "" ? "" : ", ") \
                sprintf("\"%s\" %.15g", number_text(k * step, step), base + k * step)
}

# Scores reach from -3 to 1000 and more: linear around 0, logarithmic farther out.
function scaled(s) {
    return s < 0 ? -log(-s + sqrt(s * s + 1)) : log(s + sqrt(s * s + 1))
}

function score_axis(    low, high, k, sign, s, y, shown, span) {
    low = "bottom" in fact ? fact["bottom"] : 0
    high = "top" in fact ? fact["top"] : 1
    if (threshold_high != "") {
        high = max(high, threshold_high)
        low = min(low, threshold_low)
    }
    score_low = scaled(min(low, 0))
    score_high = scaled(max(high, 1))
    span = score_high - score_low
    score_high = sprintf("%.6g", score_high + span * 0.1) + 0
    score_low = sprintf("%.6g", score_low - span * 0.06) + 0
    # A gap that can be seen as one gets no line in it: nobody knows where.
    threshold_is_wide = threshold_high != "" && \
        scaled(threshold_high) - scaled(threshold_low) > span * font / score_height / 2
    # 0, then 1, 3, 10, 30, ... while there is room for the text.
    score_tics = "\"0\" 0"
    for (sign = -1; sign <= 1; sign += 2) {
        shown = 0
        for (k = 0; k < 80; k++) {
            s = (k % 2 ? 3 : 1) * 10 ^ int(k / 2)
            y = scaled(sign * s)
            if (y < score_low || y > score_high) break
            if ((y - shown) * sign / (score_high - score_low) * score_height < 1.1 * font) continue
            score_tics = score_tics sprintf(", \"%.6g\" %.6g", sign * s, y)
            shown = y
        }
    }
}

# The threshold as given, else the gap between the verdicts; and what the legend says of it.
function find_threshold(    given) {
    given = ENVIRON["PLOT_THRESHOLD"]
    if (given != "") {
        threshold_low = threshold_high = given + 0
        threshold_text = sprintf("threshold %.6g", given)
    } else if (!("anomalous" in fact) && !("normal" in fact))
        threshold_text = ""
    else if (!("anomalous" in fact)) {
        threshold_low = threshold_high = fact["normal"]
        threshold_text = sprintf("threshold above %.4g (no anomaly in the file)", fact["normal"])
    } else if (!("normal" in fact)) {
        threshold_low = threshold_high = fact["anomalous"]
        threshold_text = sprintf("threshold below %.4g (all anomalous)", fact["anomalous"])
    } else if (fact["normal"] < fact["anomalous"]) {
        threshold_low = fact["normal"]
        threshold_high = fact["anomalous"]
        threshold_text = sprintf("threshold, from the verdicts: between %.4g and %.4g", \
                                 threshold_low, threshold_high)
    } else
        threshold_text = "no threshold drawn: the verdicts do not follow the " strangeness " alone" \
            " (--threshold)"
}
