# A row of the results from what `donut info` says of the models of a series and `donut evaluate` of
# their scores: counts are sums over the files of the series, all else means of what is defined.

# The number after "key": behind the first "object": of the text, or "" for null.
function number(object, key,    rest) {
    rest = text
    if (object != "") rest = substr(rest, index(rest, "\"" object "\": {"))
    rest = substr(rest, index(rest, "\"" key "\": ") + length(key) + 4)
    return rest ~ /^null/ ? "" : rest + 0
}

function add(name, value) {
    if (value == "") return
    sum[name] += value
    n[name]++
}

function add_report() {
    if (index(text, "\"type\": \"model\"")) {
        add("validation_loss", number("training", "validation_loss"))
        add("epochs", number("training", "epochs"))
        return
    }
    add("best_f", number("adjusted", "best_f"))
    add("auc", number("adjusted", "auc"))
    add("alert_delay_seconds", number("adjusted", "alert_delay_seconds"))
    add("delayed_best_f", number("delayed", "best_f"))
    add("raw_best_f", number("raw", "best_f"))
    add("raw_ap", number("raw", "auc"))
    add("floor", number("random_floor", "best_f"))
    add("points", number("", "points"))
    add("anomalous", number("", "anomalous_points"))
    add("segments", number("", "segments"))
}

{ text = text $0 "\n" }

/^}/ {
    add_report()
    text = ""
}

function put(name, divisor) {
    return "," (n[name] ? sprintf("%.6g", sum[name] / (divisor ? divisor : n[name])) : "")
}

END {
    printf "%s,%s,%s,%s,%s,%s,%s", csv_field(experiment), csv_field(variant), csv_field(series),
        csv_field(train), csv_field(score), seed, csv_field(version)
    printf "%s%s%s%s%s%s%s", put("best_f"), put("auc"), put("alert_delay_seconds"),
        put("delayed_best_f"), put("raw_best_f"), put("raw_ap"), put("floor")
    printf "%s%s%s%s%s,%s\n", put("points", 1), put("anomalous", 1), put("segments", 1),
        put("validation_loss"), put("epochs"), seconds
}
