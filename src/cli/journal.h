/* What a fleet's training has finished, kept in the file OUTPUT.part until the bundle is there, so
 * that nothing is trained twice when it is interrupted. One process at a time: it is locked. */
#ifndef DONUT_CLI_JOURNAL_H
#define DONUT_CLI_JOURNAL_H

#include "donut.h"

struct donut_journal;

/* Opens or makes the journal of the file `output`, and gives up what is torn at its end. NULL: one
 * without a name, which nobody finds again. DONUT_EIO: another process has it, the file is no
 * journal, or it cannot be read or written; DONUT_ENOMEM. */
enum donut_status donut_journal_open(const char *output, struct donut_journal **out,
                                     struct donut_error *err);

/* Closes it; accepts NULL. The file stays if there is something in it and it was not done. */
void donut_journal_close(struct donut_journal *journal);

/* The bundle is there: the file is not needed any more. */
void donut_journal_done(struct donut_journal *journal);

/* OUTPUT.part, or NULL without a name. */
const char *donut_journal_path(const struct donut_journal *journal);

bool donut_journal_is_empty(const struct donut_journal *journal);

/* The descriptor that the places below are in. */
int donut_journal_descriptor(const struct donut_journal *journal);

/* The model that was trained for a key with just this fingerprint before the journal was opened,
 * read and checked: NULL = there is none. item->offset and size are its place. Any thread. */
struct donut_model *donut_journal_find(const struct donut_journal *journal, uint64_t fingerprint,
                                       struct donut_bundle_item *item);

/* Adds a model, as encoded, for item->key, and sets item->offset and size to its place. Whole or
 * not at all. Any thread. DONUT_EIO. */
enum donut_status donut_journal_add(struct donut_journal *journal, uint64_t fingerprint,
                                    const unsigned char *bytes, size_t size,
                                    struct donut_bundle_item *item, struct donut_error *err);

#endif
