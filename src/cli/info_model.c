#include "cli/info_model.h"

#include "cli/doubts.h"
#include "cli/info_table.h"
#include "cli/info_verdicts.h"
#include "cli/io.h"
#include "cli/times.h"
#include "data/grid.h"
#include "model/walk.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define WEIGHT_SIZE 16

const char *donut_elbo_word(enum donut_elbo elbo)
{
    return elbo == DONUT_ELBO_PLAIN ? "plain" : "modified";
}

const char *donut_windows_word(enum donut_windows windows)
{
    return windows == DONUT_WINDOWS_NORMAL ? "normal" : "all";
}

const char *donut_schedule_word(enum donut_schedule schedule)
{
    return schedule == DONUT_SCHEDULE_COSINE ? "cosine" : "step";
}

const char *donut_scale_word(enum donut_scale_by scale_by)
{
    return scale_by == DONUT_SCALE_ROBUST ? "robust" : "moments";
}

const char *donut_score_word(enum donut_score_kind kind)
{
    static const char *const words[] = {[DONUT_SCORE_DEFAULT] = "reconstruction",
                                        [DONUT_SCORE_RECONSTRUCTION] = "reconstruction",
                                        [DONUT_SCORE_LIKELIHOOD] = "likelihood",
                                        [DONUT_SCORE_ELBO] = "elbo",
                                        [DONUT_SCORE_PRIOR] = "prior"};
    return words[kind];
}

/* A u32 behind the magic's 8 bytes, in every version of model and bundle files. */
unsigned donut_info_version(const struct donut_info *info)
{
    uint32_t version = 0;
    struct donut_walk walk = donut_walk_reading(info->bytes, info->size < 12 ? info->size : 12);
    (void)donut_walk_text(&walk, 8);
    donut_walk_u32(&walk, &version);
    return version;
}

/* The KPI's 0 is 0, whatever rounding made of it. */
double donut_missing_value(const struct donut_model_info *facts)
{
    const double value = facts->mean + facts->fill * facts->std;
    return fabs(value) < 1e-12 * fabs(facts->mean) ? 0 : value;
}

const char *donut_stop_word(const struct donut_model_info *facts)
{
    if (facts->epochs == 0 && facts->stop == DONUT_STOP_DONE)
        return NULL;
    return facts->stop == DONUT_STOP_DONE        ? "done"
           : facts->stop == DONUT_STOP_CANCELLED ? "cancelled"
                                                 : "diverged";
}

static void add_risk(const struct donut_model *model, const struct donut_model_info *facts,
                     double risk, struct donut_risk *out)
{
    *out = (struct donut_risk){.risk = risk,
                               .threshold = NAN,
                               .apart = round((double)facts->interval_ms / risk) / 1000,
                               .own = risk == facts->options.risk};
    if (out->own)
        out->threshold = facts->threshold;
    else if (donut_model_threshold(model, risk, &out->threshold, NULL) != DONUT_OK)
        out->threshold = NAN;
}

size_t donut_model_risks(const struct donut_model *model, const struct donut_model_info *facts,
                         struct donut_risk risks[DONUT_RISKS])
{
    static const double usual[] = {1e-2, 1e-3, 1e-4, 1e-5, 1e-6};
    const double own = facts->options.risk;
    size_t n = 0;
    for (size_t i = 0; i < sizeof usual / sizeof usual[0]; i++) {
        if (own > usual[i] && (i == 0 || own < usual[i - 1]))
            add_risk(model, facts, own, &risks[n++]);
        add_risk(model, facts, usual[i], &risks[n++]);
    }
    if (own < usual[sizeof usual / sizeof usual[0] - 1])
        add_risk(model, facts, own, &risks[n++]);
    return n;
}

static void put_risks(const struct donut_model *model, const struct donut_model_info *facts,
                      struct donut_text *text)
{
    struct donut_table table = {.columns = 4, .align = "rrrl"};
    struct donut_risk risks[DONUT_RISKS];
    char apart[DONUT_DURATION_SIZE];
    const size_t n = donut_model_risks(model, facts, risks);
    donut_text_print(text, "\nThreshold by risk\n");
    donut_table_add(&table, "risk");
    donut_table_add(&table, "threshold");
    donut_table_add(&table, "one false alarm in");
    donut_table_add(&table, "%s", "");
    for (size_t i = 0; i < n; i++) {
        donut_table_add(&table, "%g", risks[i].risk);
        if (isfinite(risks[i].threshold))
            donut_table_add(&table, "%.6g", risks[i].threshold);
        else
            donut_table_add(&table, "-");
        donut_table_add(&table, "about %s", donut_duration_words(risks[i].apart, apart));
        donut_table_add(&table, "%s", risks[i].own ? "<- the model's" : "");
    }
    donut_table_put(&table, text);
}

