#include "detect/scorer.h"
#include "base/arena.h"
#include "base/status.h"
#include "detect/tail.h"

#include <math.h>
#include <stdlib.h>

struct donut_score_options donut_score_defaults(void)
{
    return (struct donut_score_options){.mcmc_iterations = SIZE_MAX, .threshold = NAN};
}

static enum donut_status check(const struct donut_score_options *opt, struct donut_error *err)
{
    if (opt->samples > 1048576)
        return donut_fail(err, DONUT_EARGUMENT, "the number of samples must be 1 to 1048576");
    if (opt->sampler != DONUT_SAMPLER_DEFAULT && opt->sampler != DONUT_SAMPLER_SOBOL &&
        opt->sampler != DONUT_SAMPLER_MC)
        return donut_fail(err, DONUT_EARGUMENT, "the sampler is sobol or mc");
    if (opt->mcmc_iterations != SIZE_MAX && opt->mcmc_iterations > 10000)
        return donut_fail(err, DONUT_EARGUMENT, "the number of MCMC iterations must be 0 to 10000");
    if (opt->score_by < DONUT_SCORE_DEFAULT || opt->score_by > DONUT_SCORE_PRIOR)
        return donut_fail(err, DONUT_EARGUMENT,
                          "scores are by reconstruction, likelihood, elbo or prior");
    if (opt->verdict_by < DONUT_VERDICT_DEFAULT || opt->verdict_by > DONUT_VERDICT_SCORE)
        return donut_fail(err, DONUT_EARGUMENT, "verdicts are by both, shape, step or score");
    return DONUT_OK;
}

enum donut_status donut_scorer_start(const struct donut_score_options *opt,
                                     struct donut_scorer *scorer, struct donut_error *err)
{
    *scorer = (struct donut_scorer){.opt = opt ? *opt : donut_score_defaults()};
    const enum donut_status status = check(&scorer->opt, err);
    if (status != DONUT_OK)
        return status;
    return donut_engine_start(scorer->opt.kernel, scorer->opt.threads, &scorer->engine, err);
}

void donut_scorer_stop(struct donut_scorer *scorer)
{
    for (size_t i = 0; i < scorer->n; i++)
        donut_detector_free(&scorer->detector[i]);
    free(scorer->end);
    free(scorer->verdict);
    free(scorer->again);
    free(scorer->rows);
    free(scorer->mark);
    free(scorer->hidden);
    free(scorer->hidden_missing);
    free(scorer->x);
    free(scorer->wide);
    free(scorer->missing);
    free(scorer->warmup);
    donut_engine_stop(&scorer->engine);
}

enum donut_status donut_scorer_new(const struct donut_score_options *opt, struct donut_scorer **out,
                                   struct donut_error *err)
{
    *out = NULL;
    struct donut_scorer *scorer = malloc(sizeof *scorer);
    if (!scorer)
        return donut_fail_memory(err);
    const enum donut_status status = donut_scorer_start(opt, scorer, err);
    if (status == DONUT_OK)
        *out = scorer;
    else
        free(scorer);
    return status;
}

void donut_scorer_free(struct donut_scorer *scorer)
{
    if (scorer)
        donut_scorer_stop(scorer);
    free(scorer);
}

static struct donut_draws draws_of(const struct donut_score_options *opt,
                                   const struct donut_model *model)
{
    const struct donut_train_options *trained = &model->info.options;
    struct donut_draws draws = {
        .sampler = opt->sampler == DONUT_SAMPLER_DEFAULT ? trained->sampler : opt->sampler,
        .samples = opt->samples,
        .iterations =
            opt->mcmc_iterations == SIZE_MAX ? trained->mcmc_iterations : opt->mcmc_iterations,
        .seed = trained->seed,
        .score_by = opt->score_by == DONUT_SCORE_DEFAULT ? trained->score_by : opt->score_by,
    };
    if (draws.samples == 0)
        draws.samples = draws.sampler == trained->sampler
                            ? trained->samples
                            : donut_usual_samples(draws.sampler, trained->latent);
    return draws;
}

