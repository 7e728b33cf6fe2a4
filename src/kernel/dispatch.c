#include "kernel/kernel.h"

#include <string.h>

/* gcc and clang ask the operating system, too, whether it saves the registers. */
static bool runs_here(const struct donut_kernel *kernel)
{
#if defined(__x86_64__) && !defined(DONUT_REAL_DOUBLE)
    __builtin_cpu_init();
    if (kernel == &donut_kernel_avx512)
        return __builtin_cpu_supports("avx512f");
    if (kernel == &donut_kernel_avx2)
        return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
#endif
    return kernel != NULL;
}

/* Every variant of this build, fastest first. */
static const struct donut_kernel *const variants[] = {
#if defined(__x86_64__) && !defined(DONUT_REAL_DOUBLE)
    &donut_kernel_avx512, &donut_kernel_avx2,
#elif defined(__aarch64__) && !defined(DONUT_REAL_DOUBLE)
    &donut_kernel_neon,
#endif
    &donut_kernel_plain};

const struct donut_kernel *donut_kernel_available(size_t i)
{
    for (size_t j = 0; j < sizeof variants / sizeof variants[0]; j++)
        if (runs_here(variants[j]) && i-- == 0)
            return variants[j];
    return NULL;
}

const struct donut_kernel *donut_kernel_choose(void)
{
    return donut_kernel_available(0);
}

const struct donut_kernel *donut_kernel_named(const char *name)
{
    const struct donut_kernel *kernel = donut_kernel_choose();
    for (size_t i = 0; name && kernel && strcmp(kernel->name, name) != 0; i++)
        kernel = donut_kernel_available(i);
    return kernel;
}
