#include "train/automatic.h"

#include "data/season.h"
#include "data/survey.h"

#define DAY_MS INT64_C(86400000)
#define LEAST_EPOCHS 40
#define MOST_EPOCHS 250
#define ENOUGH_STEPS 4000
#define CYCLES 2 /* of the day or the season, that a window shows */

static size_t within(size_t low, size_t x, size_t high)
{
    return x < low ? low : x > high ? high : x;
}

size_t donut_window_usual(int64_t interval_ms, size_t season)
{
    const size_t day = (size_t)(DAY_MS / interval_ms);
    const size_t cycle = day > season ? day : season;
    if (cycle > DONUT_USUAL_WINDOW / CYCLES)
        return DONUT_USUAL_WINDOW;
    return within(DONUT_LEAST_WINDOW, CYCLES * cycle, DONUT_USUAL_WINDOW);
}

size_t donut_window_shortened(size_t usual, size_t points, size_t normal)
{
    const size_t most = points / 2 < normal ? points / 2 : normal;
    return most < usual ? within(DONUT_LEAST_WINDOW, most, usual) : usual;
}

size_t donut_epochs_usual(size_t windows, size_t batch_size)
{
    const size_t steps = windows > batch_size ? windows / batch_size : 1;
    return within(LEAST_EPOCHS, (ENOUGH_STEPS + steps - 1) / steps, MOST_EPOCHS);
}

enum donut_status donut_window_suggest(const struct donut_series *series, size_t from, size_t to,
                                       size_t *window, struct donut_error *err)
{
    struct donut_survey survey;
    struct donut_season season = {0};
    *window = donut_window_usual(series->interval_ms, 0);
    if (*window == DONUT_USUAL_WINDOW)
        return DONUT_OK;
    enum donut_status status = donut_survey(series, from, to, &survey, err);
    if (status == DONUT_OK)
        status = donut_season_find(series, from, to, survey.median, survey.spread, &season, err);
    if (status == DONUT_OK)
        *window = donut_window_usual(series->interval_ms, season.period);
    return status;
}