static void put_training(const struct donut_model_info *facts, struct donut_text *text)
{
    const char *stop = donut_stop_word(facts);
    donut_text_print(text, "\nTraining\n");
    donut_info_line(text, "validation loss", "%.6g%s", facts->best_loss,
                    facts->best_loss < 0 ? " (negative is normal)" : "");
    if (!stop) {
        donut_info_line(text, "ended", "not known, the file is of an older format");
        return;
    }
    if (facts->epochs == 0) {
        donut_info_line(text, "ended", "before its first step");
        return;
    }
    donut_info_line(text, "training loss", "%.6g in the last epoch", facts->train_loss);
    donut_info_line(text, "best parameters", "from epoch %zu of %zu, step %zu of %zu",
                    facts->best_epoch, facts->options.epochs, facts->best_step, facts->steps);
    if (facts->stop == DONUT_STOP_DONE)
        donut_info_line(text, "ended", "after all epochs");
    else
        donut_info_line(text, "ended", "in epoch %zu, %s", facts->epochs,
                        facts->stop == DONUT_STOP_CANCELLED ? "when it was stopped"
                                                            : "as the loss was no longer finite");
}

static void put_data(const struct donut_model_info *facts, struct donut_text *text)
{
    const double mean = facts->mean, std = facts->std;
    donut_text_print(text, "\nStandardisation, in the KPI's units\n");
    donut_info_line(text, "mean, std", "%.6g, %.6g", mean, std);
    donut_info_line(text, "a missing point", "counts as %.6g, %.3g std from the mean",
                    donut_missing_value(facts), facts->fill);
    donut_info_line(text, "values are held", "between %.6g and %.6g, %.3g std from the mean",
                    mean - facts->limit * std, mean + facts->limit * std, facts->limit);
    if (facts->wild > 0)
        donut_info_line(text, "wild points", "%zu, not learnt from", facts->wild);
}

static void put_widths(const struct donut_train_options *opt, struct donut_text *text)
{
    donut_info_label(text, "hidden");
    for (size_t i = 0; i < opt->depth; i++)
        donut_text_print(text, "%s%zu", i > 0 ? "," : "", opt->hidden[i]);
    donut_text_print(text, "\n");
}

static const char *weight_words(double weight, char out[WEIGHT_SIZE])
{
    if (weight == DONUT_WEIGHT_BETA)
        snprintf(out, WEIGHT_SIZE, "beta");
    else
        snprintf(out, WEIGHT_SIZE, "%g", weight);
    return out;
}

static void put_method(const struct donut_train_options *opt, struct donut_text *text)
{
    char prior[WEIGHT_SIZE], entropy[WEIGHT_SIZE];
    if (opt->encoder == DONUT_ENCODER_CNN)
        donut_info_line(text, "encoder", "cnn, channels %zu,%zu", opt->channels[0],
                        opt->channels[1]);
    if (opt->student_df > 0)
        donut_info_line(text, "student-df", "%g", opt->student_df);
    if (opt->likelihood_df > 0)
        donut_info_line(text, "likelihood-df", "%g", opt->likelihood_df);
    if (opt->hide_last)
        donut_info_line(text, "hide-last", "yes");
    donut_info_line(text, "elbo", "%s, of %s windows", donut_elbo_word(opt->elbo),
                    donut_windows_word(opt->windows));
    donut_info_line(text, "weights", "reconstruction %g, prior %s, entropy %s",
                    opt->reconstruction_weight, weight_words(opt->prior_weight, prior),
                    weight_words(opt->entropy_weight, entropy));
}

static void put_labels(const struct donut_train_options *opt, struct donut_text *text)
{
    if (opt->ignore_labels)
        donut_info_line(text, "labels", "ignored");
    else if (opt->keep_labels >= 1)
        donut_info_line(text, "labels", "all kept");
    else
        donut_info_line(text, "labels",
                        "%g %% of the labelled points kept, as near as whole anomalies allow",
                        100 * opt->keep_labels);
}

static void put_rate(const struct donut_train_options *opt, struct donut_text *text)
{
    if (opt->schedule == DONUT_SCHEDULE_STEP)
        donut_info_line(text, "learning-rate", "%g, times %g every %zu epochs", opt->learning_rate,
                        opt->decay, opt->decay_epochs);
    else
        donut_info_line(text, "learning-rate", "%g, schedule %s", opt->learning_rate,
                        donut_schedule_word(opt->schedule));
}

