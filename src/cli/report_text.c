#include "cli/report.h"

#include "cli/times.h"
#include "data/number.h"
#include "data/timestamp.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define MOST_SEGMENTS 20
#define CELL_SIZE 40

enum { NAME, F, PRECISION, RECALL, AUC, THRESHOLD, FOUND, FALSE_ALARMS, DELAY, TIME, COLUMNS };

/* Rows of figures under headings; each column is as wide as its widest cell. */
struct table {
    size_t rows;
    struct {
        const char *heading; /* stands instead of the cells */
        char cell[COLUMNS][CELL_SIZE];
    } row[16];
    struct donut_time_unit unit; /* of column TIME */
    size_t segments;
};

/* Writes x with so many decimals, or "-" where it is undefined. */
static const char *figure(char out[CELL_SIZE], double x, int decimals)
{
    if (isfinite(x))
        snprintf(out, CELL_SIZE, "%.*f", decimals, x);
    else
        strcpy(out, "-");
    return out;
}

/* The shortest decimal that is x, so that it can be copied into --threshold. */
static const char *exact(char out[CELL_SIZE], double x)
{
    if (isfinite(x))
        donut_format_double(x, out);
    else
        strcpy(out, "-");
    return out;
}

static const char *duration(char out[CELL_SIZE], double seconds, const struct donut_time_unit *unit)
{
    if (isfinite(seconds))
        snprintf(out, CELL_SIZE, "%.*f %s", unit->seconds > 1, seconds / unit->seconds, unit->name);
    else
        strcpy(out, "-");
    return out;
}

static void add_heading(struct table *table, const char *heading)
{
    table->row[table->rows++].heading = heading;
}

static void add_names(struct table *table)
{
    static const char *const names[COLUMNS] = {"",          "F",     "precision", "recall", "AUC",
                                               "threshold", "found", "false",     "delay",  "time"};
    for (size_t i = 0; i < COLUMNS; i++)
        strcpy(table->row[table->rows].cell[i], names[i]);
    table->rows++;
}

static void add_point(struct table *table, const char *name,
                      const struct donut_operating_point *point, double auc)
{
    char(*cell)[CELL_SIZE] = table->row[table->rows++].cell;
    snprintf(cell[NAME], CELL_SIZE, "  %s", name);
    figure(cell[F], point->f, 3);
    figure(cell[PRECISION], point->precision, 3);
    figure(cell[RECALL], point->recall, 3);
    figure(cell[AUC], auc, 3);
    exact(cell[THRESHOLD], point->threshold);
    snprintf(cell[FOUND], CELL_SIZE, "%zu/%zu", point->detected_segments, table->segments);
    snprintf(cell[FALSE_ALARMS], CELL_SIZE, "%zu", point->false_alarms);
    figure(cell[DELAY], point->alert_delay_points, 1);
    duration(cell[TIME], point->alert_delay_seconds, &table->unit);
}

static void add_points(struct table *table, const struct donut_operating_point point[3],
                       const char *delayed)
{
    add_point(table, "adjusted", &point[0], NAN);
    add_point(table, delayed, &point[1], NAN);
    add_point(table, "raw", &point[2], NAN);
}

static void add_floor(struct table *table, double floor)
{
    char(*cell)[CELL_SIZE] = table->row[table->rows++].cell;
    strcpy(cell[NAME], "  floor");
    figure(cell[F], floor, 3);
    for (size_t i = F + 1; i < COLUMNS; i++)
        strcpy(cell[i], "-");
}

static int wider(int width, const char *cell)
{
    const int length = (int)strlen(cell);
    return length > width ? length : width;
}

static void put_rows(struct donut_text *text, const struct table *table)
{
    int width[COLUMNS] = {0};
    for (size_t i = 0; i < table->rows; i++)
        for (size_t j = 0; j < COLUMNS; j++)
            width[j] = wider(width[j], table->row[i].cell[j]);
    for (size_t i = 0; i < table->rows; i++) {
        if (table->row[i].heading)
            donut_text_print(text, "%s", table->row[i].heading);
        else
            donut_text_print(text, "%-*s", width[NAME], table->row[i].cell[NAME]);
        for (size_t j = NAME + 1; j < COLUMNS && !table->row[i].heading; j++)
            donut_text_print(text, " %*s", width[j], table->row[i].cell[j]);
        donut_text_print(text, "\n");
    }
}

