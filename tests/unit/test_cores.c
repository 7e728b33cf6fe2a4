/* The CPU quota of control groups, from files as the kernel writes them and as it never should. */
#define _XOPEN_SOURCE 700

#include "cli/cores.c"

#include "check.h"

#include <sys/stat.h>
#include <unistd.h>

static char place[] = P_tmpdir "/donut-test-XXXXXX";

/* Writes PLACE/PATH; the parts of PATH that end in a slash are made. */
static void put(const char *path, const char *text)
{
    char name[PATH_SIZE];
    snprintf(name, sizeof name, "%s/%s", place, path);
    for (char *slash = strchr(name + strlen(place) + 1, '/'); slash;
         slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        (void)mkdir(name, 0700);
        *slash = '/';
    }
    FILE *file = fopen(name, "w");
    if (!CHECK_THAT(file != NULL, "cannot write %s", name))
        return;
    fputs(text, file);
    fclose(file);
}

static void drop_all(void)
{
    static const char *const made[] = {"a/b/cpu.max",
                                       "a/b",
                                       "a/cpu.max",
                                       "a",
                                       "cpu.max",
                                       "old/group/cpu.cfs_quota_us",
                                       "old/group/cpu.cfs_period_us",
                                       "old/group",
                                       "old/cpu.cfs_quota_us",
                                       "old/cpu.cfs_period_us",
                                       "old",
                                       ""};
    for (size_t i = 0; i < sizeof made / sizeof made[0]; i++) {
        char name[PATH_SIZE];
        snprintf(name, sizeof name, "%s/%s", place, made[i]);
        CHECK_THAT(remove(name) == 0, "cannot remove %s", name);
    }
}

static void test_ratio(void)
{
    CHECK(whole_cpus("200000 100000\n", "100000\n") == 2);
    CHECK(whole_cpus("100001", "100000") == 2);
    CHECK(whole_cpus("100000", "100000") == 1);
    CHECK(whole_cpus("1000", "100000") == 1);
    CHECK(whole_cpus("18446744073709551615", "1") == SIZE_MAX);
    static const char *const bad[] = {"max",
                                      "-1",
                                      "0",
                                      "",
                                      " 1",
                                      "+1",
                                      "1x",
                                      "0x10",
                                      "1.5",
                                      "\n",
                                      "18446744073709551616",
                                      "99999999999999999999999"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        CHECK_THAT(whole_cpus(bad[i], "100000") == NO_LIMIT, "quota \"%s\"", bad[i]);
        CHECK_THAT(whole_cpus("100000", bad[i]) == NO_LIMIT, "period \"%s\"", bad[i]);
    }
}

static void check_group(const char *text, const char *controller, const char *want)
{
    char folder[PATH_SIZE] = "M";
    CHECK_THAT(append_group(folder, text, controller) == (want != NULL), "\"%s\" in \"%s\"",
               controller, text);
    CHECK_TEXT(folder, want ? want : "M");
}

static void test_group(void)
{
    const char *mixed = "12:name=cpu:/no\n11:cpuset:/no\n4:cpuacct,cpu:/yes/a b:c\n0::/two\n";
    check_group(mixed, "cpu", "M/yes/a b:c");
    check_group(mixed, "", "M/two");
    check_group("3:cpu:/last", "cpu", "M/last");
    check_group("3:cpu:/", "cpu", "M/");
    check_group("3:memory:/x\n", "cpu", NULL);
    check_group("3:memory:/x\n", "", NULL);
    check_group("0::/../../etc\n", "", "M");
    check_group("0::/a/../b\n", "", "M");
    check_group("0::relative\n", "", "M");
    check_group("0::\n", "", "M");
    check_group("", "", NULL);
    check_group("\n\n0:\n:\n::", "cpu", NULL);
    check_group("\n\n0:\n:\n::", "", "M");
    check_group("cpu\n1:cpu\n2:,,:/x\n", "cpu", NULL);

    /* The longest path that fits, and one byte more. */
    char text[PATH_SIZE + 8] = "0::", folder[PATH_SIZE] = "M";
    memset(text + 3, '/', PATH_SIZE - 2);
    CHECK(append_group(folder, text, "") && strlen(folder) == PATH_SIZE - 1);
    folder[1] = '\0';
    text[3 + PATH_SIZE - 2] = '/';
    CHECK(append_group(folder, text, ""));
    CHECK_TEXT(folder, "M");
}

static void test_walk(void)
{
    const char *text = "5:cpu:/old/group\n0::/a/b\n";
    CHECK(quota_cores(text, "", place, limit_v2) == NO_LIMIT);
    put("a/b/cpu.max", "max 100000\n");
    CHECK(quota_cores(text, "", place, limit_v2) == NO_LIMIT);
    put("a/b/cpu.max", "650000 100000\n");
    CHECK_INT(quota_cores(text, "", place, limit_v2), 7);
    put("a/cpu.max", "150000 50000\n");
    CHECK_INT(quota_cores(text, "", place, limit_v2), 3);
    put("cpu.max", "800000 100000\n");
    CHECK_INT(quota_cores(text, "", place, limit_v2), 3);
    put("cpu.max", "200000 100000\n");
    CHECK_INT(quota_cores(text, "", place, limit_v2), 2);
    put("a/b/cpu.max", "50000\n");
    put("a/cpu.max", "");
    CHECK_INT(quota_cores(text, "", place, limit_v2), 2);
    /* Inside a container the path may be the host's: only the mount itself is there. */
    CHECK_INT(quota_cores("0::/docker/0123\n", "", place, limit_v2), 2);
    CHECK_INT(quota_cores("0::/../other\n", "", place, limit_v2), 2);
    CHECK_INT(quota_cores("0::/\n", "", place, limit_v2), 2);

    put("old/group/cpu.cfs_quota_us", "-1\n");
    CHECK(quota_cores(text, "cpu", place, limit_v1) == NO_LIMIT);
    put("old/group/cpu.cfs_period_us", "100000\n");
    CHECK(quota_cores(text, "cpu", place, limit_v1) == NO_LIMIT);
    put("old/cpu.cfs_quota_us", "350000\n");
    CHECK(quota_cores(text, "cpu", place, limit_v1) == NO_LIMIT);
    put("old/cpu.cfs_period_us", "100000\n");
    CHECK_INT(quota_cores(text, "cpu", place, limit_v1), 4);
}

TEST(cores)
{
    test_ratio();
    test_group();
    if (CHECK(mkdtemp(place) != NULL)) {
        test_walk();
        drop_all();
    }
    CHECK(donut_cores() >= 1 && donut_cores() <= donut_pool_cores());
    return check_report("cores");
}
