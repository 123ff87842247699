#ifndef LANYARD_QUESTION_H
#define LANYARD_QUESTION_H

#include "answer.h"
#include "buffer.h"
#include "handle.h"

enum { QUESTION_MOST = 64 * 1024 };

/* The question for the request that the handle is about to send to its hop's target, with the NUL at its end: the call
   of Attach in io.lanyard.Agent. `peer` is the connected address, as libcurl gives it. The handle keeps it until the
   next one. `answer`: the kept one, to be released, where it is good in any directory, so that this one's files were not
   looked at: the question must not be sent then. NULL else. */
const struct buffer *question_of(struct handle *handle, const char *peer, int peer_port, struct answer **answer);

/* The method of the handle's request. */
const char *question_method(const struct handle *handle);

void question_forget(struct kept_question *kept);

#endif
