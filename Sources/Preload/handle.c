#include "handle.h"

#include <stdint.h>
#include <stdlib.h>

#include "agent.h"
#include "lock.h"
#include "question.h"
#include "settings.h"

/* Programs hold a few handles, git and a crawler some hundreds. */
enum { BUCKETS = 256 };

static struct handle *buckets[BUCKETS];

static struct handle **bucket_of(CURL *easy)
{
    uintptr_t address = (uintptr_t)easy;
    return &buckets[((address >> 4) ^ (address >> 12)) % BUCKETS];
}

struct handle *handle_find(CURL *easy)
{
    lock();
    struct handle *handle = *bucket_of(easy);
    while (handle != NULL && handle->easy != easy)
        handle = handle->next;
    unlock();
    return handle;
}

struct handle *handle_add(CURL *easy, const struct libcurl *curl, const struct handle *like)
{
    if (easy == NULL || settings()->disabled)
        return NULL;
    struct handle *handle = calloc(1, sizeof *handle);
    if (handle == NULL)
        return NULL;
    handle->easy = easy;
    handle->curl = curl;
    script_init(&handle->script);
    if (like != NULL && !script_copy(&handle->script, &like->script)) {
        handle_free(handle);
        return NULL;
    }
    agent_follow_fork();
    /* An entry of this address would be a handle that was closed in a way we did not see. */
    struct handle *stale = handle_remove(easy);
    if (stale != NULL)
        handle_free(stale);
    lock();
    struct handle **bucket = bucket_of(easy);
    handle->next = *bucket;
    *bucket = handle;
    unlock();
    return handle;
}

struct handle *handle_remove(CURL *easy)
{
    lock();
    struct handle **link = bucket_of(easy);
    while (*link != NULL && (*link)->easy != easy)
        link = &(*link)->next;
    struct handle *handle = *link;
    if (handle != NULL)
        *link = handle->next;
    unlock();
    return handle;
}

void handle_free(struct handle *handle)
{
    script_free(&handle->script);
    url_forget(&handle->kept_url);
    question_forget(&handle->kept_question);
    free(handle);
}

void handle_set_multi(struct handle *handle, CURLM *multi)
{
    if (handle->multi == multi)
        return; /* who uses the handle alone changes it */
    lock();
    handle->multi = multi;
    unlock();
}

struct handle *handle_in_multi(CURLM *multi)
{
    struct handle *found = NULL;
    lock();
    for (int i = 0; found == NULL && i < BUCKETS; i++)
        for (struct handle *handle = buckets[i]; found == NULL && handle != NULL; handle = handle->next)
            if (handle->multi == multi)
                found = handle;
    unlock();
    return found;
}
