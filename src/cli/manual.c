#include "cli/options.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#define LINE_WIDTH 79

/* Text of the manual page under way: a line for each sentence, as mdoc wants it. */
struct page {
    int column; /* characters in the line so far */
};

static void end_line(struct page *page)
{
    if (page->column > 0)
        putchar('\n');
    page->column = 0;
}

/* A word of running text; a backslash would be an escape, and a period or quote in front of a line
 * a macro. */
static void put_word(struct page *page, const char *word, size_t length)
{
    if (page->column + 1 + (int)length > LINE_WIDTH)
        end_line(page);
    if (page->column > 0)
        page->column += printf(" ");
    else if (*word == '.' || *word == '\'')
        page->column += printf("\\&");
    for (size_t i = 0; i < length; i++)
        page->column += word[i] == '\\' ? printf("\\e") : printf("%c", word[i]);
    if (word[length - 1] == '.' && !(length > 1 && word[length - 2] == '.'))
        end_line(page);
}

/* How many characters at the end of a word are punctuation behind it. */
static size_t punctuation(const char *word, size_t length)
{
    size_t n = 0;
    while (n < length && strchr(".,;:)", word[length - 1 - n]))
        n++;
    return n;
}

/* "(--from," or "`ms`)" as a line with a macro: .Fl ( -from , */
static void put_marked(struct page *page, const char *word, size_t length)
{
    const char *before = *word == '(' ? " (" : "";
    const size_t after = punctuation(word, length);
    const char *at = word + (*word == '(');
    const int inner = (int)(length - after - (size_t)(at - word));
    end_line(page);
    if (*at == '`')
        printf(".Cm%s %.*s", before, inner - 2, at + 1);
    else
        printf(".Fl%s %.*s", before, inner - 1, at + 1);
    for (size_t i = 0; i < after; i++)
        printf(" %c", word[length - after + i]);
    putchar('\n');
}

/* Bytes of the word that begins here; between backquotes there may be blanks. */
static size_t word_length(const char *text, size_t size)
{
    size_t length = 0;
    for (bool quoted = false; length < size && (quoted || text[length] != ' '); length++)
        quoted ^= text[length] == '`';
    return length;
}

static void put_text(struct page *page, const char *text, size_t size)
{
    while (size > 0) {
        const size_t length = word_length(text, size);
        const char *at = text + (*text == '(');
        if (*at == '`' || (at[0] == '-' && at[1] == '-' && isalpha((unsigned char)at[2])))
            put_marked(page, text, length);
        else if (length > 0)
            put_word(page, text, length);
        const size_t blank = length < size;
        text += length + blank;
        size -= length + blank;
    }
}

/* Puts a sentence, with a capital letter and a period. */
static void put_sentence(struct page *page, const char *before, const char *text, size_t size)
{
    char sentence[512];
    snprintf(sentence, sizeof sentence, "%s%.*s.", before, (int)size, text);
    sentence[0] = (char)toupper((unsigned char)sentence[0]);
    put_text(page, sentence, strlen(sentence));
}

/* .It Fl f , -format Cm csv | jsonl */
static void put_item(const struct donut_option *option)
{
    printf(".It Fl ");
    if (option->letter)
        printf("%c , ", option->letter);
    printf("-%s", option->name);
    if (option->argument)
        printf(" %s ", option->kind == DONUT_OPTION_CHOICE ? "Cm" : "Ar");
    for (const char *at = option->argument; at && *at; at++)
        printf(*at == '|' ? " %c " : "%c", *at);
    putchar('\n');
}

static void put_option(const struct donut_option *option, const void *defaults)
{
    struct page page = {0};
    char value[DONUT_DEFAULT_SIZE], wanted[DONUT_WANTED_SIZE];
    donut_option_default(option, defaults, value);
    donut_option_wanted(option, wanted);
    put_item(option);
    put_sentence(&page, "", option->help, donut_option_sentence(option));
    if (option->details)
        put_text(&page, option->details, strlen(option->details));
    if (*wanted && option->kind != DONUT_OPTION_CHOICE)
        put_sentence(&page, "", wanted, strlen(wanted));
    if (*value)
        put_sentence(&page, "default: ", value, strlen(value));
    end_line(&page);
}

void donut_options_manual(const struct donut_command *command, const void *defaults)
{
    for (size_t i = 0; i < command->n_options; i++) {
        const struct donut_option *option = &command->options[i];
        if (option->group && i > 0)
            printf(".El\n");
        if (option->group)
            printf(".Ss %.*s\n", (int)strcspn(option->group, ";"), option->group);
        if (option->group || i == 0)
            printf(".Bl -tag -width Ds\n");
        put_option(option, defaults);
    }
    printf(".El\n");
}