static struct donut_time_unit unit_of(const struct donut_evaluation *evaluation)
{
    double longest = fmax(evaluation->adjusted.best.alert_delay_seconds,
                          fmax(evaluation->delayed.best.alert_delay_seconds,
                               evaluation->raw.best.alert_delay_seconds));
    for (size_t i = 0; i < 3 && evaluation->has_verdict; i++)
        longest = fmax(longest, evaluation->verdict[i].alert_delay_seconds);
    for (size_t i = 0; i < 3 && evaluation->has_threshold; i++)
        longest = fmax(longest, evaluation->at_threshold[i].alert_delay_seconds);
    return donut_time_unit(longest);
}

const char *donut_rank_name(enum donut_rank by)
{
    return by == DONUT_RANK_SURPRISE ? "surprise" : "score";
}

static void put_table(struct donut_text *text, enum donut_rank by,
                      const struct donut_evaluation *evaluation)
{
    const bool surprise = by == DONUT_RANK_SURPRISE;
    struct table table = {.unit = unit_of(evaluation), .segments = evaluation->segments};
    char delayed[CELL_SIZE / 2];
    snprintf(delayed, sizeof delayed, "%zu-delay", evaluation->delay);
    add_names(&table);
    add_heading(&table, surprise ? "Best possible threshold of the surprise, chosen with the labels"
                                 : "Best possible threshold of the score, chosen with the labels");
    add_point(&table, "adjusted", &evaluation->adjusted.best, evaluation->adjusted.auc);
    add_floor(&table, evaluation->random_floor);
    add_point(&table, delayed, &evaluation->delayed.best, evaluation->delayed.auc);
    add_point(&table, "raw", &evaluation->raw.best, evaluation->raw.auc);
    if (evaluation->has_verdict) {
        add_heading(&table, "The file's verdicts (column anomaly)");
        add_points(&table, evaluation->verdict, delayed);
    }
    if (evaluation->has_threshold) {
        add_heading(&table, surprise ? "A surprise above the threshold you gave"
                                     : "A score above the threshold you gave");
        add_points(&table, evaluation->at_threshold, delayed);
    }
    donut_text_print(text, "\n");
    put_rows(text, &table);
}

void donut_report_rows_out(struct donut_text *text, const struct donut_rows_out *out)
{
    if (out->missing == 0 && out->warmup == 0)
        return;
    donut_text_print(text, "(left out: %zu missing, %zu in warm-up", out->missing, out->warmup);
    if (out->warmup_anomalous > 0)
        donut_text_print(text, ", where %zu %s labelled anomalous", out->warmup_anomalous,
                         out->warmup_anomalous == 1 ? "is" : "are");
    donut_text_print(text, ")\n");
}

static void put_input(struct donut_text *text, const char *file, const struct donut_scored *scored,
                      const struct donut_evaluation *evaluation)
{
    const size_t begin = text->size;
    donut_text_print(text, "%s", file);
    donut_text_tame(text, begin);
    donut_text_print(text, ": %zu point%s, %zu anomalous in %zu segment%s\n", evaluation->points,
                     donut_plural(evaluation->points), evaluation->anomalous_points,
                     evaluation->segments, donut_plural(evaluation->segments));
    const struct donut_rows_out out = {scored->missing, scored->warmup, scored->warmup_anomalous};
    donut_report_rows_out(text, &out);
}

void donut_report_legend(struct donut_text *text, size_t delay, bool join_gaps, double random_floor)
{
    char random[CELL_SIZE], delayed[CELL_SIZE];
    snprintf(delayed, sizeof delayed, "%zu-delay", delay);
    donut_text_print(text,
                     "%-9s an alarm anywhere in a segment finds all of it. This flatters:\n"
                     "%-9s scores drawn at random reach %s here (floor)\n"
                     "%-9s likewise, but only an alarm at most %zu point%s after its start\n"
                     "%-9s point by point\n"
                     "%-9s a run of anomalous points; a missing or warm-up point %s\n",
                     "adjusted", "", figure(random, random_floor, 3), delayed, delay,
                     donut_plural(delay), "raw", "segment",
                     join_gaps ? "does not end it" : "ends it");
}

