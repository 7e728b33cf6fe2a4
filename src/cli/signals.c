#define _XOPEN_SOURCE 700

#include "cli/signals.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <sys/select.h>
#include <time.h>

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

void donut_signals_release(void)
{
    const sigset_t set = stopping_set();
    donut_signals_default();
    sigprocmask(SIG_UNBLOCK, &set, NULL);
}

/* Lets through what is held back: where input is always there, pselect() returns without it. */
static void let_through(void)
{
    const sigset_t set = stopping_set();
    sigprocmask(SIG_UNBLOCK, &set, NULL);
    sigprocmask(SIG_BLOCK, &set, NULL);
}

/* PAUSE: no signal. */
static enum donut_wait find_signal(void)
{
    let_through();
    if (seen[SEEN_INT] > 0 || seen[SEEN_TERM] > 0)
        return DONUT_WAIT_STOP;
    return seen[SEEN_HUP] > 0 ? DONUT_WAIT_RELOAD : DONUT_WAIT_PAUSE;
}

/* pselect() for one descriptor, to read or to write, with the signals let through meanwhile. */
static int wait_for(int fd, bool write, const struct timespec *pause)
{
    sigset_t open;
    fd_set set;
    sigprocmask(SIG_BLOCK, NULL, &open);
    for (size_t i = 0; i < N_STOPPING; i++)
        sigdelset(&open, stopping[i].number);
    FD_ZERO(&set);
    FD_SET((unsigned)fd, &set);
    return pselect(fd + 1, write ? NULL : &set, write ? &set : NULL, NULL, pause, &open);
}

enum donut_wait donut_signals_peek(int fd, int milliseconds)
{
    const struct timespec pause = {milliseconds / 1000, milliseconds % 1000 * 1000000L};
    for (;;) {
        const enum donut_wait signal = find_signal();
        if (signal != DONUT_WAIT_PAUSE)
            return signal;
        const int ready = wait_for(fd, false, milliseconds < 0 ? NULL : &pause);
        if (ready == 0)
            return DONUT_WAIT_PAUSE;
        /* Any other failure than a signal shows when the caller reads. */
        if ((ready > 0 || errno != EINTR) && find_signal() == DONUT_WAIT_PAUSE)
            return DONUT_WAIT_INPUT;
    }
}

bool donut_signals_await_room(int fd)
{
    const struct timespec grace = {1, 0};
    for (;;) {
        const bool asked = find_signal() == DONUT_WAIT_STOP;
        const int ready = wait_for(fd, true, asked ? &grace : NULL);
        if (ready >= 0 || errno != EINTR)
            return ready != 0;
    }
}

enum donut_wait donut_signals_await(int fd, int milliseconds)
{
    const enum donut_wait wait = donut_signals_peek(fd, milliseconds);
    if (wait == DONUT_WAIT_RELOAD)
        seen[SEEN_HUP] = 0;
    return wait;
}