/* Makes room for the windows of one call of this detector. */
static bool reserve_batch(struct donut_scorer *scorer, const struct donut_detector *detector)
{
    const size_t batch = donut_detector_batch(detector);
    if (batch <= scorer->batch)
        return true;
    free(scorer->end);
    free(scorer->verdict);
    free(scorer->again);
    free(scorer->rows);
    scorer->end = donut_calloc(batch, sizeof *scorer->end);
    scorer->verdict = donut_calloc(batch, sizeof *scorer->verdict);
    scorer->again = donut_calloc(batch, sizeof *scorer->again);
    scorer->rows = donut_calloc(batch, sizeof *scorer->rows);
    scorer->batch = scorer->end && scorer->verdict && scorer->again && scorer->rows ? batch : 0;
    return scorer->batch > 0;
}

/* A place for one more detector. */
static struct donut_detector *choose_place(struct donut_scorer *scorer)
{
    if (scorer->n < DONUT_SCORER_DETECTORS)
        return &scorer->detector[scorer->n];
    struct donut_detector *place = &scorer->detector[scorer->next];
    scorer->next = (scorer->next + 1) % DONUT_SCORER_DETECTORS;
    return place;
}

enum donut_status donut_scorer_aim(struct donut_scorer *scorer, struct donut_target *target,
                                   struct donut_detector **detector, struct donut_error *err)
{
    const struct donut_vae_shape *shape = &target->model->vae.shape;
    const struct donut_draws draws = draws_of(&scorer->opt, target->model);
    *detector = NULL;
    for (size_t i = 0; i < scorer->n && !*detector; i++)
        if (donut_detector_fits(&scorer->detector[i], shape, &draws))
            *detector = &scorer->detector[i];
    if (!*detector) {
        struct donut_detector made;
        const enum donut_status status =
            donut_detector_new(&scorer->engine, shape, &draws, &made, err);
        if (status != DONUT_OK)
            return status;
        *detector = choose_place(scorer);
        if (scorer->n < DONUT_SCORER_DETECTORS)
            scorer->n++;
        else
            donut_detector_free(*detector);
        **detector = made;
    }
    if (!reserve_batch(scorer, *detector))
        return donut_fail_memory(err);
    return donut_detector_aim(*detector, target, err);
}

enum donut_status donut_scorer_reserve(struct donut_scorer *scorer, size_t n,
                                       struct donut_error *err)
{
    if (n <= scorer->room)
        return DONUT_OK;
    free(scorer->x);
    free(scorer->wide);
    free(scorer->missing);
    free(scorer->warmup);
    scorer->x = donut_calloc(n + DONUT_PANEL, sizeof *scorer->x);
    scorer->wide = donut_calloc(n, sizeof *scorer->wide);
    scorer->missing = donut_calloc(n, 1);
    scorer->warmup = donut_calloc(n, 1);
    scorer->room = scorer->x && scorer->wide && scorer->missing && scorer->warmup ? n : 0;
    return scorer->room > 0 ? DONUT_OK : donut_fail_memory(err);
}

/* The model's threshold, and its tail, are for scores of its own kind. */
static enum donut_status check_kind(enum donut_score_kind kind, const struct donut_model *model,
                                    struct donut_error *err)
{
    static const char *const words[] = {[DONUT_SCORE_RECONSTRUCTION] = "reconstruction",
                                        [DONUT_SCORE_LIKELIHOOD] = "likelihood",
                                        [DONUT_SCORE_ELBO] = "elbo",
                                        [DONUT_SCORE_PRIOR] = "prior"};
    const enum donut_score_kind own = model->info.options.score_by;
    if (kind == DONUT_SCORE_DEFAULT || kind == own)
        return DONUT_OK;
    return donut_fail(err, DONUT_EARGUMENT,
                      "the model's threshold is for %s scores: give --threshold, or train with "
                      "--score-by %s",
                      words[own], words[kind]);
}

enum donut_status donut_scorer_threshold(const struct donut_scorer *scorer,
                                         const struct donut_model *model, double *threshold,
                                         struct donut_error *err)
{
    const struct donut_score_options *opt = &scorer->opt;
    *threshold = isnan(opt->threshold) ? model->info.threshold : opt->threshold;
    if (!isnan(opt->threshold))
        return DONUT_OK;
    const enum donut_status status = check_kind(opt->score_by, model, err);
    if (status != DONUT_OK || opt->risk == 0)
        return status;
    return donut_model_threshold(model, opt->risk, threshold, err);
}

