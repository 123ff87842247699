#include "kept_answer.h"

#include <stdint.h>
#include <string.h>

#include "clock.h"
#include "lock.h"

enum { KEPT_FOR = 1000 };

static struct buffer asked;
static struct answer *kept;
static int64_t good_until;

static void drop_locked(void)
{
    buffer_free(&asked);
    answer_release(kept);
    kept = NULL;
    good_until = 0;
}

static bool is_kept_locked(const struct buffer *question)
{
    if (good_until != 0 && clock_now() >= good_until)
        drop_locked();
    return good_until != 0 && asked.length == question->length
        && memcmp(asked.bytes, question->bytes, asked.length) == 0;
}

struct answer *kept_answer_find(const struct buffer *question)
{
    lock();
    struct answer *found = is_kept_locked(question) ? answer_share(kept) : NULL;
    unlock();
    return found;
}

bool kept_answer_is_anywhere(const struct buffer *question)
{
    lock();
    bool is_anywhere = is_kept_locked(question) && kept->anywhere;
    unlock();
    return is_anywhere;
}

void kept_answer_set(const struct buffer *question, struct answer *answer)
{
    lock();
    drop_locked();
    buffer_init(&asked, question->length);
    buffer_add(&asked, question->bytes, question->length);
    if (!asked.failed) {
        kept = answer_share(answer);
        good_until = clock_now() + KEPT_FOR;
    } else {
        drop_locked();
    }
    unlock();
}

void kept_answer_drop(void)
{
    lock();
    drop_locked();
    unlock();
}
