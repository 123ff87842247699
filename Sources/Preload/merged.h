/* Putting an answer on a request, and taking it off again. */
#ifndef LANYARD_MERGED_H
#define LANYARD_MERGED_H

#include "answer.h"
#include "handle.h"

/* Sets the options of the request that is about to be sent. False: nothing of the answer's is on the handle. */
bool merged_attach(struct handle *handle, const struct answer *answer);

/* Gives the script its own options back, and zeroes what was attached. */
void merged_detach(struct handle *handle);

/* The script set a list of its own during the transfer, which took the place of the merged one. */
void merged_drop_list(struct handle *handle);

#endif
