#include "cli/report.h"

#include "base/status.h"
#include "cli/info_table.h"

#include <math.h>
#include <stdio.h>

#define MOST_KPIS 20
#define CELL_SIZE 40

/* What is found out on the way through the KPIs. */
struct totals {
    struct donut_evaluation_sum sum;
    struct donut_rows_out out;
};

/* Given alarms: the file's verdicts, or those at --threshold. */
struct setting {
    char name[CELL_SIZE];
    bool at_threshold;
    const struct donut_operating_point *sum; /* (3) adjusted, delayed, raw */
    const struct donut_mean_figures *mean;   /* likewise */
};

/* What the parts of the text share. */
struct report {
    size_t delay;
    bool join_gaps;
    enum donut_rank by;
    struct totals totals;
    struct setting setting[2];
    size_t settings;
    struct donut_table table;
};

/* ---- the KPIs */

/* Of a KPI without a scored point, which donut_evaluate() refuses, all figures are undefined. */
static struct donut_evaluation unscored(const struct donut_scored *scored,
                                        const struct donut_evaluate_options *opt)
{
    const struct donut_operating_point none = {.f = NAN,
                                               .precision = NAN,
                                               .recall = NAN,
                                               .threshold = NAN,
                                               .alert_delay_points = NAN,
                                               .alert_delay_seconds = NAN};
    const struct donut_curve curve = {.best = none, .auc = NAN};
    struct donut_evaluation evaluation = {.adjusted = curve,
                                          .delayed = curve,
                                          .delay = opt->delay,
                                          .join_gaps = opt->join_gaps,
                                          .raw = curve,
                                          .random_floor = NAN,
                                          .has_verdict = scored->verdict != NULL,
                                          .has_threshold = !isnan(opt->threshold)};
    for (size_t i = 0; i < 3; i++) {
        evaluation.verdict[i] = evaluation.at_threshold[i] = none;
        evaluation.at_threshold[i].threshold = opt->threshold;
    }
    return evaluation;
}

static enum donut_status judge(const struct donut_scored *scored,
                               const struct donut_evaluate_options *opt, struct totals *totals,
                               struct donut_evaluation *evaluation, struct donut_error *err)
{
    totals->out.missing += scored->missing;
    totals->out.warmup += scored->warmup;
    totals->out.warmup_anomalous += scored->warmup_anomalous;
    if (scored->n == 0) {
        *evaluation = unscored(scored, opt);
        return DONUT_OK;
    }
    const enum donut_status status = donut_evaluate(scored, opt, evaluation, err);
    if (status == DONUT_OK)
        donut_evaluation_add(&totals->sum, evaluation);
    return status;
}

static enum donut_status check_totals(const struct totals *totals, struct donut_error *err)
{
    if (totals->sum.kpis > 0)
        return DONUT_OK;
    return donut_fail(err, DONUT_EINPUT,
                      "no KPI has a scored point to evaluate: every row lacks a score, or is "
                      "missing or warm-up");
}

/* ---- JSON */

enum donut_status donut_report_fleet_json(struct donut_text *text,
                                          const struct donut_scored_fleet *fleet,
                                          const struct donut_evaluate_options *opt,
                                          struct donut_error *err)
{
    struct totals totals = {.out = {0}};
    enum donut_status status = DONUT_OK;
    donut_text_print(text, "{\n\"count\": %zu,\n\"kpis\": [\n", fleet->n);
    for (size_t k = 0; k < fleet->n && status == DONUT_OK; k++) {
        struct donut_evaluation evaluation;
        status = judge(fleet->kpi[k].scored, opt, &totals, &evaluation, err);
        if (status == DONUT_OK)
            donut_report_json_kpi(text, &fleet->kpi[k], &evaluation);
        donut_text_print(text, k + 1 < fleet->n ? ",\n" : "],\n");
        donut_evaluation_free(&evaluation);
    }
    if (status == DONUT_OK)
        status = check_totals(&totals, err);
    donut_report_json_sum(text, &totals.sum, &totals.out, opt->delay);
    donut_text_print(text, "}\n");
    return status;
}

/* ---- text */

