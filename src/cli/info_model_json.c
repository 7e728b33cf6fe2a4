#include "cli/info_json.h"
#include "cli/info_model.h"
#include "cli/info_verdicts.h"

#include <math.h>

static void put_risks(struct donut_json *json, const struct donut_model *model,
                      const struct donut_model_info *facts)
{
    struct donut_risk risks[DONUT_RISKS];
    const size_t n = donut_model_risks(model, facts, risks);
    donut_json_number(json, "risk", facts->options.risk);
    donut_json_number(json, "threshold", facts->threshold);
    donut_json_open(json, "thresholds", '[');
    for (size_t i = 0; i < n; i++) {
        donut_json_open(json, NULL, '{');
        donut_json_number(json, "risk", risks[i].risk);
        donut_json_number(json, "threshold", risks[i].threshold);
        donut_json_number(json, "seconds_between_false_alarms", risks[i].apart);
        donut_json_close(json, '}');
    }
    donut_json_close(json, ']');
}

static void put_count_or_null(struct donut_json *json, const char *key, size_t n, bool known)
{
    if (known)
        donut_json_count(json, key, n);
    else
        donut_json_null(json, key);
}

static void put_training(struct donut_json *json, const struct donut_model_info *facts)
{
    const bool known = donut_stop_word(facts) != NULL;
    donut_json_open(json, "training", '{');
    donut_json_time(json, "start", facts->train_start_ms);
    donut_json_time(json, "end", facts->train_end_ms);
    donut_json_count(json, "points", facts->train_points);
    donut_json_number(json, "validation_loss", facts->best_loss);
    donut_json_number(json, "training_loss", known ? facts->train_loss : NAN);
    put_count_or_null(json, "epochs", facts->epochs, known);
    put_count_or_null(json, "steps", facts->steps, known);
    put_count_or_null(json, "best_epoch", facts->best_epoch, known);
    put_count_or_null(json, "best_step", facts->best_step, known);
    donut_json_word(json, "stop", donut_stop_word(facts));
    donut_json_close(json, '}');
}

static void put_data(struct donut_json *json, const struct donut_model_info *facts)
{
    donut_json_open(json, "standardisation", '{');
    donut_json_number(json, "mean", facts->mean);
    donut_json_number(json, "std", facts->std);
    donut_json_number(json, "missing_value", donut_missing_value(facts));
    donut_json_number(json, "lowest_value", facts->mean - facts->limit * facts->std);
    donut_json_number(json, "highest_value", facts->mean + facts->limit * facts->std);
    donut_json_count(json, "wild_points", facts->wild);
    donut_json_close(json, '}');
}

static void put_weight(struct donut_json *json, const char *key, double weight)
{
    if (weight == DONUT_WEIGHT_BETA)
        donut_json_word(json, key, "beta");
    else
        donut_json_number(json, key, weight);
}

static void put_method(struct donut_json *json, const struct donut_train_options *opt)
{
    const bool cnn = opt->encoder == DONUT_ENCODER_CNN;
    donut_json_word(json, "encoder", cnn ? "cnn" : "dense");
    donut_json_open(json, "channels", '[');
    for (size_t i = 0; cnn && i < DONUT_CONVOLUTIONS; i++)
        donut_json_count(json, NULL, opt->channels[i]);
    donut_json_close(json, ']');
    donut_json_number(json, "student_df", opt->student_df > 0 ? opt->student_df : NAN);
    donut_json_number(json, "likelihood_df", opt->likelihood_df > 0 ? opt->likelihood_df : NAN);
    donut_json_bool(json, "hide_last", opt->hide_last);
    donut_json_word(json, "elbo", donut_elbo_word(opt->elbo));
    donut_json_word(json, "windows", donut_windows_word(opt->windows));
    donut_json_number(json, "reconstruction_weight", opt->reconstruction_weight);
    put_weight(json, "prior_weight", opt->prior_weight);
    put_weight(json, "entropy_weight", opt->entropy_weight);
}

