/* What is found in a KPI, and what `donut train` would make of it. */
#ifndef DONUT_CLI_INFO_DIAGNOSIS_H
#define DONUT_CLI_INFO_DIAGNOSIS_H

#include "cli/info.h"
#include "cli/kpi.h"
#include "data/season.h"
#include "data/survey.h"

/* Why there is not enough to learn from. */
enum donut_lack {
    DONUT_LACK_NONE,
    DONUT_LACK_POINTS, /* too few for a window in each part of the range */
    DONUT_LACK_VALUES, /* too many are missing or labelled */
    DONUT_LACK_CHANGE  /* they are constant, or cannot be standardised */
};

/* With the options of `donut train` at their defaults. */
struct donut_plan {
    size_t wild; /* points beyond [low, high], which are not learnt from */
    double low, high;
    enum donut_lack lack;
    char reason[320];            /* the sentence of `donut train`; "" = it would train */
    size_t window;               /* W in points */
    size_t wanted_window;        /* what --window should rather be; 0 = as it is */
    size_t usual_window;         /* W if there were more points */
    size_t least, plenty;        /* points that the one takes, that the other does */
    size_t largest;              /* window that the points suffice for */
    size_t learning, validation; /* points */
    size_t learning_windows, validation_windows;
    double memory; /* bytes, about */
};

struct donut_warning {
    const char *code; /* one word */
    char text[240];   /* what is wrong and what to do, a sentence without its period */
};

#define DONUT_MOST_WARNINGS 16
struct donut_diagnosis {
    const struct donut_series *series;
    struct donut_kpi_range range;
    struct donut_survey survey;
    struct donut_row_survey rows; /* all 0 where the rows were not at hand */
    size_t bytes;                 /* of the file */
    struct donut_season season;
    double seasons; /* periods in the range; 0 without one */
    struct donut_plan plan;
    struct donut_warning warning[DONUT_MOST_WARNINGS];
    size_t warnings;
};

/* Points [from, to), at least one. diagnosis->rows and bytes are taken as they are. DONUT_ENOMEM.
 */
enum donut_status donut_diagnose(const struct donut_series *series, struct donut_kpi_range range,
                                 struct donut_diagnosis *diagnosis, struct donut_error *err);

/* What is doubtful, the worst first, and plan.wanted_window: the last step of donut_diagnose(). */
void donut_find_warnings(struct donut_diagnosis *diagnosis);

/* "120 points = 2 h" */
#define DONUT_SPAN_SIZE 80
const char *donut_span_words(const struct donut_series *series, size_t points,
                             char out[DONUT_SPAN_SIZE]);

#endif
