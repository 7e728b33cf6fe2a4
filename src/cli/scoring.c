#include "cli/scoring.h"

#include "cli/times.h"

#include <string.h>

#define KEYS_NAMED 5

void donut_scoring_unknown(struct donut_scoring *scoring, const char *key, size_t size, size_t rows,
                           bool first)
{
    char quoted[DONUT_QUOTE_SIZE];
    scoring->unknown_rows += rows;
    if (!first)
        return;
    scoring->unknown_keys++;
    if (scoring->unknown_keys <= KEYS_NAMED)
        donut_text_print(&scoring->unknown, "%s'%s'", scoring->unknown_keys > 1 ? ", " : "",
                         donut_quote(quoted, key, size));
    else if (scoring->unknown_keys == KEYS_NAMED + 1)
        donut_text_print(&scoring->unknown, ", ...");
}

void donut_scoring_leave_out(struct donut_scoring *scoring, const char *file, const char *key,
                             size_t size, const struct donut_error *err)
{
    char quoted[DONUT_QUOTE_SIZE];
    struct donut_text name = {0};
    donut_text_print(&name, "%s: KPI '%s'%c", donut_input_name(file),
                     donut_quote(quoted, key, size), '\0');
    donut_complain(name.failed ? NULL : name.bytes, err);
    donut_text_free(&name);
    scoring->partly = true;
}

static void describe_age(const struct donut_scoring *scoring)
{
    const char *again = "train again, with --init to go on from there";
    char age[DONUT_DURATION_SIZE];
    const size_t aged = scoring->printer.totals.aged;
    donut_duration_words((double)donut_score_max_age(scoring->arguments) / 1000, age);
    if (aged > 0 && scoring->only)
        donut_say("donut: %s: the newest point is more than %s newer than what the model has seen: "
                  "%s",
                  donut_input_name(scoring->models.path), age, again);
    else if (aged > 0)
        donut_say("donut: %s: the newest points of %zu KPI%s are more than %s newer than what the "
                  "models have seen: %s",
                  scoring->models.path, aged, donut_plural(aged), age, again);
}

static bool is_shaped(const struct donut_score_arguments *arguments)
{
    return arguments->direction != DONUT_ALERT_BOTH || arguments->min_delta > 0 ||
           arguments->for_points > 1 || arguments->recover_points > 1;
}

static void describe(const struct donut_scoring *scoring)
{
    struct donut_rule rule;
    struct donut_text text = {0};
    const bool one = scoring->only && !is_shaped(scoring->arguments) &&
                     donut_scorer_rule(scoring->scorer, scoring->only, &rule, NULL) == DONUT_OK;
    donut_text_print(&text, "%s: ", donut_input_name(scoring->input));
    donut_printer_describe(&scoring->printer, one ? &rule : NULL, &text);
    donut_say_text(&text);
    if (scoring->unknown_keys > 0)
        donut_say("donut: %s has no model for %zu KPI%s, %zu row%s: %.*s", scoring->models.path,
                  scoring->unknown_keys, donut_plural(scoring->unknown_keys), scoring->unknown_rows,
                  donut_plural(scoring->unknown_rows), (int)scoring->unknown.size,
                  scoring->unknown.bytes ? scoring->unknown.bytes : "");
}

void donut_scoring_say_flood(const struct donut_scoring *scoring, const struct donut_flood *flood)
{
    struct donut_text text = {0};
    if (flood->kpis == 0 || scoring->arguments->talk.quiet)
        return;
    donut_text_print(&text, "donut: %s: ", donut_input_name(scoring->input));
    donut_flood_describe(flood, &text);
    donut_say_text(&text);
}

void donut_scoring_summarise(const struct donut_scoring *scoring)
{
    if (!scoring->arguments->talk.quiet)
        describe(scoring);
    donut_scoring_say_flood(scoring, &scoring->printer.flood);
    if (!scoring->age_said && donut_score_warns_of_age(scoring->arguments))
        describe_age(scoring);
}

int donut_scoring_status(const struct donut_scoring *scoring)
{
    if (scoring->arguments->exit_code && scoring->printer.totals.alarming > 0)
        return DONUT_EXIT_ANOMALOUS;
    return scoring->partly || scoring->printer.totals.left_out > 0 ? DONUT_EXIT_PARTLY : 0;
}
