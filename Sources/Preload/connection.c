#define _GNU_SOURCE
#include "connection.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "answer.h"
#include "clock.h"
#include "lock.h"
#include "settings.h"

/* As many as the threads of most programs; more are made and closed as needed. */
enum { KEPT_MOST = 8 };

static struct connection kept[KEPT_MOST];
static int kept_count;

/* The socket's folder must be nobody else's: who can write there can put a socket of their own in its place. */
static bool folder_is_private(const char *path)
{
    char folder[SOCKET_PATH_SIZE];
    struct stat status;
    strncpy(folder, path, sizeof folder - 1);
    folder[sizeof folder - 1] = '\0';
    char *slash = strrchr(folder, '/');
    if (slash == NULL || slash == folder)
        return false;
    *slash = '\0';
    return lstat(folder, &status) == 0 && S_ISDIR(status.st_mode) && status.st_uid == geteuid()
        && (status.st_mode & 07777) == 0700;
}

static bool peer_is_own(int socket)
{
    struct ucred peer;
    socklen_t size = sizeof peer;
    return getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 && peer.uid == geteuid();
}

/* connect() waits while the agent's queue is full, for as long as the send timeout allows. */
static enum connection_result connect_until(int socket, const char *path, int64_t deadline)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int64_t left = deadline - clock_now();
    if (left <= 0)
        return CONNECTION_LATE;
    struct timeval timeout = {.tv_sec = left / 1000, .tv_usec = (left % 1000) * 1000};
    memcpy(address.sun_path, path, strlen(path) + 1);
    if (setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof timeout) != 0)
        return CONNECTION_NONE;
    int result;
    do
        result = connect(socket, (const struct sockaddr *)&address, sizeof address);
    while (result != 0 && errno == EINTR && clock_now() < deadline);
    if (result != 0)
        return errno == EAGAIN || errno == EINTR ? CONNECTION_LATE : CONNECTION_NONE;
    return peer_is_own(socket) ? CONNECTION_OK : CONNECTION_NONE;
}

static enum connection_result open_new(struct connection *connection, int64_t deadline)
{
    const struct settings *now = settings();
    struct stat status;
    *connection = (struct connection){.socket = -1};
    buffer_init(&connection->received, ANSWER_MOST);
    if (now->socket[0] == '\0' || (!now->socket_named && !folder_is_private(now->socket)))
        return CONNECTION_NONE;
    connection->socket = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connection->socket < 0)
        return CONNECTION_NONE;
    enum connection_result result = connect_until(connection->socket, now->socket, deadline);
    if (result == CONNECTION_OK && fstat(connection->socket, &status) != 0)
        result = CONNECTION_NONE;
    if (result != CONNECTION_OK) {
        close(connection->socket);
        connection->socket = -1;
        return result;
    }
    connection->device = status.st_dev;
    connection->inode = status.st_ino;
    return CONNECTION_OK;
}

static bool is_still_ours(const struct connection *connection)
{
    struct stat status;
    return fstat(connection->socket, &status) == 0 && status.st_dev == connection->device
        && status.st_ino == connection->inode;
}

/* Nothing to read: neither the end nor an answer that nobody asked for. */
static bool is_quiet(const struct connection *connection)
{
    char byte;
    return recv(connection->socket, &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 && errno == EAGAIN;
}

static bool take_kept(struct connection *connection)
{
    lock();
    bool taken = kept_count > 0;
    if (taken)
        *connection = kept[--kept_count];
    unlock();
    return taken;
}

enum connection_result connection_open(struct connection *connection, int64_t deadline)
{
    while (take_kept(connection)) {
        if (!is_still_ours(connection))
            continue; /* the number is somebody else's now: not ours to close */
        connection->reused = true;
        if (is_quiet(connection))
            return CONNECTION_OK;
        close(connection->socket);
    }
    return open_new(connection, deadline);
}

/* Waits for the socket; false when the deadline passed. */
static bool wait_for(const struct connection *connection, short events, int64_t deadline)
{
    struct pollfd poll_for = {.fd = connection->socket, .events = events};
    for (;;) {
        int64_t left = deadline - clock_now();
        if (left <= 0)
            return false;
        int ready = poll(&poll_for, 1, (int)left);
        if (ready > 0)
            return true;
        if (ready < 0 && errno != EINTR)
            return false;
    }
}

enum connection_result connection_send(struct connection *connection, const struct buffer *message, int64_t deadline)
{
    size_t sent = 0;
    while (sent < message->length) {
        ssize_t count = send(connection->socket, message->bytes + sent, message->length - sent,
                             MSG_NOSIGNAL | MSG_DONTWAIT);
        if (count >= 0)
            sent += (size_t)count;
        else if (errno == EAGAIN && !wait_for(connection, POLLOUT, deadline))
            return CONNECTION_LATE;
        else if (errno != EAGAIN && errno != EINTR)
            return CONNECTION_BROKEN;
    }
    return CONNECTION_OK;
}

/* Moves the first message out of what was received; false where it is not complete. */
static bool take_message(struct buffer *received, char **bytes, size_t *size, size_t *length)
{
    char *nul = received->length > 0 ? memchr(received->bytes, '\0', received->length) : NULL;
    if (nul == NULL)
        return false;
    *length = (size_t)(nul - received->bytes);
    *size = *length + 1;
    *bytes = malloc(*size);
    if (*bytes == NULL)
        return false;
    memcpy(*bytes, received->bytes, *size);
    size_t rest = received->length - *size;
    memmove(received->bytes, nul + 1, rest);
    explicit_bzero(received->bytes + rest, *size);
    received->length = rest;
    return true;
}

enum connection_result connection_receive(struct connection *connection, int64_t deadline, char **bytes, size_t *size,
                                          size_t *length)
{
    struct buffer *received = &connection->received;
    while (!take_message(received, bytes, size, length)) {
        if (received->length == ANSWER_MOST || (received->capacity == received->length && !buffer_reserve(received, 1)))
            return CONNECTION_EXCESSIVE;
        size_t room = received->capacity - received->length;
        if (room > ANSWER_MOST - received->length)
            room = ANSWER_MOST - received->length;
        ssize_t count = recv(connection->socket, received->bytes + received->length, room, MSG_DONTWAIT);
        if (count > 0)
            received->length += (size_t)count;
        else if (count == 0 || (errno != EAGAIN && errno != EINTR))
            return CONNECTION_BROKEN;
        else if (errno == EAGAIN && !wait_for(connection, POLLIN, deadline))
            return CONNECTION_LATE;
    }
    return CONNECTION_OK;
}

void connection_close(struct connection *connection, bool usable)
{
    usable = usable && connection->received.length == 0;
    buffer_free(&connection->received);
    if (connection->socket < 0)
        return;
    buffer_init(&connection->received, ANSWER_MOST);
    lock();
    bool keep = usable && kept_count < KEPT_MOST;
    if (keep)
        kept[kept_count++] = *connection;
    unlock();
    if (!keep)
        close(connection->socket);
    connection->socket = -1;
}

void connection_forget(void)
{
    struct connection connection;
    while (take_kept(&connection))
        if (is_still_ours(&connection))
            close(connection.socket);
}
