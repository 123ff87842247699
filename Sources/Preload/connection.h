/* Connections to the agent's socket: one a thread while it waits for an answer, so that none waits behind another's
   renewal; some are kept for the next question. */
#ifndef LANYARD_CONNECTION_H
#define LANYARD_CONNECTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "buffer.h"

struct connection {
    int socket;
    /* The socket's identity: the program may have closed the number and opened something else there. */
    dev_t device;
    ino_t inode;
    bool reused;
    struct buffer received; /* bytes of messages not yet taken */
};

enum connection_result {
    CONNECTION_OK,
    CONNECTION_NONE,     /* nobody answers at the socket, or not who should */
    CONNECTION_LATE,     /* the deadline passed */
    CONNECTION_RENEWING, /* the deadline passed, after an answer that said why */
    CONNECTION_BROKEN,   /* it ended in the middle */
    CONNECTION_EXCESSIVE /* a message past the limit */
};

/* A kept connection or a new one. */
enum connection_result connection_open(struct connection *connection, int64_t deadline);

enum connection_result connection_send(struct connection *connection, const struct buffer *message, int64_t deadline);

/* The next message, without the NUL at its end; the caller owns it (zero_free). */
enum connection_result connection_receive(struct connection *connection, int64_t deadline, char **bytes, size_t *size,
                                          size_t *length);

/* Keeps the connection for the next question, or closes it where `usable` is false or bytes were left over. */
void connection_close(struct connection *connection, bool usable);

/* In a child after fork: its copies of the kept sockets are closed, the parent goes on with them. */
void connection_forget(void);

#endif
