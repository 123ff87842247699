/* Asking the daemon: deadlines, misses, and the answer kept for a second. */
#ifndef LANYARD_AGENT_H
#define LANYARD_AGENT_H

#include <stdbool.h>

#include "answer.h"
#include "buffer.h"

enum agent_result {
    AGENT_ANSWERED,
    AGENT_NONE,     /* no daemon at the socket */
    AGENT_LATE,     /* no answer within the deadline */
    AGENT_RENEWING, /* no last answer: a renewal is under way */
    AGENT_PAUSED,   /* two misses: left alone for a while */
    AGENT_SENSELESS /* an answer that is refused */
};

/* Sends a question and waits for the last answer to it. `multi`: somebody's event loop waits. `patience`: as long as the
   script waits for the whole transfer, in milliseconds, 0 for no limit; a renewal is not waited for longer. `answer` is to
   be released after AGENT_ANSWERED. */
enum agent_result agent_ask(const struct buffer *question, bool multi, long patience, struct answer **answer);

/* Like agent_ask, for a message that changes what the next answer would be: the kept one is dropped. */
void agent_tell(const struct buffer *message, bool multi);

/* From now on a child after fork makes connections of its own. */
void agent_follow_fork(void);

#endif
