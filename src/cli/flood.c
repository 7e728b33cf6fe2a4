#include "cli/flood.h"

#define LEAST 20   /* points: an incident may be as long as fewer */
#define SHARE 0.05 /* of all points */
#define TIMES 10   /* what the risk means */
#define KEYS_NAMED 3

bool donut_tally_floods(const struct donut_tally *tally, double risk)
{
    const double above = (double)tally->above, judged = (double)tally->judged;
    return tally->above >= LEAST && above > SHARE * judged && above > TIMES * risk * judged;
}

void donut_flood_note(struct donut_flood *flood, const struct donut_tally *tally, double risk,
                      const char *key, size_t key_size)
{
    char quoted[DONUT_QUOTE_SIZE];
    if (!donut_tally_floods(tally, risk))
        return;
    if (flood->kpis++ == 0) {
        flood->tally = *tally;
        flood->risk = risk;
    }
    if (key && flood->kpis <= KEYS_NAMED)
        donut_text_print(&flood->keys, "%s'%s'", flood->kpis > 1 ? ", " : "",
                         donut_quote(quoted, key, key_size));
}

void donut_flood_describe(const struct donut_flood *flood, struct donut_text *text)
{
    if (flood->keys.size > 0)
        donut_text_print(text, "KPI%s %.*s", donut_plural(flood->kpis), (int)flood->keys.size,
                         flood->keys.bytes);
    if (flood->kpis > KEYS_NAMED)
        donut_text_print(text, " and %zu more", flood->kpis - KEYS_NAMED);
    donut_text_print(text, "%s", flood->keys.size > 0 ? ": " : "");
    if (flood->kpis > 1)
        donut_text_print(text, "far more points are anomalous than the models expect");
    else
        donut_text_print(text, "%zu of %zu points are anomalous, where the model expects 1 in %.0f",
                         flood->tally.above, flood->tally.judged, 1 / flood->risk);
    donut_text_print(text, ": is it another unit, another KPI or a new level? Compare model and "
                           "file with 'donut info', or train again");
}

void donut_flood_free(struct donut_flood *flood)
{
    donut_text_free(&flood->keys);
}
