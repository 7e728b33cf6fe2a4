# What a run takes, in seconds of one core of the machine that the constants were measured on: for
# the plan's sum and for the time left, that what is done calibrates. -v series: series.txt

function read_series(line, part, files) {
    while ((getline line < series) > 0) {
        split(line, part, "|")
        files = split(part[3], files_of, " ")
        models[part[1]] = files > 1 ? files : 1
        points[part[1]] = part[5]
        trained[part[1]] = part[6] ~ /%$/ ? part[5] * part[6] / 100 : part[6] + 0
    }
    close(series)
}

# The value of an option, or `otherwise`. `--epochs steps-of-N` takes as long as N epochs of all
# windows.
function option(options, name, otherwise, word, n, i) {
    gsub(/steps-of-/, "", options)
    n = split(options, word, " ")
    for (i = 1; i < n; i++) if (word[i] == name) return word[i + 1]
    return otherwise
}

# Multiplications for a window from x to z and back, and for a draw of z to its last point.
function measure_network(options, w, k, n, h, i, pooled) {
    w = option(options, "--window", 120)
    k = option(options, "--latent", 8)
    n = split(option(options, "--hidden", "100,100"), h, ",")
    decoder = 2 * h[n]
    to_last = k * h[1] + 2 * h[n]
    whole = k * h[1] + 2 * w * h[n]
    for (i = 2; i <= n; i++) {
        to_last += h[i - 1] * h[i]
        whole += h[i - 1] * h[i]
    }
    if (option(options, "--encoder", "dense") == "cnn") {
        pooled = int((w - 2) / 2)
        whole += (w - 2) * 3 * 16 + (pooled - 2) * 3 * 16 * 16
        whole += 2 * k * 16 * int((pooled - 2) / 2)
    } else {
        whole += w * h[1] + 2 * k * h[n]
        for (i = 2; i <= n; i++) whole += h[i - 1] * h[i]
    }
}

function draws(train, score, k, usual) {
    k = option(train, "--latent", 8)
    for (usual = 128; usual < 1024 && usual < 16 * k;) usual *= 2
    return option(score, "--samples", option(train, "--samples", usual))
}

function train_cost(s, options, learnt, validated, epochs, every) {
    measure_network(options)
    learnt = 0.7 * trained[s]
    validated = 0.3 * trained[s]
    epochs = option(options, "--epochs", 250)
    every = option(options, "--validate-every", 100)
    return models[s] * (0.02 + 3.1e-11 * whole * epochs * learnt * (1 + validated / 768 / every) + \
                        1e-11 * to_last * draws(options, "") * validated)
}

# Draws of the prior are the same for all points.
function score_cost(s, train, options,    each) {
    measure_network(train)
    each = options ~ /prior/ ? 1e-6 : 1e-11 * to_last * draws(train, options)
    return models[s] * (0.02 + 1e-6 * points[s] + each * (points[s] - trained[s]))
}
