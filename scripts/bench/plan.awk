# The lines of scripts/bench/plan from series.txt. Where the sources are silent:
# - The study does not tell its epochs: 100, with the paper's schedule of the learning rate at 2.5
#   times its speed. Large series: 40 at five times its speed, more steps still than a small one's.
# - Large series: validation every 500 steps, about once in an epoch, in place of 100.
# - K is the paper's for its own experiments, 8 for the real KPIs it did not see (3 for g and
#   weather, the study's), and 3, that the study could draw, in the study's experiments.

function wanted(experiment) {
    return experiments == "" || index(" " experiments " ", " " experiment " ")
}

# One line. `repeats` 0: 3 for a large series, 10 for the others; FULL_ONLY: 10 with FULL=1, else
# none.
function line(experiment, variant, s, train, score, repeats) {
    if (!wanted(experiment)) return
    if (repeats == 0) repeats = size[s] == "large" ? 3 : 10
    if (full) repeats = 10
    if (quick && repeats > 0) repeats = 2
    if (repeats == FULL_ONLY) repeats = 0
    printf "%s|%s|%s|%s|%s|%d\n", experiment, variant, s, train, score, repeats
}

# Options of train and score: "" or with a blank in front.
function train(s, latent, epochs, more) {
    if (quick) epochs = "5 --samples 32"
    return "--to " split_at[s] " --window " window[s] " --latent " latent " --epochs " epochs more
}

function paper(s, more) {
    return train(s, latent[s], size[s] == "small" ? "250" : LARGE, more)
}

function study(s, more) {
    return study_k(s, 3, more)
}

# The study standardises first and then takes 0 for what is missing.
function study_k(s, k, more) {
    return train(s, k, size[s] == "large" ? LARGE : "100 --decay-epochs 4", \
                 " --missing-fill mean" more)
}

# The VAE baseline learns from windows without a missing or labelled point alone. These are fewer,
# so it has the steps of Donut in place of its epochs.
function baseline(s, more) {
    return by_steps(equal_epochs(s, more))
}

function equal_epochs(s, more) {
    return paper(s, more BASELINE)
}

function by_steps(options) {
    sub(/--epochs /, "--epochs steps-of-", options)
    return options
}

function score(s, more) {
    return "--from " split_at[s] more
}

# Options for a share of the labels. None of weather's lies where it is trained on.
function kept(s, l) {
    return s == "weather" ? "" : labels[l]
}

# The paper's figure 7, and the other scores of its section 3.3.
function overall(s, l) {
    for (l = 1; l <= 3; l++) {
        line("fig7", "Donut, " share[l], s, paper(s, kept(s, l)), score(s))
        line("fig7", "VAE baseline, " share[l], s, baseline(s, kept(s, l)), score(s, NO_MCMC))
        line("fig7", "VAE baseline at equal epochs, " share[l], s, equal_epochs(s, kept(s, l)), \
             score(s, NO_MCMC))
        line("fig7", "Donut-Prior, " share[l], s, paper(s, kept(s, l)), score(s, PRIOR))
    }
}

# The paper's own training, on the stand-in of its first KPI.
function full_length(s, l, net) {
    for (l = 1; l <= 3; l += 2) {
        net = train(s, latent[s], "250", labels[l])
        line("full-length", "Donut, " share[l], s, net, score(s), FULL_ONLY)
        net = by_steps(train(s, latent[s], "250", labels[l] BASELINE))
        line("full-length", "VAE baseline, " share[l], s, net, score(s, NO_MCMC), FULL_ONLY)
    }
}

function scores(s) {
    line("scores", "reconstruction", s, paper(s), score(s))
    line("scores", "likelihood", s, paper(s), score(s, " --score-by likelihood --threshold 0"))
    line("scores", "ELBO", s, paper(s), score(s, " --score-by elbo --threshold 0"))
    line("scores", "prior", s, paper(s), score(s, PRIOR))
}

# Figure 8.
function techniques(s, l, none) {
    for (l = 1; l <= 3; l++) {
        none = paper(s, kept(s, l) " --injection 0")
        line("fig8", "VAE baseline, " share[l], s, baseline(s, kept(s, l)), score(s, NO_MCMC))
        line("fig8", "M-ELBO, " share[l], s, none, score(s, NO_MCMC))
        line("fig8", "M-ELBO + injection, " share[l], s, paper(s, kept(s, l)), score(s, NO_MCMC))
        line("fig8", "M-ELBO + MCMC, " share[l], s, none, score(s))
        line("fig8", "M-ELBO + both, " share[l], s, paper(s, kept(s, l)), score(s))
    }
}

# The objective alone: eqn (1) against eqn (3), over the same windows.
function objective(s) {
    line("elbo", "M-ELBO", s, paper(s, " --injection 0"), score(s, NO_MCMC))
    line("elbo", "ELBO", s, paper(s, " --injection 0 --elbo plain"), score(s, NO_MCMC))
    line("elbo", "M-ELBO + both", s, paper(s), score(s))
    line("elbo", "ELBO + both", s, paper(s, " --elbo plain"), score(s))
}

# Figure 9. A repeat of weather is six models; the stand-ins of the paper's KPIs take hours.
function latent_sizes(s, i, n, k, epochs, repeats) {
    n = split("1 2 3 4 5 8 13 21", k, " ")
    epochs = is_small(s) ? "250" : LARGE
    repeats = !is_small(s) ? FULL_ONLY : s == "weather" ? 5 : 0
    for (i = 1; i <= n; i++)
        line("fig9", "K = " k[i], s, train(s, k[i], epochs, kept(s, 1)), score(s), repeats)
}

