# Key and threshold of each KPI: an exponential tail through two quantiles of the scores of its
# history, read off at a risk. Lines of key and score, in their order.
# -v low, high: the quantiles; -v risk

$1 != key {
    finish()
    key = $1
    n = 0
}
{ score[++n] = $2 }
END { finish() }

function quantile(p,    place, below) {
    place = 1 + p * (n - 1)
    below = int(place)
    if (below >= n) return score[n]
    return score[below] + (place - below) * (score[below + 1] - score[below])
}

function finish(    slope) {
    if (key == "") return
    slope = (quantile(high) - quantile(low)) / log((1 - low) / (1 - high))
    printf "%s %.9g\n", key, quantile(high) + slope * log((1 - high) / risk)
}
