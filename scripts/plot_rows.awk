# First pass of scripts/plot: a score file -> a line of numbers for each row of the range,
#
#     time value score anomaly expected lower upper missing label surprise
#
# in seconds since 1970, with `?` for an empty cell; and in the file `facts`, a name and a number a
# line, what must be known before the first line can be drawn. PLOT_NAME .. PLOT_THRESHOLD come by
# the environment, where no character has a meaning; has_key says whether PLOT_KEY counts.

function fail(sentence) {
    gsub(/[[:cntrl:]]/, "?", sentence)
    print "plot: " ENVIRON["PLOT_NAME"] sentence >"/dev/stderr"
    failed = 1
    exit 1
}

# Days since 1970-01-01. Years begin in March, so that the leap day is the last of a year.
function days_from_civil(y, m, d,    era) {
    y -= m <= 2
    era = int((y < 0 ? y - 399 : y) / 400)
    y -= era * 400
    return era * 146097 + y * 365 + int(y / 4) - int(y / 100) + \
        int((153 * (m + (m > 2 ? -3 : 9)) + 2) / 5) + d - 719469
}

# Seconds since 1970 of an epoch in seconds or milliseconds or of an ISO 8601 time, whose offset is
# left in `zone` as "+HHMM"; "" for anything else.
function parse_time(text,    rest, s, z) {
    zone = ""
    if (text ~ number)
        return text < 1e11 && text > -1e11 ? text + 0 : text / 1000
    if (text !~ /^[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]/)
        return ""
    if (substr(text, 1, 10) != cached_date) {
        cached_date = substr(text, 1, 10)
        cached_day = days_from_civil(substr(text, 1, 4) + 0, substr(text, 6, 2) + 0, \
                                     substr(text, 9, 2) + 0)
    }
    s = cached_day * 86400
    rest = substr(text, 11)
    if (rest == "")
        return s
    if (rest !~ clock)
        return ""
    if (match(rest, /(Z|[-+][0-9][0-9]:?([0-9][0-9])?)$/)) {
        z = substr(rest, RSTART)
        rest = substr(rest, 1, RSTART - 1)
        sub(/:/, "", z)
        zone = z == "Z" ? "+0000" : substr(z "00", 1, 5)
        s -= seconds_of_zone(zone)
    }
    return s + substr(rest, 2, 2) * 3600 + substr(rest, 5, 2) * 60 + substr(rest, 8)
}

function seconds_of_zone(z) {
    return (substr(z, 1, 1) == "-" ? -60 : 60) * (substr(z, 2, 2) * 60 + substr(z, 4, 2))
}

# Splits a record with quotes into f[]; it may go on over more lines.
function split_quoted(text, f,    n, more, cell) {
    n = 0
    for (;;) {
        if (substr(text, 1, 1) != "\"") {
            more = index(text, ",")
            f[++n] = more ? substr(text, 1, more - 1) : text
            if (!more)
                return n
            text = substr(text, more + 1)
            continue
        }
        text = substr(text, 2)
        cell = ""
        for (;;) {
            while (!(more = index(text, "\""))) {
                cell = cell text "\n"
                if ((getline text) <= 0)
                    fail(":" line ": a quote is not closed")
            }
            cell = cell substr(text, 1, more - 1)
            text = substr(text, more + 1)
            if (substr(text, 1, 1) != "\"")
                break
            cell = cell "\""
            text = substr(text, 2)
        }
        f[++n] = cell
        sub(/^\r$/, "", text)
        if (text == "")
            return n
        if (substr(text, 1, 1) != ",")
            fail(":" line ": something follows a closing quote")
        text = substr(text, 2)
    }
}

function find_columns(    i, c) {
    sub(/^\357\273\277/, f[1])
    for (i = 1; i <= columns; i++)
        if (!(tolower(f[i]) in at))
            at[tolower(f[i])] = i
    for (i = 1; i <= 8; i++) {
        c = wanted[i]
        if (!(c in at))
            fail(" has no column \"" c "\": is it a score file of `donut score`?")
    }
    T = at["timestamp"]; V = at["value"]; S = at["score"]; A = at["anomaly"]
    E = at["expected"]; L = at["lower"]; U = at["upper"]; M = at["status"]
    B = "label" in at && at["label"] > M ? at["label"] : 0
    # The two come together, or are in no file of an older version.
    C = at["surprise"] == M + 1 && at["cause"] == M + 2 ? M + 1 : 0
    K = columns > (C ? C + 1 : M) && columns != B ? columns : 0
    if (has_key && !K)
        fail(" has no column of keys behind the others: it is of one KPI, drawn without --key")
}

function cell(i) {
    if (f[i] == "")
        return "?"
    if (f[i] !~ number)
        fail(":" line ": " f_name[i] " \"" f[i] "\" is not a number")
    return f[i]
}

# The score, or surprise, at which the verdicts turn lies between the highest normal and the lowest
# anomalous one.
function note_verdict(kind, s, anomaly) {
    if (s == "?")
        return
    s += 0
    if (anomaly) {
        if (!anomalies_scored[kind]++ || s < lowest[kind]) lowest[kind] = s
    } else if (!normals_scored[kind]++ || s > highest[kind]) highest[kind] = s
}

