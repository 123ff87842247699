#ifndef LANYARD_QUESTION_H
#define LANYARD_QUESTION_H

#include "buffer.h"
#include "handle.h"

enum { QUESTION_MOST = 64 * 1024 };

/* The question for the request that the handle is about to send to its hop's target, with the NUL at its end: the call
   of Attach in io.lanyard.Agent. `peer` is the connected address, as libcurl gives it. The handle keeps it until the
   next one. */
const struct buffer *question_of(struct handle *handle, const char *peer, int peer_port);

/* The method of the handle's request. */
const char *question_method(const struct handle *handle);

void question_forget(struct kept_question *kept);

#endif
