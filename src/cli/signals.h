/* Being asked to stop: SIGINT, SIGTERM and SIGHUP are counted while something is worth saving. To a
 * stream SIGHUP means to read its model again. */
#ifndef DONUT_CLI_SIGNALS_H
#define DONUT_CLI_SIGNALS_H

#include <stdbool.h>

/* From here on signals are counted; those that the caller had ignored stay ignored. */
void donut_signals_count(void);

/* How many have come. */
int donut_signals_seen(void);

/* From here on signals have their default effect again. */
void donut_signals_default(void);

/* The name of a signal that has come: "SIGINT"; NULL = none. */
const char *donut_signals_name(void);

/* Ends the process by the signal that has come, so that the shell sees why; returns if none has. */
void donut_signals_raise(void);

/* For a stream: from here on signals are counted, but held back except within the two functions
 * below, so that no other system call is interrupted and none is missed. */
void donut_signals_hold(void);

/* Back to the default effect, which what was held back takes at once. */
void donut_signals_release(void);

enum donut_wait { DONUT_WAIT_INPUT, DONUT_WAIT_PAUSE, DONUT_WAIT_STOP, DONUT_WAIT_RELOAD };

/* Waits until `fd` can be read without waiting, or has ended; until there is a signal; or for so
 * many milliseconds (PAUSE), -1 = for ever. A signal comes first; _await tells of a RELOAD once. */
enum donut_wait donut_signals_peek(int fd, int milliseconds);
enum donut_wait donut_signals_await(int fd, int milliseconds);

/* Waits until `fd` can be written to. False: a signal asks to stop, and a second later it still
 * cannot. */
bool donut_signals_await_room(int fd);

#endif
