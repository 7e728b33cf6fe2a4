/* The choice of a kernel: names, order, and what this processor and its operating system allow. */
#include "kernel/kernel.h"
#include "check.h"
#include "donut.h"

#include <stdint.h>

#if defined(__x86_64__)
#include <cpuid.h>

/* What the operating system saves of a thread's registers (XCR0). */
static unsigned saved_registers(void)
{
    unsigned low, high;
    __asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    return low;
}

/* By the manuals: CPUID 1 ECX bit 12 FMA, bit 27 OSXSAVE, bit 28 AVX; CPUID 7 EBX bit 5 AVX2, bit
 * 16 AVX-512F; XCR0 bits 1 and 2 for AVX, 5 to 7 for AVX-512. */
static bool processor_has(const char *name)
{
    unsigned a, b, c, d, b7, c7;
    if (strcmp(name, "plain") == 0)
        return true;
    if (!__get_cpuid(1, &a, &b, &c, &d) || !(c >> 27 & 1) || !(c >> 28 & 1) ||
        !__get_cpuid_count(7, 0, &a, &b7, &c7, &d))
        return false;
    const unsigned saved = saved_registers();
    if (strcmp(name, "avx2") == 0)
        return (b7 >> 5 & 1) && (c >> 12 & 1) && (saved & 0x6) == 0x6;
    return strcmp(name, "avx512") == 0 && (b7 >> 16 & 1) && (saved & 0xe6) == 0xe6;
}
#elif defined(__aarch64__)
static bool processor_has(const char *name)
{
    return strcmp(name, "neon") == 0 || strcmp(name, "plain") == 0;
}
#else
static bool processor_has(const char *name)
{
    return strcmp(name, "plain") == 0;
}
#endif

/* Every variant there is, fastest first; what this machine runs of them is available, in that
 * order, and nothing else. */
static void test_available(void)
{
    static const char *const names[] = {"avx512", "avx2", "neon", "plain"};
    size_t n = 0;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const struct donut_kernel *named = donut_kernel_named(names[i]);
        if (!processor_has(names[i])) {
            CHECK_THAT(!named, "%s is not for this machine", names[i]);
            continue;
        }
        const struct donut_kernel *kernel = donut_kernel_available(n);
        if (CHECK_THAT(named && kernel, "%s is missing", names[i])) {
            CHECK(kernel == named);
            CHECK_TEXT(kernel->name, names[i]);
            CHECK(donut_kernel_name(n) == kernel->name);
        }
        n++;
    }
    CHECK(!donut_kernel_available(n) && !donut_kernel_name(n));
    CHECK(!donut_kernel_available(n + 1) && !donut_kernel_available(SIZE_MAX));
    CHECK(!donut_kernel_name(SIZE_MAX));
    printf("dispatch: %zu variants, %s chosen\n", n, donut_kernel_choose()->name);
}

static void test_names(void)
{
    static const char *const none[] = {"",     "abacus", "PLAIN", "plain ", "plai",
                                       "AVX2", "avx",    "sse2",  "avx5120"};
    CHECK(donut_kernel_choose() == donut_kernel_available(0));
    CHECK(donut_kernel_named(NULL) == donut_kernel_choose());
    CHECK(donut_kernel_named("plain") == &donut_kernel_plain);
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
        CHECK_THAT(!donut_kernel_named(none[i]), "there is a kernel named \"%s\"", none[i]);
}

TEST(dispatch)
{
    test_available();
    test_names();
    return check_report("dispatch");
}
