#include "cli/info_kpi.h"

#include "cli/io.h"

#include <string.h>

/* A word as a POSIX shell takes it. */
static void put_word(struct donut_text *text, const char *word)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
                                "_./:@%+=,-";
    donut_text_print(text, " ");
    if (*word && strspn(word, plain) == strlen(word)) {
        donut_text_print(text, "%s", word);
        return;
    }
    donut_text_print(text, "'");
    for (; *word; word++)
        if (*word == '\'')
            donut_text_print(text, "'\\''");
        else
            donut_text_put(text, word, 1);
    donut_text_print(text, "'");
}

static void put_option(struct donut_text *text, const char *option, const char *value)
{
    if (!value)
        return;
    donut_text_print(text, " %s", option);
    put_word(text, value);
}

static void put_interval(struct donut_text *text, int64_t ms)
{
    if (ms > 0 && ms % 1000 == 0)
        donut_text_print(text, " --interval %llds", (long long)(ms / 1000));
    else if (ms > 0)
        donut_text_print(text, " --interval %lldms", (long long)ms);
}

void donut_info_command(const struct donut_info *info, const struct donut_diagnosis *diagnosis,
                        struct donut_text *text)
{
    const size_t begin = text->size;
    donut_text_print(text, "donut train");
    put_option(text, "--key", info->csv.key_column);
    if (diagnosis && diagnosis->plan.wanted_window > 0)
        donut_text_print(text, " --window %zu", diagnosis->plan.wanted_window);
    put_option(text, "--from", info->from);
    put_option(text, "--to", info->to);
    put_option(text, "--timestamp-column", info->csv.timestamp_column);
    put_option(text, "--value-column", info->csv.value_column);
    put_option(text, "--label-column", info->csv.label_column);
    donut_text_print(text, info->csv.ignore_labels ? " --ignore-labels" : "");
    put_interval(text, info->csv.interval_ms);
    if (donut_is_dash(info->path))
        donut_text_print(text, " -o kpi.donut -");
    else
        donut_text_print(text, info->path[0] == '-' ? " --" : "");
    if (!donut_is_dash(info->path))
        put_word(text, info->path);
    donut_text_tame(text, begin);
}