# The study's tables.
function ablation(s) {
    line("ablation", "both", s, study(s), score(s))
    line("ablation", "just inject", s, study(s), score(s, NO_MCMC))
    line("ablation", "just MCMC", s, study(s, " --injection 0"), score(s))
    line("ablation", "neither", s, study(s, " --injection 0"), score(s, NO_MCMC))
}

function three_series(s) {
    line("three-series", "Donut", s, study(s), score(s))
}

# The series that are but a part of another one.
function singles(s) {
    line("weather-files", "Donut", s, study(s), score(s))
}

# Two figures each: what is usual, and the study's change.
function latent_shape(s) {
    line("student", "Gaussian", s, study(s), score(s))
    line("student", "Student-t, 10 degrees of freedom", s, study(s, " --student-df 10"), score(s))
    line("entropy-beta", "unweighted entropy", s, study(s), score(s))
    line("entropy-beta", "entropy weighted by beta", s, study(s, " --entropy-weight beta"), \
         score(s))
}

# On a large series that the study did not see, with the dense network of figure 7.
function encoders(s, dense, cnn) {
    dense = size[s] == "small" || of_study(s) ? study(s) : paper(s)
    cnn = size[s] == "small" || of_study(s) ? study(s, CNN) : paper(s, CNN)
    line("cnn", "dense", s, dense, score(s))
    line("cnn", "CNN", s, cnn, score(s))
}

# A weight of the objective at 0, .1 ... 1 and beta; `usual` is the one that is there anyway.
function weights(experiment, option, usual, s, i, w, net) {
    net = s == "cpu4" || quick && s == "standin" ? DOUBLED : ""
    for (i = 0; i <= 11; i++) {
        w = i > 10 ? "beta" : sprintf("%.1g", i / 10)
        line(experiment, w, s, study(s, net (w == usual ? "" : " " option " " w)), score(s), 5)
    }
}

function injection_rates(s, i, n, rate) {
    n = split("0 0.01 0.05 0.1 0.2 0.4 0.6 0.8", rate, " ")
    for (i = 1; i <= n; i++)
        line("injection-sweep", rate[i], s, \
             study(s, rate[i] == 0.01 ? "" : " --injection " rate[i]), score(s))
}

function doubled(s, k, epochs) {
    epochs = "100 --decay-epochs 4"
    if (size[s] == "large") epochs = "25 --decay-epochs 1 --validate-every 500"
    for (k = 3; k <= 12; k += 3)
        line("k-doubled", "K = " k, s, train(s, k, epochs, " --missing-fill mean" DOUBLED), \
             score(s), size[s] == "small" ? 5 : 3)
}

BEGIN {
    FULL_ONLY = -1
    share[1] = "0 % labels"
    share[2] = "10 % labels"
    share[3] = "100 % labels"
    labels[1] = " --ignore-labels"
    labels[2] = " --keep-labels 0.1"
    labels[3] = ""
    BASELINE = " --windows normal --injection 0"
    NO_MCMC = " --mcmc-iterations 0"
    PRIOR = " --score-by prior --sampler mc --samples " (quick ? 64 : 1024) " --threshold 0"
    LARGE = "40 --decay-epochs 2 --validate-every 500"
    CNN = " --encoder cnn"
    DOUBLED = " --hidden 200,200,200,200"
}

FNR > 1 && index(at_hand, " " $1 " ") {
    if ($2 == "single") single[++n_single] = $1
    else name[++n] = $1
    size[$1] = $2
    split_at[$1] = $6
    window[$1] = $7
    latent[$1] = $8
}

function is_small(s) {
    return size[s] == "small"
}

function of_paper(s) {
    return s == "A" || s == "B" || s == "C"
}

function of_study(s) {
    return s == "cpu4" || s == "g" || s == "weather"
}

END {
    for (i = 1; i <= n; i++) overall(name[i])
    for (i = 1; i <= n; i++) if (name[i] == "A") full_length(name[i])
    for (i = 1; i <= n; i++) techniques(name[i])
    for (i = 1; i <= n; i++) if (of_study(name[i])) three_series(name[i])
    for (i = 1; i <= n_single; i++) singles(single[i])
    for (i = 1; i <= n; i++) encoders(name[i])
    for (i = 1; i <= n; i++) if (is_small(name[i]) || of_paper(name[i])) latent_sizes(name[i])
    for (i = 1; i <= n; i++) if (is_small(name[i])) scores(name[i])
    for (i = 1; i <= n; i++) if (is_small(name[i])) objective(name[i])
    for (i = 1; i <= n; i++) if (is_small(name[i]) || of_study(name[i])) ablation(name[i])
    for (i = 1; i <= n; i++) if (is_small(name[i]) || of_study(name[i])) latent_shape(name[i])
    for (i = 1; i <= n; i++) if (is_small(name[i])) injection_rates(name[i])
    for (i = 1; i <= n; i++)
        if (of_study(name[i]) || quick && name[i] == "standin") doubled(name[i])
    for (i = 1; i <= n; i++)
        if (is_small(name[i])) weights("entropy-sweep", "--entropy-weight", "1", name[i])
    for (i = 1; i <= n; i++)
        if (is_small(name[i])) weights("prior-sweep", "--prior-weight", "beta", name[i])
}
