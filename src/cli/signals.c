#define _XOPEN_SOURCE 700

#include "cli/signals.h"

#include <signal.h>
#include <stddef.h>

static const struct {
    int number;
    const char *name;
} stopping[] = {{SIGINT, "SIGINT"}, {SIGTERM, "SIGTERM"}, {SIGHUP, "SIGHUP"}};

#define N_STOPPING (sizeof stopping / sizeof stopping[0])

/* The only variable of the program that outlives a call: a signal handler can reach nothing else.
 */
static volatile sig_atomic_t seen[N_STOPPING];

static void count(int number)
{
    for (size_t i = 0; i < N_STOPPING; i++)
        if (stopping[i].number == number && seen[i] < 100)
            seen[i]++;
}

static void set_handlers(void (*handler)(int))
{
    for (size_t i = 0; i < N_STOPPING; i++) {
        struct sigaction action;
        if (sigaction(stopping[i].number, NULL, &action) != 0 || action.sa_handler == SIG_IGN)
            continue;
        action.sa_handler = handler;
        action.sa_flags = SA_RESTART;
        sigemptyset(&action.sa_mask);
        sigaction(stopping[i].number, &action, NULL);
    }
}

void donut_signals_count(void)
{
    set_handlers(count);
}

void donut_signals_default(void)
{
    set_handlers(SIG_DFL);
}

int donut_signals_seen(void)
{
    int sum = 0;
    for (size_t i = 0; i < N_STOPPING; i++)
        sum += seen[i];
    return sum;
}

const char *donut_signals_name(void)
{
    for (size_t i = 0; i < N_STOPPING; i++)
        if (seen[i] > 0)
            return stopping[i].name;
    return NULL;
}

void donut_signals_raise(void)
{
    donut_signals_default();
    for (size_t i = 0; i < N_STOPPING; i++)
        if (seen[i] > 0)
            raise(stopping[i].number);
}
