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

void donut_tally_count(struct donut_tally *tally, bool anomaly, bool lasting)
{
    tally->judged++;
    tally->above += anomaly;
    tally->lasting += lasting;
    tally->changed = lasting;
}

bool donut_tally_has_changed(const struct donut_tally *tally)
{
    return tally->changed ||
           (tally->lasting >= LEAST && (double)tally->lasting > SHARE * (double)tally->judged);
}

void donut_flood_note(struct donut_flood *flood, const struct donut_tally *tally, double risk,
                      const char *key, size_t key_size)
{
    char quoted[DONUT_QUOTE_SIZE];
    const bool floods = donut_tally_floods(tally, risk), changed = donut_tally_has_changed(tally);
    if (!floods && !changed)
        return;
    flood->floods |= floods;
    flood->changed |= changed;
    if (flood->kpis++ == 0) {
        flood->tally = *tally;
        flood->risk = risk;
    }
    if (key && flood->kpis <= KEYS_NAMED)
        donut_text_print(&flood->keys, "%s'%s'", flood->kpis > 1 ? ", " : "",
                         donut_quote(quoted, key, key_size));
}

static void put_reasons_of_one(const struct donut_flood *flood, struct donut_text *text)
{
    const struct donut_tally *tally = &flood->tally;
    if (flood->floods)
        donut_text_print(text, "%zu of %zu points are anomalous, where the model expects 1 in %.0f",
                         tally->above, tally->judged, 1 / flood->risk);
    if (flood->floods && flood->changed)
        donut_text_print(text, ", and %zu follow", tally->lasting);
    else if (flood->changed)
        donut_text_print(text, "%zu of %zu point%s follow%s", tally->lasting, tally->judged,
                         donut_plural(tally->judged), tally->judged == 1 ? "s" : "");
}

static void put_reasons(const struct donut_flood *flood, struct donut_text *text)
{
    if (flood->kpis == 1)
        put_reasons_of_one(flood, text);
    else
        donut_text_print(
            text, "%s%s%s",
            flood->floods ? "far more points are anomalous than the models expect" : "",
            flood->floods && flood->changed ? ", or " : "", flood->changed ? "points follow" : "");
    if (flood->changed)
        donut_text_print(text, " a lasting change, which is taken for normal");
}

void donut_flood_describe(const struct donut_flood *flood, struct donut_text *text)
{
    if (flood->keys.size > 0)
        donut_text_print(text, "KPI%s %.*s", donut_plural(flood->kpis), (int)flood->keys.size,
                         flood->keys.bytes);
    if (flood->kpis > KEYS_NAMED)
        donut_text_print(text, " and %zu more", flood->kpis - KEYS_NAMED);
    donut_text_print(text, "%s", flood->keys.size > 0 ? ": " : "");
    put_reasons(flood, text);
    donut_text_print(text, ": is it another unit, another KPI or a new level? Compare model and "
                           "file with 'donut info', or train again");
}

void donut_flood_free(struct donut_flood *flood)
{
    donut_text_free(&flood->keys);
}
