/* Putting an answer on a request, and taking it off again. */
#ifndef LANYARD_ATTACHMENT_H
#define LANYARD_ATTACHMENT_H

#include "answer.h"
#include "handle.h"

/* Sets the options of the request that is about to be sent. False: nothing of the answer's is on the handle. */
bool attachment_put(struct handle *handle, const struct answer *answer);

/* Gives the script its own options back, and zeroes what was attached. */
void attachment_take_off(struct handle *handle);

#endif
