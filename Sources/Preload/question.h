#ifndef LANYARD_QUESTION_H
#define LANYARD_QUESTION_H

#include "buffer.h"
#include "handle.h"

enum { QUESTION_MOST = 64 * 1024 };

/* Writes the question for the request that the handle is about to send to its hop's target: the call of Attach in
   io.lanyard.Agent. `peer` is the connected address, as libcurl gives it. */
void question_write(struct buffer *question, const struct handle *handle, const char *peer, int peer_port);

#endif