static void list_settings(struct report *report, bool has_verdict, double threshold)
{
    const struct donut_evaluation_sum *sum = &report->totals.sum;
    if (has_verdict)
        report->setting[report->settings++] =
            (struct setting){.name = "verdict", .sum = sum->verdict, .mean = sum->mean_verdict};
    if (isnan(threshold))
        return;
    struct setting *setting = &report->setting[report->settings++];
    *setting = (struct setting){
        .at_threshold = true, .sum = sum->at_threshold, .mean = sum->mean_at_threshold};
    snprintf(setting->name, CELL_SIZE, "above %.6g", threshold);
}

static void add_figure(struct donut_table *table, double x)
{
    if (isfinite(x))
        donut_table_add(table, "%.3f", x);
    else
        donut_table_add(table, "-");
}

static void add_blanks(struct donut_table *table, size_t n)
{
    for (size_t i = 0; i < n; i++)
        donut_table_add(table, "%s", "");
}

/* Two lines of headings. */
static void add_headings(struct report *report)
{
    static const char *const over[] = {"", "", "", "", "best F", "random", "best F", "best F"};
    static const char *const name[] = {"KPI",      "points",   "anomalous",
                                       "segments", "adjusted", "floor"};
    struct donut_table *table = &report->table;
    for (size_t i = 0; i < sizeof over / sizeof over[0]; i++)
        donut_table_add(table, "%s", over[i]);
    for (size_t i = 0; i < 3 * report->settings; i++)
        donut_table_add(table, "%s", report->setting[i / 3].name);
    for (size_t i = 0; i < sizeof name / sizeof name[0]; i++)
        donut_table_add(table, "%s", name[i]);
    donut_table_add(table, "%zu-delay", report->delay);
    donut_table_add(table, "raw");
    for (size_t i = 0; i < report->settings; i++) {
        donut_table_add(table, "%zu-delay", report->delay);
        donut_table_add(table, "precision");
        donut_table_add(table, "recall");
    }
}

static void add_kpi(struct report *report, const struct donut_scored_kpi *kpi,
                    const struct donut_evaluation *evaluation)
{
    struct donut_table *table = &report->table;
    char quoted[DONUT_QUOTE_SIZE];
    donut_table_add(table, "%s", donut_quote(quoted, kpi->key, kpi->key_size));
    donut_table_add(table, "%zu", evaluation->points);
    donut_table_add(table, "%zu", evaluation->anomalous_points);
    donut_table_add(table, "%zu", evaluation->segments);
    add_figure(table, evaluation->adjusted.best.f);
    add_figure(table, evaluation->random_floor);
    add_figure(table, evaluation->delayed.best.f);
    add_figure(table, evaluation->raw.best.f);
    for (size_t i = 0; i < report->settings; i++) {
        const struct donut_operating_point *point =
            report->setting[i].at_threshold ? evaluation->at_threshold : evaluation->verdict;
        add_figure(table, point[1].f);
        add_figure(table, point[1].precision);
        add_figure(table, point[1].recall);
    }
}

/* A line of nothing but its first cell. */
static void add_line(struct donut_table *table, const char *first)
{
    donut_table_add(table, "%s", first);
    add_blanks(table, table->columns - 1);
}

static void add_mean(struct report *report)
{
    const struct donut_evaluation_sum *sum = &report->totals.sum;
    struct donut_table *table = &report->table;
    add_line(table, "");
    donut_table_add(table, "mean");
    add_blanks(table, 3);
    add_figure(table, sum->mean_best[0].f);
    add_figure(table, sum->mean_random_floor);
    add_figure(table, sum->mean_best[1].f);
    add_figure(table, sum->mean_best[2].f);
    for (size_t i = 0; i < report->settings; i++) {
        const struct donut_mean_figures *mean = &report->setting[i].mean[1];
        add_figure(table, mean->f);
        add_figure(table, mean->precision);
        add_figure(table, mean->recall);
    }
}

static void put_input(struct donut_text *text, const char *file,
                      const struct donut_scored_fleet *fleet, const struct totals *totals)
{
    const size_t begin = text->size, without = fleet->n - totals->sum.kpis;
    const struct donut_evaluation_sum *sum = &totals->sum;
    donut_text_print(text, "%s", file);
    donut_text_tame(text, begin);
    donut_text_print(text, ": %zu KPI%s, %zu point%s, %zu anomalous in %zu segment%s\n", fleet->n,
                     donut_plural(fleet->n), sum->points, donut_plural(sum->points),
                     sum->anomalous_points, sum->segments, donut_plural(sum->segments));
    donut_report_rows_out(text, &totals->out);
    if (without > 0)
        donut_text_print(text, "(%zu KPI%s without a scored point, left out of mean and sums)\n",
                         without, donut_plural(without));
}

