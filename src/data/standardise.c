#include "data/standardise.h"
#include "base/status.h"

#include <math.h>
#include <stdbool.h>

static const double fill_limit = 5, smallest_limit = 10;

static bool usable(const double *value, const unsigned char *label, size_t i)
{
    return !isnan(value[i]) && !(label && label[i]);
}

static double clamp(double x, double limit)
{
    return fmax(-limit, fmin(limit, x));
}

enum donut_status donut_scale_fit(const double *value, const unsigned char *label, size_t n,
                                  enum donut_missing_fill fill, struct donut_scale *scale,
                                  struct donut_error *err)
{
    size_t count = 0;
    double sum = 0, squares = 0, low = INFINITY, high = -INFINITY;
    for (size_t i = 0; i < n; i++)
        if (usable(value, label, i)) {
            count++;
            sum += value[i];
            low = fmin(low, value[i]);
            high = fmax(high, value[i]);
        }
    if (count == 0)
        return donut_fail(err, DONUT_EINPUT,
                          "none of the %zu points of the training range is usable: each is missing "
                          "or labelled as an anomaly",
                          n);
    if (low == high)
        return donut_fail(err, DONUT_EINPUT,
                          "all %zu usable points of the training range have the value %g: a "
                          "constant has no pattern to learn",
                          count, low);
    scale->mean = sum / (double)count;
    for (size_t i = 0; i < n; i++)
        if (usable(value, label, i))
            squares += (value[i] - scale->mean) * (value[i] - scale->mean);
    scale->std = sqrt(squares / (double)count);
    if (!isfinite(scale->std) || !(scale->std >= 1e-150))
        return donut_fail(err, DONUT_EINPUT,
                          "the values of the training range, %g to %g, are too large or too close "
                          "together to be standardised: rescale them",
                          low, high);
    const double largest = fmax(high - scale->mean, scale->mean - low) / scale->std;
    scale->limit = fmax(smallest_limit, 2 * largest);
    scale->fill = fill == DONUT_FILL_ZERO ? clamp(-scale->mean / scale->std, fill_limit) : 0;
    return DONUT_OK;
}

void donut_standardise(const struct donut_scale *scale, const double *value, size_t n,
                       donut_real *x)
{
    for (size_t i = 0; i < n; i++) {
        const double standard = (value[i] - scale->mean) / scale->std;
        x[i] = (donut_real)(isnan(value[i]) ? scale->fill : clamp(standard, scale->limit));
    }
}

void donut_standardise_wide(const struct donut_scale *scale, const double *value, size_t n,
                            donut_real *x)
{
    struct donut_scale wide = *scale;
    wide.limit = DONUT_WIDEST_LIMIT;
    donut_standardise(&wide, value, n, x);
}
