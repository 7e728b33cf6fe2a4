#include "cli/completion.h"

#include <stdio.h>
#include <string.h>

static bool is(const char *word, size_t length, const char *name)
{
    return length == strlen(name) && memcmp(word, name, length) == 0;
}

static bool ends_in(const char *word, size_t length, const char *ending)
{
    const size_t size = strlen(ending);
    return length > size && memcmp(word + length - size, ending, size) == 0;
}

static bool is_itself(const char *word, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (!((word[i] >= 'a' && word[i] <= 'z') || (word[i] == '-' && i > 0)))
            return false;
    return length > 0;
}

/* The next word of `argument` from *at on, or NULL. */
static const char *next(const char *argument, size_t length, size_t *at, size_t *size)
{
    if (*at >= length)
        return NULL;
    const char *word = argument + *at;
    for (*size = 0; *at + *size < length && word[*size] != '|';)
        ++*size;
    *at += *size + 1;
    return word;
}

struct donut_completes donut_completes(const char *argument, size_t length)
{
    struct donut_completes completes = {0};
    const char *word;
    for (size_t at = 0, size; (word = next(argument, length, &at, &size));) {
        completes.model |= is(word, size, "MODEL") || is(word, size, "BUNDLE");
        completes.csv |= ends_in(word, size, ".csv");
        completes.file |= is(word, size, "FILE");
        completes.command |= is(word, size, "COMMAND");
        completes.words |= is_itself(word, size);
    }
    return completes;
}

void donut_completes_print(const char *argument, size_t length)
{
    const char *word, *before = "";
    for (size_t at = 0, size; (word = next(argument, length, &at, &size));) {
        if (!is_itself(word, size))
            continue;
        printf("%s%.*s", before, (int)size, word);
        before = " ";
    }
}

const char *donut_completes_operand(const struct donut_command *command, size_t *length)
{
    const char *space = strrchr(command->usage, ' ');
    const char *word = space ? space + 1 : command->usage;
    word += *word == '[';
    *length = strcspn(word, "]");
    return word;
}

const struct donut_shell *donut_shell_find(const char *name)
{
    const struct donut_shell *const shells[] = {&donut_shell_bash, &donut_shell_zsh,
                                                &donut_shell_fish};
    for (size_t i = 0; i < sizeof shells / sizeof shells[0]; i++)
        if (strcmp(shells[i]->name, name) == 0)
            return shells[i];
    return NULL;
}

bool donut_options_complete(const struct donut_command *command, const char *shell)
{
    const struct donut_shell *known = donut_shell_find(shell);
    if (known)
        known->command(command);
    return known != NULL;
}
