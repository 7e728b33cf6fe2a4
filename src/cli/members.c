#include "cli/members.h"

#include <stdlib.h>

/* Rows that may wait to be scored, when many come at once. */
#define ROOM_ONLY 1024
#define ROOM_MEMBER 32

static bool grow(struct donut_members *members, size_t wanted)
{
    size_t n = members->n ? members->n : 16;
    while (n < wanted)
        n *= 2;
    struct donut_member **moved = realloc(members->at, n * sizeof *moved);
    if (!moved)
        return false;
    for (size_t i = members->n; i < n; i++)
        moved[i] = NULL;
    members->at = moved;
    members->n = n;
    return true;
}

struct donut_member *donut_members_get(struct donut_members *members, size_t number,
                                       const char *key, size_t key_size)
{
    if (number >= members->n && !grow(members, number + 1))
        return NULL;
    if (!members->at[number]) {
        struct donut_member *member = calloc(1, sizeof *member);
        if (member)
            member->track = (struct donut_track){.key = key, .key_size = key_size};
        members->at[number] = member;
    }
    return members->at[number];
}

enum donut_status donut_members_give(struct donut_members *members, struct donut_member *member,
                                     struct donut_model *model, struct donut_error *err)
{
    struct donut_track track = member->track;
    enum donut_status status = donut_track_aim(&track, model, members->scoring->scorer, err);
    if (status == DONUT_OK && member->feed)
        status = donut_feed_renew(member->feed, model, err);
    else if (status == DONUT_OK)
        status = donut_feed_new(model, track.key ? ROOM_MEMBER : ROOM_ONLY, &member->feed, err);
    if (status != DONUT_OK) {
        donut_model_free(model);
        return status;
    }
    donut_model_free(member->model);
    member->model = model;
    member->track = track;
    if (!track.key)
        members->scoring->only = model;
    return DONUT_OK;
}

/* Ends what is known of the member, and frees its model. */
static void drop_model(struct donut_members *members, struct donut_member *member)
{
    if (member->model)
        donut_printer_end_track(&members->scoring->printer, &member->track);
    donut_feed_free(member->feed);
    donut_model_free(member->model);
    member->feed = NULL;
    member->model = NULL;
}

void donut_members_leave_out(struct donut_members *members, struct donut_member *member,
                             const char *file, const struct donut_error *err)
{
    donut_scoring_leave_out(members->scoring, file, member->track.key, member->track.key_size, err);
    drop_model(members, member);
    member->left_out = true;
}

void donut_members_refresh(struct donut_members *members, struct donut_member *member)
{
    struct donut_scoring *scoring = members->scoring;
    const struct donut_bundle *bundle = scoring->models.bundle;
    const struct donut_track *track = &member->track;
    struct donut_error err = {0};
    struct donut_model *model;
    size_t place;
    member->generation = members->generation;
    member->left_out = false;
    if (!donut_bundle_find(bundle, track->key, track->key_size, &place)) {
        drop_model(members, member);
        return;
    }
    enum donut_status status = donut_bundle_model(bundle, place, &model, &err);
    if (status == DONUT_OK)
        status = donut_members_give(members, member, model, &err);
    if (status != DONUT_OK && member->feed) {
        donut_scoring_leave_out(scoring, scoring->models.path, track->key, track->key_size, &err);
        donut_say("donut: %s: the old model of this KPI stays in use", scoring->models.path);
    }
    if (status != DONUT_OK && !member->feed)
        donut_members_leave_out(members, member, scoring->models.path, &err);
}

void donut_members_free(struct donut_members *members)
{
    for (size_t i = 0; i < members->n; i++) {
        if (!members->at[i])
            continue;
        donut_feed_free(members->at[i]->feed);
        donut_model_free(members->at[i]->model);
        free(members->at[i]);
    }
    free(members->at);
    members->scoring->only = NULL;
}
