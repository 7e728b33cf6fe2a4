/* All unit tests as one program, which is linked once: `unit NAME` runs one, `unit` names all. */
#include "check.h"

static struct test *first;

void test_register(struct test *test)
{
    test->next = first;
    first = test;
}

int main(int argc, char **argv)
{
    for (const struct test *test = first; test; test = test->next)
        if (argc < 2)
            puts(test->name);
        else if (strcmp(test->name, argv[1]) == 0)
            return test->run();
    if (argc > 1)
        fprintf(stderr, "there is no test '%s'\n", argv[1]);
    return argc > 1;
}
