/* One lock for all that the library keeps per process. Held for a few memory accesses only, never across a call into
   libcurl, the dynamic loader or the socket, and never twice. */
#ifndef LANYARD_LOCK_H
#define LANYARD_LOCK_H

void lock(void);
void unlock(void);

/* Calls forgotten() in each child after fork, with the lock free. Safe to call often; the first call counts. */
void lock_follow_fork(void (*forgotten)(void));

#endif
