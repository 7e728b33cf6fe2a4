/* How many threads are worth starting. */
#ifndef DONUT_CLI_CORES_H
#define DONUT_CLI_CORES_H

#include <stddef.h>

/* CPUs this process may use, at least 1: those the scheduler may put it on, or as many as the CPU
 * quota of its control group (a container's --cpus, systemd's CPUQuota=) pays for, if fewer. */
size_t donut_cores(void);

#endif