static void put_sum(struct donut_text *text, const struct report *report)
{
    static const char *const heading[] = {"", "", "F", "precision", "recall", "found", "false"};
    struct donut_table table = {.columns = 7, .align = "llrrrrr"};
    char delayed[CELL_SIZE];
    snprintf(delayed, sizeof delayed, "%zu-delay", report->delay);
    const char *const kind[] = {"adjusted", delayed, "raw"};
    if (report->settings == 0) {
        donut_text_print(text, "\nWithout verdicts (column anomaly) or --threshold there are no "
                               "alarms to count for\nall KPIs together.\n");
        return;
    }
    donut_text_print(text, "\nAll KPIs together, by the sums of their counts\n");
    for (size_t i = 0; i < table.columns; i++)
        donut_table_add(&table, "%s", heading[i]);
    for (size_t i = 0; i < 3 * report->settings; i++) {
        const struct setting *setting = &report->setting[i / 3];
        const struct donut_operating_point *point = &setting->sum[i % 3];
        donut_table_add(&table, "%s", i % 3 == 0 ? setting->name : "");
        donut_table_add(&table, "%s", kind[i % 3]);
        add_figure(&table, point->f);
        add_figure(&table, point->precision);
        add_figure(&table, point->recall);
        donut_table_add(&table, "%zu/%zu", point->detected_segments, report->totals.sum.segments);
        donut_table_add(&table, "%zu", point->false_alarms);
    }
    donut_table_put(&table, text);
}

static void put_legend(struct donut_text *text, const struct report *report)
{
    const struct donut_evaluation_sum *sum = &report->totals.sum;
    donut_text_print(text, "\n%-9s over the %zu KPI%s with anomalies\n", "mean",
                     sum->anomalous_kpis, donut_plural(sum->anomalous_kpis));
    donut_text_print(text, "%-9s at the KPI's best threshold of the %s, chosen with the labels\n",
                     "best F", donut_rank_name(report->by));
    donut_report_legend(text, report->delay, report->join_gaps, sum->mean_random_floor);
    donut_text_print(text, "found: segments with an alarm; false: normal points with an alarm\n");
}

enum donut_status donut_report_fleet_text(struct donut_text *text, const char *file,
                                          const struct donut_scored_fleet *fleet,
                                          const struct donut_evaluate_options *opt, bool all,
                                          struct donut_error *err)
{
    const size_t shown = all || fleet->n <= MOST_KPIS ? fleet->n : MOST_KPIS;
    struct report report = {
        .delay = opt->delay, .join_gaps = opt->join_gaps, .by = fleet->kpi[0].scored->by};
    enum donut_status status = DONUT_OK;
    list_settings(&report, fleet->kpi[0].scored->verdict != NULL, opt->threshold);
    report.table =
        (struct donut_table){.columns = 8 + 3 * report.settings, .align = "lrrrrrrrrrrrrr"};
    add_headings(&report);
    for (size_t k = 0; k < fleet->n && status == DONUT_OK; k++) {
        struct donut_evaluation evaluation;
        status = judge(fleet->kpi[k].scored, opt, &report.totals, &evaluation, err);
        if (status == DONUT_OK && k < shown)
            add_kpi(&report, &fleet->kpi[k], &evaluation);
        donut_evaluation_free(&evaluation);
    }
    if (status == DONUT_OK)
        status = check_totals(&report.totals, err);
    if (status != DONUT_OK) {
        donut_text_free(&report.table.cells);
        return status;
    }
    if (shown < fleet->n)
        add_line(&report.table, "...");
    add_mean(&report);
    put_input(text, file, fleet, &report.totals);
    donut_text_print(text, "\n");
    donut_table_put(&report.table, text);
    if (shown < fleet->n)
        donut_text_print(text, "  (the first %zu of %zu KPIs; --all shows them all)\n", shown,
                         fleet->n);
    put_sum(text, &report);
    put_legend(text, &report);
    return DONUT_OK;
}
