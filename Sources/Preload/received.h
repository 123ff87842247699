#ifndef LANYARD_RECEIVED_H
#define LANYARD_RECEIVED_H

#include "handle.h"

/* libcurl's number of the request it is at: those of this transfer before it count, sent again or redirected. -1 where
   it cannot be told, since no header came yet or libcurl is older than 7.84. */
int received_request(const struct handle *handle);

/* Reports the Set-Cookie fields that the hop before brought, and a status by which a site may say that the session has
   ended, when it carried a session, and forgets that hop.
   `finished`: the transfer ended; else the callback is at the next hop. */
void received_report(struct handle *handle, bool finished);

#endif
