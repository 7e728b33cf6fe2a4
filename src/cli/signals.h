/* Being asked to stop: SIGINT, SIGTERM and SIGHUP are counted while something is worth saving. */
#ifndef DONUT_CLI_SIGNALS_H
#define DONUT_CLI_SIGNALS_H

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

#endif
