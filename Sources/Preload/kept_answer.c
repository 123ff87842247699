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

struct answer *kept_answer_find(const struct buffer *question)
{
    struct answer *found = NULL;
    lock();
    if (good_until != 0 && clock_now() >= good_until)
        drop_locked();
    if (good_until != 0 && asked.length == question->length
        && memcmp(asked.bytes, question->bytes, asked.length) == 0)
        found = answer_share(kept);
    unlock();
    return found;
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
