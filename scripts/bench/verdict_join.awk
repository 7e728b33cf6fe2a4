# One fleet of the files of a set: kpi,timestamp,value,label, times as seconds. The header of each
# file names its columns, in any case; fields may be in quotes, a time may be ISO 8601 in UTC.

BEGIN {
    FS = ","
    print "kpi,timestamp,value,label"
}

{ gsub(/[\r"]/, "") }

FNR == 1 {
    key = FILENAME
    sub(/.*\//, "", key)
    sub(/\.csv$/, "", key)
    for (i = 1; i <= NF; i++) column[tolower($i)] = i
    next
}

{ print key "," seconds($(column["timestamp"])) "," $(column["value"]) "," $(column["label"]) }

# Days since 1970-01-01 of the Gregorian calendar, a year beginning in March.
function days(year, month, day,    era_year) {
    if (month <= 2) {
        year--
        month += 12
    }
    era_year = 365 * year + int(year / 4) - int(year / 100) + int(year / 400)
    return era_year + int((153 * (month - 3) + 2) / 5) + day - 719469
}

function seconds(text,    part) {
    if (text !~ /-/) return text
    split(text, part, /[-T :Z]/)
    return sprintf("%d", 86400 * days(part[1] + 0, part[2] + 0, part[3] + 0) + 3600 * part[4] + \
        60 * part[5] + part[6])
}
