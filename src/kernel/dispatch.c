#include "kernel/kernel.h"

#include <string.h>

/* Every variant this build knows, best first. */
static const struct donut_kernel *const variants[] = {&donut_kernel_plain};

const struct donut_kernel *donut_kernel_choose(void)
{
    return variants[0];
}

const struct donut_kernel *donut_kernel_named(const char *name)
{
    for (size_t i = 0; i < sizeof variants / sizeof variants[0]; i++)
        if (strcmp(variants[i]->name, name) == 0)
            return variants[i];
    return NULL;
}
