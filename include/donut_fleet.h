/* SPDX-License-Identifier: MIT
 *
 * The part of libdonut for many KPIs: the rows of a file by KPI, and their models in one file.
 * Included by donut.h, whose rules hold. */
#ifndef DONUT_FLEET_H
#define DONUT_FLEET_H

#include "donut.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A file with several KPIs, interleaved or one behind the other: its rows by KPI. */
struct donut_fleet;

/* Parses a whole CSV file in memory, as donut_series_read_csv() does, with opt->key_column to say
 * whose each row is: a key may be any text that is not empty, and two KPIs are the same if their
 * keys are to the byte, after quotes and the blanks around them are taken off. opt->interval_ms and
 * opt->expected_interval_ms are for donut_fleet_series() and not looked at here. Copies what it
 * keeps: 32 bytes a row and the keys. Errors: DONUT_EARGUMENT (no key column is given),
 * DONUT_EINPUT with line and column, DONUT_ENOMEM. */
enum donut_status donut_fleet_read_csv(const char *bytes, size_t size,
                                       const struct donut_csv_options *opt,
                                       struct donut_fleet **out, struct donut_error *err);
void donut_fleet_free(struct donut_fleet *fleet);

/* KPIs, numbered from 0 in order of first appearance; at least one. */
size_t donut_fleet_count(const struct donut_fleet *fleet);

/* The key of KPI i, as long as the fleet lives; *size (may be NULL) without the 0 that ends it. */
const char *donut_fleet_key(const struct donut_fleet *fleet, size_t i, size_t *size);

/* Rows of KPI i, at least one; and the line of the first of them. */
size_t donut_fleet_rows(const struct donut_fleet *fleet, size_t i);
size_t donut_fleet_line(const struct donut_fleet *fleet, size_t i);

/* Header name of the key column, ending in 0; NULL = the file has no header. */
const char *donut_fleet_key_name(const struct donut_fleet *fleet);

/* Whether labels were read, so that every series has them. */
bool donut_fleet_labelled(const struct donut_fleet *fleet);

/* The series of KPI i, as donut_series_read_csv() would make it of a file with only its rows; with
 * its own interval, unless one is given or expected as in donut_csv_options, and its own repairs.
 * Two things are the file's: line numbers in sentences, and the time format, which is able to write
 * the time of every row of every KPI. Several threads may call it at once; an error of one KPI says
 * nothing of another. Errors: DONUT_EINPUT, DONUT_EARGUMENT (interval), DONUT_ENOMEM. */
enum donut_status donut_fleet_series(const struct donut_fleet *fleet, size_t i, int64_t interval_ms,
                                     int64_t expected_interval_ms, struct donut_series **out,
                                     struct donut_error *err);

/* A bundle: one file with many models, one for each KPI of a fleet, found by the KPI's key.
 *
 * Opening reads and checks the index alone, so that it takes no longer for ten thousand models than
 * for ten; a model is read and checked when it is asked for. The file stays open meanwhile and is
 * read with pread(), not mapped: whoever cuts a mapped file short kills the process that reads it,
 * while here that is an error like any other. A file that is replaced by renaming, as
 * donut_bundle_save() does, goes on being the one that was opened.
 *
 * A bundle is read-only: any number of threads may use it at once. Keys are compared byte by byte.
 */
struct donut_bundle;

/* Opens the bundle `path`, which must be a regular file. DONUT_EIO, DONUT_ENOMEM; DONUT_EMODEL when
 * it is no bundle (a single model, too: the sentence says so), or a damaged, cut or newer one. */
enum donut_status donut_bundle_open(const char *path, struct donut_bundle **out,
                                    struct donut_error *err);

/* Closes the file; accepts NULL. Models that came from it stay valid. */
void donut_bundle_close(struct donut_bundle *bundle);

/* How many models there are, >= 1. */
size_t donut_bundle_count(const struct donut_bundle *bundle);

/* The column that the keys were read from: its name in the header, or its number from 1 as digits
 * where the file had none. Terminated, not empty, the bundle's own. */
const char *donut_bundle_key_column(const struct donut_bundle *bundle);

/* Key number i < count, in the order of memcmp(), a beginning before what it begins: *size bytes,
 * possibly none, NOT terminated, the bundle's own. */
const char *donut_bundle_key(const struct donut_bundle *bundle, size_t i, size_t *size);

/* Whether there is a model for the key of `size` bytes; if so, *i is its number. */
bool donut_bundle_find(const struct donut_bundle *bundle, const char *key, size_t size, size_t *i);

/* Reads and checks model number i < count, which is the caller's to free. DONUT_EMODEL when it is
 * damaged, or the file was cut short since it was opened; DONUT_EIO, DONUT_ENOMEM. */
enum donut_status donut_bundle_model(const struct donut_bundle *bundle, size_t i,
                                     struct donut_model **out, struct donut_error *err);

/* Whether these bytes are how a bundle begins. */
bool donut_bundle_is(const char *bytes, size_t size);

/* Whether `path` is a regular file that begins so. False also for what cannot be read. */
bool donut_bundle_is_file(const char *path);

/* A model that a bundle is to hold: a whole model file, `size` bytes from `offset` in the file
 * descriptor of the content. */
struct donut_bundle_item {
    const char *key; /* (key_size) any bytes */
    size_t key_size;
    uint64_t offset, size;
};

struct donut_bundle_content {
    const char *key_column; /* terminated, not empty */
    int models;             /* open for reading, seekable; where it stands does not matter */
    const struct donut_bundle_item *item; /* (n) in any order; the bytes written do not depend on it
                                           */
    size_t n;                             /* >= 1 */
};

/* Makes a bundle of models that lie in a file, copying one after the other. The named file is
 * replaced as by donut_model_save(), whole or not at all; the descriptor `fd` is written from where
 * it stands. DONUT_EARGUMENT: no item, or two with one key; DONUT_EIO, DONUT_ENOMEM. */
enum donut_status donut_bundle_save(const char *path, const struct donut_bundle_content *content,
                                    struct donut_error *err);
enum donut_status donut_bundle_put(int fd, const struct donut_bundle_content *content,
                                   struct donut_error *err);

#ifdef __cplusplus
}
#endif
#endif
