# Seconds of one core for each experiment of a plan, what an earlier one shares with it not counted.
BEGIN { read_series() }
{
    if (!($1 in seconds)) order[++n] = $1
    cost = 0
    run = $3 "|" $4
    if ($6 > repeats[run]) {
        cost += ($6 - repeats[run]) * train_cost($3, $4)
        runs += $6 - repeats[run]
        repeats[run] = $6
    }
    row = run "|" $5
    if ($6 > repeats[row]) {
        cost += ($6 - repeats[row]) * score_cost($3, $4, $5)
        repeats[row] = $6
    }
    seconds[$1] += cost
    of_series[$3] += cost
    total += cost
}
END {
    for (i = 1; i <= n; i++) printf "%-16s %6.0f\n", order[i], seconds[order[i]]
    printf "%-16s %6.0f seconds of one core, %d trainings\n", "all", total, runs
}