static void put_legend(struct donut_text *text, const struct donut_evaluation *evaluation)
{
    donut_text_print(text, "\n");
    donut_report_legend(text, evaluation->delay, evaluation->join_gaps, evaluation->random_floor);
    donut_text_print(text,
                     "found: segments with an alarm; false: normal points with an alarm; delay\n"
                     "and time: from a segment's start to its first alarm, on average\n");
}

/* Where a segment starts: the file's own time, but epochs as dates. */
static const char *start_of(char out[CELL_SIZE], const struct donut_scored *scored, size_t i)
{
    struct donut_time time;
    if (!scored->time)
        snprintf(out, CELL_SIZE, "point %lld", (long long)scored->position[i]);
    else if (!donut_time_parse(scored->time[i], strlen(scored->time[i]), &time) &&
             time.format.kind != DONUT_TIME_ISO)
        donut_date_words(time.ms, out);
    else
        snprintf(out, CELL_SIZE, "%s", scored->time[i]);
    return out;
}

static void put_segments(struct donut_text *text, const struct donut_scored *scored,
                         const struct donut_evaluation *evaluation, bool all)
{
    const size_t n = evaluation->segments, shown = all || n <= MOST_SEGMENTS ? n : MOST_SEGMENTS;
    const char *peak = scored->by == DONUT_RANK_SURPRISE ? "peak surprise" : "peak score";
    const int peak_width = (int)strlen(peak) + 2;
    const char *setting = evaluation->has_threshold ? "at the threshold you gave"
                          : evaluation->has_verdict ? "by the file's verdicts"
                                                    : "at the best possible threshold, adjusted";
    char start[CELL_SIZE], delay[CELL_SIZE], late[CELL_SIZE];
    double longest = NAN;
    int width = 0;
    for (size_t i = 0; i < shown; i++) {
        const struct donut_segment *segment = &evaluation->segment[i];
        longest = fmax(longest, segment->delay_points * scored->interval_seconds);
        width = wider(width, start_of(start, scored, segment->first));
    }
    const struct donut_time_unit unit = donut_time_unit(longest);
    donut_text_print(text, "\nSegments, %s\n  %-*s%8s%7s%8s%11s%*s\n", setting, width, "start",
                     "points", "found", "delay", "time", peak_width, peak);
    for (size_t i = 0; i < shown; i++) {
        const struct donut_segment *segment = &evaluation->segment[i];
        donut_text_print(text, "  %-*s%8zu%7s%8s%11s%*.6g\n", width,
                         start_of(start, scored, segment->first), segment->length,
                         segment->detected ? "yes" : "NO", figure(delay, segment->delay_points, 0),
                         duration(late, segment->delay_points * scored->interval_seconds, &unit),
                         peak_width, segment->peak);
    }
    if (shown < n)
        donut_text_print(text, "  ... and %zu more; --segments shows them all\n", n - shown);
}

/* Without a labelled anomaly there is nothing to find, but still false alarms to count. */
static void put_false_alarms(struct donut_text *text, const struct donut_evaluation *evaluation)
{
    donut_text_print(text, "\nNo point is labelled anomalous, so there is no F to compute.\n");
    if (evaluation->has_verdict)
        donut_text_print(text, "False alarms of the file's verdicts: %zu\n",
                         evaluation->verdict[0].false_alarms);
    if (evaluation->has_threshold)
        donut_text_print(text, "False alarms at the threshold you gave: %zu\n",
                         evaluation->at_threshold[0].false_alarms);
}

void donut_report_text(struct donut_text *text, const char *file, const struct donut_scored *scored,
                       const struct donut_evaluation *evaluation, bool all_segments)
{
    put_input(text, file, scored, evaluation);
    if (evaluation->segments == 0) {
        put_false_alarms(text, evaluation);
        return;
    }
    put_table(text, scored->by, evaluation);
    put_legend(text, evaluation);
    put_segments(text, scored, evaluation, all_segments);
}
