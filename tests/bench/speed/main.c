/* What `make bench-speed` measures, one section a run: scripts/bench_speed calls them all, and
 * makes the table. Prints lines of CSV. */
#include "measure.h"
#include "sections.h"

#include "base/pool.h"

#include <stdio.h>
#include <string.h>

/* The value of a line "KEY : VALUE" of /proc/cpuinfo, or "unknown". */
static void find_cpu(const char *key, char *value, size_t size)
{
    char line[200];
    FILE *file = fopen("/proc/cpuinfo", "r");
    snprintf(value, size, "unknown");
    while (file && fgets(line, sizeof line, file)) {
        const char *colon = strchr(line, ':');
        if (colon && strncmp(line, key, strlen(key)) == 0) {
            snprintf(value, size, "%s", colon + 1 + strspn(colon + 1, " "));
            value[strcspn(value, "\n")] = '\0';
            break;
        }
    }
    if (file)
        fclose(file);
}

/* How busy the machine was, or "unknown". */
static void find_load(char *text, size_t size)
{
    FILE *file = fopen("/proc/loadavg", "r");
    double load[3];
    snprintf(text, size, "unknown");
    if (file && fscanf(file, "%lf %lf %lf", &load[0], &load[1], &load[2]) == 3)
        snprintf(text, size, "%.2f; %.2f; %.2f", load[0], load[1], load[2]);
    if (file)
        fclose(file);
}

void section_machine(size_t rounds, char **argument)
{
    char text[160];
    size_t length = 0;
    (void)rounds;
    (void)argument;
    find_cpu("model name", text, sizeof text);
    row_print_text("machine", "processor", text);
    snprintf(text, sizeof text, "%zu", donut_pool_cores());
    row_print_text("machine", "cores", text);
    find_load(text, sizeof text);
    row_print_text("machine", "load: 1; 5; 15 minutes before", text);
#if defined(__clang__)
    row_print_text("machine", "compiler", __VERSION__);
#else
    row_print_text("machine", "compiler", "gcc " __VERSION__);
#endif
#if !defined(__OPTIMIZE__)
    row_print_text("machine", "note", "built without optimisation");
#endif
    for (size_t i = 0; donut_kernel_name(i) && length < sizeof text; i++)
        length += (size_t)snprintf(text + length, sizeof text - length, "%s%s", i ? " " : "",
                                   donut_kernel_name(i));
    row_print_text("machine", "kernels (fastest first)", text);
}

static const struct section {
    const char *name;
    void (*run)(size_t rounds, char **argument);
    int least; /* arguments it needs */
    const char *arguments;
} sections[] = {
    {"machine", section_machine, 0, ""},
    {"peak", section_peak, 0, ""},
    {"products", section_products, 0, ""},
    {"training", section_training, 0, ""},
    {"scoring", section_scoring, 0, ""},
    {"latency", section_latency, 0, ""},
    {"growth", section_growth, 1, "MOST_POINTS"},
    {"csv", section_csv, 1, "KPI.csv"},
    {"command", section_command, 3, "SECTION WHAT COMMAND [ARGUMENT...]"},
    {"serve", section_serve, 0, ""},
};

static int usage(void)
{
    fputs("usage: speed SECTION ROUNDS [ARGUMENT...]\n", stderr);
    for (size_t i = 0; i < sizeof sections / sizeof sections[0]; i++)
        fprintf(stderr, "  %s ROUNDS %s\n", sections[i].name, sections[i].arguments);
    return 2;
}

int main(int argc, char **argv)
{
    for (size_t i = 0; argc >= 3 && i < sizeof sections / sizeof sections[0]; i++)
        if (strcmp(argv[1], sections[i].name) == 0 && argc >= 3 + sections[i].least) {
            sections[i].run(parse_count(argv[2], 1, MAX_ROUNDS), argv + 3);
            need(fflush(stdout) == 0 && !ferror(stdout), "standard output cannot be written");
            return 0;
        }
    return usage();
}