/* The channels that decide; SCORE where the model knows nothing else, or a threshold is given. */
static enum donut_status choose_channels(const struct donut_score_options *opt,
                                         const struct donut_model *model, enum donut_verdict_by *by,
                                         struct donut_error *err)
{
    const bool calibrated = model->info.normal.deviation.n > 0;
    *by = isnan(opt->threshold) ? opt->verdict_by : DONUT_VERDICT_SCORE;
    if (*by == DONUT_VERDICT_DEFAULT)
        *by = calibrated ? model->info.options.verdict_by : DONUT_VERDICT_SCORE;
    if (*by == DONUT_VERDICT_SCORE || calibrated)
        return DONUT_OK;
    return donut_fail(err, DONUT_EARGUMENT,
                      "the model's verdicts are by the score, it knows nothing of channels: train "
                      "again without --verdict-by score");
}

enum donut_status donut_scorer_rule(const struct donut_scorer *scorer,
                                    const struct donut_model *model, struct donut_rule *rule,
                                    struct donut_error *err)
{
    const struct donut_score_options *opt = &scorer->opt;
    const double risk = opt->risk != 0 ? opt->risk : model->info.options.risk;
    *rule = (struct donut_rule){.threshold = NAN, .surprise = NAN};
    enum donut_status status = choose_channels(opt, model, &rule->by, err);
    if (status != DONUT_OK)
        return status;
    if (rule->by == DONUT_VERDICT_SCORE) {
        rule->by_tail = isnan(opt->threshold);
        return donut_scorer_threshold(scorer, model, &rule->threshold, err);
    }
    status = check_kind(opt->score_by, model, err);
    if (status != DONUT_OK)
        return status;
    if (!(risk >= 1e-12 && risk <= 0.5))
        return donut_fail(err, DONUT_EARGUMENT, "the risk must be 1e-12 to 0.5");
    rule->surprise = donut_round_surprise(-log10(risk));
    return DONUT_OK;
}

void donut_scorer_conclude(const struct donut_scorer *scorer, const struct donut_model *model,
                           const struct donut_judgement *judgement, struct donut_score_row *row)
{
    const double mean = model->info.mean, std = model->info.std;
    const bool judged = row->status == DONUT_ROW_OK ||
                        (row->status == DONUT_ROW_WARMUP && scorer->opt.warmup_alarms);
    row->surprise = judgement->surprise;
    row->cause = judged ? judgement->cause : DONUT_CAUSE_NONE;
    row->anomaly = row->cause != DONUT_CAUSE_NONE;
    row->lower = isfinite(row->lower) ? mean + std * row->lower : NAN;
    row->upper = isfinite(row->upper) ? mean + std * row->upper : NAN;
}

struct donut_score_row donut_scorer_row(const struct donut_scorer *scorer,
                                        const struct donut_model *model,
                                        const struct donut_verdict *verdict,
                                        const struct donut_rule *rule, bool missing, bool warmup)
{
    const double mean = model->info.mean, std = model->info.std;
    const bool judged = !missing && (!warmup || scorer->opt.warmup_alarms);
    const bool anomaly = judged && verdict->score > rule->threshold;
    const double surprise =
        !missing && rule->by_tail ? donut_tail_surprise(&model->info.tail, verdict->score) : NAN;
    return (struct donut_score_row){
        .score = verdict->score,
        .expected = mean + std * verdict->mean,
        .lower = mean + std * (verdict->mean - 3 * verdict->sd),
        .upper = mean + std * (verdict->mean + 3 * verdict->sd),
        .surprise = isnan(surprise) ? NAN : donut_round_surprise(surprise),
        .anomaly = anomaly,
        .cause = anomaly ? DONUT_CAUSE_SHAPE : DONUT_CAUSE_NONE,
        .status = missing  ? DONUT_ROW_MISSING
                  : warmup ? DONUT_ROW_WARMUP
                           : DONUT_ROW_OK,
    };
}