function note_strange(kind, s) {
    if (s == "?")
        return
    s += 0
    if (!scores[kind]++) top[kind] = bottom[kind] = s
    else if (s > top[kind]) top[kind] = s
    else if (s < bottom[kind]) bottom[kind] = s
}

function widen(x) {
    if (x == "?")
        return
    x += 0
    if (!values++) least = most = x
    else if (x < least) least = x
    else if (x > most) most = x
}

function note_row(t, v, a, b, e, l, u) {
    if (!n++) first = t
    widen(v)
    widen(e)
    if (l != "?" && (!bands++ || l + 0 < least_lower)) least_lower = l + 0
    if (u != "?" && (bands == 1 || u + 0 > most_upper)) most_upper = u + 0
    anomalies += a
    missing += v == "?"
    labelled += b
}

BEGIN {
    number = "^[-+]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][-+]?[0-9]+)?$"
    clock = "^[T ][0-2][0-9]:[0-5][0-9](:[0-5][0-9]([.][0-9]+)?)?" \
        "(Z|[-+][0-9][0-9](:?[0-9][0-9])?)?$"
    split("timestamp value score anomaly expected lower upper status", wanted, " ")
    key = ENVIRON["PLOT_KEY"] ""
    from = to = ""
    if (ENVIRON["PLOT_FROM"] != "" && (from = parse_time(ENVIRON["PLOT_FROM"])) == "")
        fail(": --from " ENVIRON["PLOT_FROM"] " is neither an epoch nor an ISO 8601 time")
    if (ENVIRON["PLOT_TO"] != "" && (to = parse_time(ENVIRON["PLOT_TO"])) == "")
        fail(": --to " ENVIRON["PLOT_TO"] " is neither an epoch nor an ISO 8601 time")
    if (ENVIRON["PLOT_THRESHOLD"] != "" && ENVIRON["PLOT_THRESHOLD"] !~ number)
        fail(": --threshold " ENVIRON["PLOT_THRESHOLD"] " is not a number")
}

{
    line = NR
    if (index($0, "\"")) columns = split_quoted($0, f)
    else {
        sub(/\r$/, "")
        columns = split($0, f, ",")
    }
    if (!T) {
        find_columns()
        width = columns
        for (i = 1; i <= columns; i++) f_name[i] = f[i]
        next
    }
    if (columns == 0) next
    if (columns != width)
        fail(":" line ": " columns " cells, the header has " width)
    if (f[T] == f_name[T]) next
    if (K) {
        if (has_key) {
            if (f[K] "" != key) next
        } else if (!rows) key = f[K] ""
        else if (f[K] "" != key)
            fail(" has more than one KPI: choose with --key, as in --key \"" key "\"")
    }
    if ((t = parse_time(f[T])) == "")
        fail(":" line ": \"" f[T] "\" is neither an epoch nor an ISO 8601 time")
    if (!rows++) offset = zone
    else if (t <= before)
        fail(":" line ": the time does not go on; sort the rows and leave out repeated ones")
    else if (!interval || t - before < interval) interval = t - before
    before = t
    c = C ? cell(C) : "?"
    v = cell(V); s = cell(S); e = cell(E); l = cell(L); u = cell(U)
    a = f[A] == "1" && v != "?"
    b = B && f[B] == "1"
    if (f[M] == "ok") {
        note_verdict("score", s, a)
        note_verdict("surprise", c, a)
    }
    unknown += s != "?" && c == "?"
    if ((from != "" && t < from) || (to != "" && t >= to)) next
    note_row(t, v, a, b, e, l, u)
    note_strange("score", s)
    note_strange("surprise", c)
    last = t
    print sprintf("%.3f", t), v, s, a, e, l, u, (v == "?"), b, c
}

END {
    if (failed) exit 1
    if (!T) fail(" is empty")
    if (!rows) fail(has_key ? " has no KPI \"" key "\"" : " has a header but no rows")
    if (!n) fail(" has no points in that range")
    if (!values) fail(" has neither values nor expected ones in that range")
    print "rows", n >facts
    printf "first %.3f\nlast %.3f\ninterval %.3f\n", first, last, (interval ? interval : 60) >facts
    print "zone", (offset == "" ? 0 : seconds_of_zone(offset)) >facts
    printf "least %.17g\nmost %.17g\n", least, most >facts
    if (bands) printf "lower %.17g\nupper %.17g\n", least_lower, most_upper >facts
    # Alarms are by surprise where every score has one.
    kind = C && !unknown ? "surprise" : "score"
    print "surprise", (kind == "surprise") >facts
    if (scores[kind]) printf "bottom %.17g\ntop %.17g\n", bottom[kind], top[kind] >facts
    if (normals_scored[kind]) printf "normal %.17g\n", highest[kind] >facts
    if (anomalies_scored[kind]) printf "anomalous %.17g\n", lowest[kind] >facts
    print "anomalies", anomalies + 0 >facts
    print "missing", missing + 0 >facts
    print "labelled", labelled + 0 >facts
}
