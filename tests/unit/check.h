/* The whole test harness: CHECK() counts and reports, one line per failure. Each file is one test,
 * which runs in a process of its own: TEST(name) { ... return check_report("name"); }. */
#ifndef DONUT_TESTS_CHECK_H
#define DONUT_TESTS_CHECK_H

#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static int checks_passed, checks_failed;

struct test {
    const char *name;
    int (*run)(void);
    struct test *next;
};

/* The program of all tests, main.c, finds a test by its name. */
void test_register(struct test *test);

#define TEST(test_name)                                                                            \
    static int run_test(void);                                                                     \
    __attribute__((constructor)) static void register_test(void)                                   \
    {                                                                                              \
        static struct test test = {#test_name, run_test, NULL};                                    \
        test_register(&test);                                                                      \
    }                                                                                              \
    static int run_test(void)

static inline bool check_result(bool good, const char *file, int line, const char *format, ...)
{
    if (good) {
        checks_passed++;
        return true;
    }
    checks_failed++;
    va_list args;
    va_start(args, format);
    fprintf(stderr, "%s:%d: ", file, line);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
    return false;
}

/* A condition, with a printf-style explanation of what was seen. */
#define CHECK_THAT(condition, ...) check_result((condition), __FILE__, __LINE__, __VA_ARGS__)
#define CHECK(condition) CHECK_THAT(condition, "failed: %s", #condition)
#define CHECK_NEAR(got, want, tolerance)                                                           \
    check_near((double)(got), (double)(want), (double)(tolerance), #got, __FILE__, __LINE__)
#define CHECK_INT(got, want)                                                                       \
    check_int((long long)(got), (long long)(want), #got, __FILE__, __LINE__)
#define CHECK_TEXT(got, want) check_text((got), (want), #got, __FILE__, __LINE__)

static inline bool check_near(double got, double want, double tolerance, const char *what,
                              const char *file, int line)
{
    return check_result(fabs(got - want) <= tolerance, file, line,
                        "%s = %.10g, want %.10g within %g", what, got, want, tolerance);
}

static inline bool check_int(long long got, long long want, const char *what, const char *file,
                             int line)
{
    return check_result(got == want, file, line, "%s = %lld, want %lld", what, got, want);
}

static inline bool check_text(const char *got, const char *want, const char *what, const char *file,
                              int line)
{
    return check_result(strcmp(got, want) == 0, file, line, "%s = \"%s\", want \"%s\"", what, got,
                        want);
}

static inline int check_report(const char *name)
{
    printf("%s: %d checks passed, %d failed\n", name, checks_passed, checks_failed);
    return checks_failed != 0 || checks_passed == 0;
}

#endif
