#include "agent.h"

#include <stdint.h>

#include "clock.h"
#include "connection.h"
#include "kept_answer.h"
#include "lock.h"
#include "notice.h"
#include "settings.h"

/* Milliseconds; the design's section 3. A person waits under `run`; a shell with `env`, or an event loop that serves
   others, must not be felt. */
enum {
    ANSWER_RUN = 2000,
    ANSWER_QUICK = 250,
    RENEWAL_EASY = 10000,
    RENEWAL_MULTI = 2000,
    PAUSE = 30000,
    NOBODY_FOR = 1000, /* as long as an answer is kept; looking for a daemon costs as much as a small request */
    MISSES_MOST = 2
};

static int misses;
static int64_t paused_until;
static int64_t nobody_until;

/* AGENT_ANSWERED where nothing keeps from asking. */
static enum agent_result state_at(int64_t now)
{
    lock();
    enum agent_result state = now < paused_until ? AGENT_PAUSED : now < nobody_until ? AGENT_NONE : AGENT_ANSWERED;
    unlock();
    return state;
}

/* Of what is late only a question counts as a miss: the agent may well take longer over what it is told. */
static void count(enum connection_result result, bool asked)
{
    lock();
    if (result == CONNECTION_OK)
        misses = 0;
    if (result == CONNECTION_NONE)
        nobody_until = clock_now() + NOBODY_FOR;
    if ((result == CONNECTION_LATE || result == CONNECTION_RENEWING) && asked && ++misses >= MISSES_MOST) {
        misses = 0;
        paused_until = clock_now() + PAUSE;
    }
    unlock();
}

/* Reads answers until the last one. One that says `renewing` moves the deadline once. */
static enum connection_result last_answer(struct connection *connection, int64_t deadline, int64_t renewal_deadline,
                                          struct answer **answer)
{
    char *bytes;
    size_t size, length;
    bool renewing = false;
    for (;;) {
        enum connection_result result = connection_receive(connection, deadline, &bytes, &size, &length);
        if (result != CONNECTION_OK)
            return result == CONNECTION_LATE && renewing ? CONNECTION_RENEWING : result;
        if (!(*answer = answer_read(bytes, size, length)))
            return CONNECTION_EXCESSIVE;
        if (!(*answer)->continues)
            return CONNECTION_OK;
        if ((*answer)->renewing) {
            renewing = true;
            deadline = renewal_deadline;
        }
        answer_release(*answer);
    }
}

/* Once over one connection. `untouched`: the daemon cannot have seen the question, so it may be asked anew. */
static enum connection_result exchange_once(const struct buffer *question, int64_t deadline, int64_t renewal_deadline,
                                            struct answer **answer, bool *untouched)
{
    struct connection connection;
    *untouched = false;
    enum connection_result result = connection_open(&connection, deadline);
    if (result == CONNECTION_OK)
        result = connection_send(&connection, question, deadline);
    if (result == CONNECTION_OK)
        result = last_answer(&connection, deadline, renewal_deadline, answer);
    if (result == CONNECTION_OK && connection.received.length > 0) {
        /* More than was asked for: then the answer may be another question's. */
        answer_release(*answer);
        result = CONNECTION_EXCESSIVE;
    }
    *untouched = result == CONNECTION_BROKEN && connection.reused;
    connection_close(&connection, result == CONNECTION_OK);
    return result;
}

static enum agent_result result_of(enum connection_result result)
{
    switch (result) {
    case CONNECTION_OK:
        return AGENT_ANSWERED;
    case CONNECTION_LATE:
        return AGENT_LATE;
    case CONNECTION_RENEWING:
        return AGENT_RENEWING;
    case CONNECTION_EXCESSIVE:
        return AGENT_SENSELESS;
    default:
        return AGENT_NONE;
    }
}

/* `asked`: the message is a question, else something told, whose answer has notices at most. */
static enum agent_result exchange(const struct buffer *message, bool asked, bool multi, long patience,
                                  struct answer **answer)
{
    int64_t now = clock_now();
    int64_t deadline = now + (settings()->run && !multi ? ANSWER_RUN : ANSWER_QUICK);
    long renewal = multi ? RENEWAL_MULTI : RENEWAL_EASY;
    int64_t renewal_deadline = now + (patience > 0 && patience < renewal ? patience : renewal);
    enum agent_result state = state_at(now);
    bool untouched;
    if (state != AGENT_ANSWERED)
        return state;
    enum connection_result result = exchange_once(message, deadline, renewal_deadline, answer, &untouched);
    /* A kept connection may have ended with an older daemon; the new one is asked. */
    if (untouched)
        result = exchange_once(message, deadline, renewal_deadline, answer, &untouched);
    count(result, asked);
    return result_of(result);
}

enum agent_result agent_ask(const struct buffer *question, bool multi, long patience, struct answer **answer)
{
    *answer = kept_answer_find(question);
    if (*answer != NULL)
        return AGENT_ANSWERED;
    enum agent_result result = exchange(question, true, multi, patience, answer);
    if (result == AGENT_ANSWERED && (*answer)->session != NULL && !(*answer)->renewing)
        kept_answer_set(question, *answer);
    return result;
}

void agent_tell(const struct buffer *message, bool multi)
{
    struct answer *answer;
    kept_answer_drop();
    if (!message->failed && exchange(message, false, multi, 0, &answer) == AGENT_ANSWERED) {
        /* An error has a reason, and is about what was told: nobody has to hear of it. */
        for (size_t i = 0; i < answer->notice_count && answer->reason[0] == '\0'; i++)
            notice(answer->notices[i]);
        answer_release(answer);
    }
    /* Again: another thread may have kept an answer from before the daemon knew. */
    kept_answer_drop();
}

static void forget(void)
{
    connection_forget();
    kept_answer_drop();
}

void agent_follow_fork(void)
{
    lock_follow_fork(forget);
}
