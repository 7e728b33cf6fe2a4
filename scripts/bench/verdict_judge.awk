# Rows of verdict.csv, one for each KPI, from its list (verdict_kpis.awk), what `donut evaluate
# --key` says of the scores, and the scores. The verdict is counted here, by the rule of the AIOps
# challenge: a segment is a run of labelled points that are observed, it is found by an alarm on its
# first 8 points, and then all its points are. An F of evaluate that differs is reported
# on standard error. With verdict_json.awk; -v head: the first fields; -v risk: of the verdict

BEGIN { FS = "," }

# ---- The KPIs

file == 1 {
    order[++n_kpis] = $1
    half[$1] = $2
    interval[$1] = $3
    weeks[$1] = ($4 - int($4 / 2)) * $3 / 604800
    in_file[$1] = $6
}

# ---- What evaluate says: an object to a KPI, the list of its segments at the end

file == 2 && /^  "key": / {
    key = string($0, "key")
    text = ""
}

file == 2 { text = text $0 }

file == 2 && /^  "segment_list"/ {
    best_f[key] = number(text, "delayed", "best_f")
    anomalous = number(text, "", "anomalous_points")
    recall = number(text, "delayed", "recall")
    precision = number(text, "delayed", "precision")
    best_tp[key] = int(recall * anomalous + 0.5)
    if (precision > 0) best_fp[key] = int(best_tp[key] * (1 / precision - 1) + 0.5)
    pa_best_f[key] = number(text, "adjusted", "best_f")
    raw_ap[key] = number(text, "raw", "auc")
    verdict = substr(text, index(text, "\"verdict\": {"))
    told_f[key] = number(verdict, "delayed", "f")
}

# ---- The scores

file == 3 && FNR == 1 {
    for (i = 1; i <= NF; i++) column[$i] = i
    c_key = column["kpi"]
    c_status = column["status"]
    c_score = column["score"]
    c_anomaly = column["anomaly"]
    c_label = column["label"]
    c_value = column["value"]
    c_lower = column["lower"]
    c_upper = column["upper"]
    next
}

file == 3 && $c_key != key_of_rows {
    close_segment()
    key_of_rows = $c_key
    judged[key_of_rows] = 1
    on = 0
    behind = 1e9
    after = interval[key_of_rows] >= 3600 ? 48 : 240
}

file == 3 {
    k = key_of_rows
    behind++
    if ($c_status != "ok" || $c_score == "") {
        close_segment()
        next
    }
    points[k]++
    alarm = $c_anomaly + 0
    if (alarm) count_alarm()
    on = alarm
    if ($c_label + 0) {
        behind = 0
        labelled[k]++
        if (++length_of < 9 && alarm) found = 1
        next
    }
    close_segment()
    fp[k] += alarm
    if (behind > after) {
        clean[k]++
        clean_flagged[k] += alarm
    }
}

# A missing point neither ends an alarm nor begins one.
function count_alarm() {
    flagged[k]++
    if (!on) alarms[k]++
    if ($c_lower != "" && $c_value + 0 >= $c_lower + 0 && $c_value + 0 <= $c_upper + 0) inside[k]++
}

function close_segment() {
    if (length_of && found) tp[key_of_rows] += length_of
    length_of = found = 0
}

function check(key,    fn, f) {
    if (told_f[key] == "") return
    fn = labelled[key] - tp[key]
    f = labelled[key] ? 2 * tp[key] / (2 * tp[key] + fp[key] + fn) : 0
    if (f - told_f[key] < 1e-9 && told_f[key] - f < 1e-9) return
    printf "verdict: %s: F is %.9g by donut evaluate, %.9g counted here\n", key, told_f[key], f \
        | "cat >&2"
}

END {
    close_segment()
    for (i = 1; i <= n_kpis; i++) {
        k = order[i]
        check(k)
        printf "%s,%s,%s,%.4f,%d,%d,%d,%d,%d,%d,%d,%d,%d,%d,%s,%s,%d,%d,%s,%s,,,\n", head, k, \
            half[k], weeks[k], judged[k], points[k], judged[k] ? labelled[k] : in_file[k], \
            tp[k], fp[k], alarms[k], \
            flagged[k], inside[k], clean[k], clean_flagged[k], risk, short(best_f[k]), \
            best_tp[k], best_fp[k], short(pa_best_f[k]), short(raw_ap[k])
    }
}

function short(x) {
    return x == "" ? "" : sprintf("%.6f", x)
}