static void put_validation(const struct donut_train_options *opt, struct donut_text *text)
{
    donut_info_label(text, "validation");
    donut_text_print(text, "%g, every %zu steps", opt->validation, opt->validate_every);
    if (opt->validation_windows > 0)
        donut_text_print(text, ", %zu windows at most", opt->validation_windows);
    if (opt->validation_trim > 0)
        donut_text_print(text, ", the highest %g %% left out", 100 * opt->validation_trim);
    donut_text_print(text, "\n");
}

static void put_options(const struct donut_model_info *facts, struct donut_text *text)
{
    const struct donut_train_options *opt = &facts->options;
    donut_text_print(text, "\nOptions it was trained with\n");
    donut_info_line(text, "window", "%zu", opt->window);
    donut_info_line(text, "latent", "%zu", opt->latent);
    put_widths(opt, text);
    donut_info_line(text, "std-epsilon", "%g", opt->std_epsilon);
    put_method(opt, text);
    donut_info_line(text, "missing-fill", "%s",
                    opt->missing_fill == DONUT_FILL_ZERO ? "zero" : "mean");
    if (opt->scale_by != DONUT_SCALE_MOMENTS)
        donut_info_line(text, "scale", "%s", donut_scale_word(opt->scale_by));
    donut_info_line(text, "epochs", "%zu", opt->epochs);
    donut_info_line(text, "batch-size", "%zu", opt->batch_size);
    put_rate(opt, text);
    donut_info_line(text, "l2", "%g", opt->l2);
    donut_info_line(text, "clip-norm", "%g, %s", opt->clip_norm,
                    opt->clip_by == DONUT_CLIP_TENSOR ? "by tensor" : "global");
    donut_info_line(text, "injection", "%g", opt->injection);
    put_validation(opt, text);
    donut_info_line(text, "risk", "%g", opt->risk);
    donut_info_line(text, "sampler", "%s, %zu samples, %zu mcmc-iterations",
                    opt->sampler == DONUT_SAMPLER_MC ? "mc" : "sobol", opt->samples,
                    opt->mcmc_iterations);
    donut_info_line(text, "score-by", "%s", donut_score_word(opt->score_by));
    donut_info_line(text, "verdict-by", "%s", donut_verdict_word(opt->verdict_by));
    put_labels(opt, text);
    donut_info_line(text, "seed", "%llu", (unsigned long long)opt->seed);
}

static void put_tail(const struct donut_model_info *facts, struct donut_text *text)
{
    const struct donut_tail *tail = &facts->tail;
    donut_text_print(text, "\nTail of the validation scores\n");
    donut_info_line(text, "scores, peaks", "%llu, %llu above %.6g", (unsigned long long)tail->n,
                    (unsigned long long)tail->peaks, tail->t);
    donut_info_line(text, "shape, scale", "%.4g, %.4g%s", tail->gamma, tail->sigma,
                    donut_trained_on_anomalies(tail) ? " (the heaviest: unlabelled anomalies?)"
                                                     : "");
}

static void put_text(const struct donut_info *info, const struct donut_model *model,
                     const struct donut_model_info *facts, struct donut_text *text)
{
    char every[DONUT_INTERVAL_SIZE], first[DONUT_TIME_SIZE], last[DONUT_TIME_SIZE];
    char window[DONUT_DURATION_SIZE];
    donut_info_name(info, text);
    donut_text_print(
        text, ": a model of a KPI with a point every %s\ntrained on %zu points from %s to %s\n\n",
        donut_interval_describe(facts->interval_ms, every), facts->train_points,
        donut_date_words(facts->train_start_ms, first),
        donut_date_words(facts->train_end_ms, last));
    donut_info_line(text, "window", "%zu points = %s", facts->options.window,
                    donut_duration_words(
                        (double)facts->options.window * (double)facts->interval_ms / 1000, window));
    donut_info_line(text, "file", "%zu bytes, format version %u, %zu parameters", info->size,
                    donut_info_version(info), facts->parameters);
    donut_info_line(text, "file check", "ok");
    if (donut_verdicts_by_surprise(facts))
        donut_info_verdicts(model, facts, text);
    else
        put_risks(model, facts, text);
    put_training(facts, text);
    put_data(facts, text);
    put_options(facts, text);
    if (!donut_verdicts_by_surprise(facts))
        put_tail(facts, text);
}

int donut_info_model(const struct donut_info *info, struct donut_text *text)
{
    struct donut_model *model = NULL;
    struct donut_model_info facts;
    struct donut_error err = {0};
    if (donut_model_decode((const unsigned char *)info->bytes, info->size, &model, &err) !=
        DONUT_OK)
        return donut_complain(donut_input_name(info->path), &err);
    donut_model_get_info(model, &facts);
    if (info->json)
        donut_info_model_json(info, model, &facts, text);
    else
        put_text(info, model, &facts, text);
    donut_model_free(model);
    return 0;
}
