/* A request that is answered with 401 and a Bearer challenge is sent once more by libcurl itself, as it does for
   --digest, and the callback, which runs again then, puts the renewed token on it. libcurl chooses among the schemes it
   was told of before the transfer begins, and asks whether it has a token for Bearer when the answer is there: it gets
   one only where a request carries ours. The newest (8.23) asks before the callback runs: it is not told to send anything
   again, and the daemon hears of the answer. So it does where libcurl has sent a request of that handle again before:
   it does so once for a handle. */
#ifndef LANYARD_RESEND_H
#define LANYARD_RESEND_H

#include "answer.h"
#include "handle.h"

/* Before a transfer begins: has libcurl wait for a challenge where the script leaves it that, else gives the script its
   own option back. */
void resend_prepare(struct handle *handle);

/* For the request about to be sent, which carries what `answer` says: where another token may come of a 401, and its
   body can be sent again. Once in a transfer. */
void resend_arm(struct handle *handle, const struct answer *answer);

/* Whether the request about to be sent is the one before it, which was refused. */
bool resend_happens(const struct handle *handle);

/* A request that is not to be sent again. */
void resend_disarm(struct handle *handle);

/* Gives the script its own option back. */
void resend_end(struct handle *handle);

#endif
