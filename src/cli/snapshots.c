#include "cli/snapshots.h"

#include "cli/io.h"

#include <stdlib.h>
#include <string.h>

/* dir/kpi.donut -> dir/kpi.100.donut. NULL: no memory. */
static char *path_of(const char *output, size_t step)
{
    const char *slash = strrchr(output, '/');
    const char *base = slash ? slash + 1 : output;
    const char *dot = strrchr(base, '.');
    const size_t stem = dot && dot > base ? (size_t)(dot - output) : strlen(output);
    struct donut_text text = {0};
    donut_text_put(&text, output, stem);
    donut_text_print(&text, ".%zu", step);
    donut_text_put(&text, output + stem, strlen(output + stem) + 1);
    if (!text.failed)
        return text.bytes;
    donut_text_free(&text);
    return NULL;
}

static int check_file(const char *input, const struct donut_train_arguments *arguments,
                      const char *path)
{
    struct donut_error err = {0};
    if (donut_same_file(input, path))
        return donut_misuse(&donut_train_command,
                            "the snapshot %s would overwrite the KPI it is trained on", path);
    if (arguments->init && donut_same_file(arguments->init, path))
        return donut_misuse(&donut_train_command,
                            "the snapshot %s would overwrite the model it begins with", path);
    if (donut_same_file(arguments->output, path))
        return donut_misuse(&donut_train_command,
                            "the snapshot %s would overwrite the model %s, which is the same file",
                            path, arguments->output);
    return donut_output_check(path, &err) == DONUT_OK ? DONUT_GO_ON : donut_complain(path, &err);
}

int donut_snapshots_check(const char *input, const struct donut_train_arguments *arguments)
{
    int exit_status = DONUT_GO_ON;
    if (arguments->snapshots.n == 0)
        return DONUT_GO_ON;
    if (arguments->csv.key_column)
        return donut_misuse(&donut_train_command, "--snapshots cannot be used with --key");
    if (!donut_output_is_file(arguments->output))
        return donut_misuse(&donut_train_command,
                            "--snapshots are named after the model, which is no file: give "
                            "another --output");
    for (size_t i = 0; i < arguments->snapshots.n && exit_status == DONUT_GO_ON; i++) {
        char *path = path_of(arguments->output, arguments->snapshots.step[i]);
        struct donut_error err;
        exit_status = path ? check_file(input, arguments, path)
                           : donut_complain(NULL, (donut_fail_memory(&err), &err));
        free(path);
    }
    return exit_status;
}

static enum donut_status write_file(void *context, size_t step, const struct donut_model *model,
                                    struct donut_error *err)
{
    struct donut_snapshot_files *files = context;
    char *path = path_of(files->arguments->output, step);
    if (!path)
        return donut_fail_memory(err);
    const enum donut_status status = donut_model_save(model, path, err);
    if (status != DONUT_OK) {
        files->failed = path;
        return status;
    }
    files->step[files->written++] = step;
    free(path);
    return DONUT_OK;
}

void donut_snapshots_begin(const struct donut_train_arguments *arguments,
                           struct donut_train_options *opt, struct donut_snapshot_files *files)
{
    *files = (struct donut_snapshot_files){.arguments = arguments};
    opt->snapshot_step = arguments->snapshots.step;
    opt->n_snapshots = arguments->snapshots.n;
    opt->snapshot = write_file;
    opt->snapshot_context = files;
}

void donut_snapshots_free(struct donut_snapshot_files *files)
{
    free(files->failed);
    *files = (struct donut_snapshot_files){0};
}

/* Those there are not of the steps later than training's last, or of the others. Returns how many.
 */
static size_t find_absent(const struct donut_snapshot_files *files, size_t last, bool later,
                          size_t absent[DONUT_MAX_STEPS])
{
    const struct donut_option_steps *wanted = &files->arguments->snapshots;
    size_t n = 0, written = 0;
    for (size_t i = 0; i < wanted->n; i++) {
        const size_t step = wanted->step[i];
        if (written < files->written && files->step[written] == step)
            written++;
        else if ((step > last) == later)
            absent[n++] = step;
    }
    return n;
}

static void put_absent(const size_t *absent, size_t n, struct donut_text *text)
{
    donut_text_print(text, "donut: there is no snapshot of step%s", donut_plural(n));
    for (size_t i = 0; i < n; i++)
        donut_text_print(text, "%s %zu", i > 0 ? "," : "", absent[i]);
}

void donut_snapshots_conclude(const struct donut_snapshot_files *files, size_t steps)
{
    size_t absent[DONUT_MAX_STEPS];
    struct donut_text text = {0};
    size_t n = find_absent(files, steps, false, absent);
    if (n > 0) {
        put_absent(absent, n, &text);
        donut_text_print(&text, ": loss or scores were not finite there");
        donut_say_text(&text);
    }
    n = find_absent(files, steps, true, absent);
    if (n > 0) {
        put_absent(absent, n, &text);
        donut_text_print(&text, ": training ended after step %zu", steps);
        donut_say_text(&text);
    }
}
