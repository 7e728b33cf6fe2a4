#define _XOPEN_SOURCE 700

#include "cli/signals.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <sys/select.h>

enum { SEEN_INT, SEEN_TERM, SEEN_HUP, N_STOPPING };

static const struct {
    int number;
    const char *name;
} stopping[] = {[SEEN_INT] = {SIGINT, "SIGINT"},
                [SEEN_TERM] = {SIGTERM, "SIGTERM"},
                [SEEN_HUP] = {SIGHUP, "SIGHUP"}};

/* The only variable of the program that outlives a call: a signal handler can reach nothing else.
 */
static volatile sig_atomic_t seen[N_STOPPING];

static void count(int number)
{
    for (size_t i = 0; i < N_STOPPING; i++)
        if (stopping[i].number == number && seen[i] < 100)
            seen[i]++;
}

static sigset_t stopping_set(void)
{
    sigset_t set;
    sigemptyset(&set);
    for (size_t i = 0; i < N_STOPPING; i++)
        sigaddset(&set, stopping[i].number);
    return set;
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

void donut_signals_hold(void)
{
    const sigset_t set = stopping_set();
    donut_signals_count();
    sigprocmask(SIG_BLOCK, &set, NULL);
}

/* Lets through what is held back: where input is always there, pselect() returns without it. */
static void let_through(void)
{
    const sigset_t set = stopping_set();
    sigprocmask(SIG_UNBLOCK, &set, NULL);
    sigprocmask(SIG_BLOCK, &set, NULL);
}

enum donut_wait donut_signals_await(int fd)
{
    sigset_t open;
    sigprocmask(SIG_BLOCK, NULL, &open);
    for (size_t i = 0; i < N_STOPPING; i++)
        sigdelset(&open, stopping[i].number);
    for (;;) {
        fd_set set;
        FD_ZERO(&set);
        FD_SET((unsigned)fd, &set);
        /* Any other failure than a signal shows when the caller reads. */
        const int ready = pselect(fd + 1, &set, NULL, NULL, NULL, &open);
        let_through();
        if (seen[SEEN_INT] > 0 || seen[SEEN_TERM] > 0)
            return DONUT_WAIT_STOP;
        if (seen[SEEN_HUP] > 0) {
            seen[SEEN_HUP] = 0;
            return DONUT_WAIT_RELOAD;
        }
        if (ready > 0 || (ready < 0 && errno != EINTR))
            return DONUT_WAIT_INPUT;
    }
}

void donut_signals_forget(void)
{
    for (size_t i = 0; i < N_STOPPING; i++)
        seen[i] = 0;
}