static void put_options(struct donut_json *json, const struct donut_train_options *opt)
{
    donut_json_open(json, "options", '{');
    donut_json_count(json, "window", opt->window);
    donut_json_count(json, "latent", opt->latent);
    donut_json_open(json, "hidden", '[');
    for (size_t i = 0; i < opt->depth; i++)
        donut_json_count(json, NULL, opt->hidden[i]);
    donut_json_close(json, ']');
    donut_json_number(json, "std_epsilon", opt->std_epsilon);
    put_method(json, opt);
    donut_json_word(json, "missing_fill", opt->missing_fill == DONUT_FILL_ZERO ? "zero" : "mean");
    donut_json_word(json, "scale", donut_scale_word(opt->scale_by));
    donut_json_count(json, "epochs", opt->epochs);
    donut_json_count(json, "batch_size", opt->batch_size);
    donut_json_number(json, "learning_rate", opt->learning_rate);
    donut_json_word(json, "schedule", donut_schedule_word(opt->schedule));
    donut_json_number(json, "decay", opt->decay);
    donut_json_count(json, "decay_epochs", opt->decay_epochs);
    donut_json_number(json, "l2", opt->l2);
    donut_json_number(json, "clip_norm", opt->clip_norm);
    donut_json_word(json, "clip_by", opt->clip_by == DONUT_CLIP_TENSOR ? "tensor" : "global");
    donut_json_number(json, "injection", opt->injection);
    donut_json_number(json, "validation", opt->validation);
    donut_json_count(json, "validate_every", opt->validate_every);
    donut_json_count(json, "validation_windows", opt->validation_windows);
    donut_json_number(json, "validation_trim", opt->validation_trim);
    donut_json_number(json, "risk", opt->risk);
    donut_json_word(json, "sampler", opt->sampler == DONUT_SAMPLER_MC ? "mc" : "sobol");
    donut_json_count(json, "samples", opt->samples);
    donut_json_count(json, "mcmc_iterations", opt->mcmc_iterations);
    donut_json_word(json, "score_by", donut_score_word(opt->score_by));
    donut_json_word(json, "verdict_by", donut_verdict_word(opt->verdict_by));
    donut_json_bool(json, "ignore_labels", opt->ignore_labels);
    donut_json_number(json, "keep_labels", opt->keep_labels);
    donut_json_count(json, "seed", opt->seed);
    donut_json_close(json, '}');
}

static void put_tail(struct donut_json *json, const struct donut_tail *tail)
{
    donut_json_open(json, "tail", '{');
    donut_json_count(json, "scores", tail->n);
    donut_json_count(json, "peaks", tail->peaks);
    donut_json_number(json, "begin", tail->t);
    donut_json_number(json, "shape", tail->gamma);
    donut_json_number(json, "scale", tail->sigma);
    donut_json_close(json, '}');
}

void donut_info_model_json(const struct donut_info *info, const struct donut_model *model,
                           const struct donut_model_info *facts, struct donut_text *text)
{
    struct donut_json json = {.text = text};
    donut_json_open(&json, NULL, '{');
    donut_json_word(&json, "type", "model");
    donut_json_word(&json, "file", info->path);
    donut_json_count(&json, "bytes", info->size);
    donut_json_count(&json, "format_version", donut_info_version(info));
    donut_json_bool(&json, "sound", true);
    donut_json_count(&json, "parameters", facts->parameters);
    donut_json_number(&json, "interval_seconds", (double)facts->interval_ms / 1000);
    donut_json_number(&json, "window_seconds",
                      (double)facts->options.window * (double)facts->interval_ms / 1000);
    put_risks(&json, model, facts);
    donut_info_verdicts_json(&json, model, facts);
    put_training(&json, facts);
    put_data(&json, facts);
    put_options(&json, &facts->options);
    put_tail(&json, &facts->tail);
    donut_json_close(&json, '}');
}
