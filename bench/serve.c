/* A web server of which nobody has to wait, on a free port of 127.0.0.1, which it prints: `serve [MILLISECONDS]`.
 *
 * GET is answered with "ok", with 401 where it brings no bearer token. GET /tally is answered with how many tokens were renewed, of how many sessions, and the
 * nanoseconds from the first request for one to the last answer; DELETE begins anew. POST renews the refresh token
 * "r-NUMBER-…" (RFC 6749, 6), and is answered after so many milliseconds, as by a server far away. It describes itself
 * as an OpenID provider, which is enough for oidc-agent. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { CONNECTIONS_MOST = 4096, SESSIONS_MOST = 16384, REQUEST_MOST = 8192, EVENTS_MOST = 256 };

struct connection {
    size_t length;
    char request[REQUEST_MOST];
};

/* Answers that wait: all for the same time, so that the first to come is the first to go. */
struct waiting {
    int socket, number;
    long long due;
};

static struct connection connections[CONNECTIONS_MOST];
static struct waiting waiting[CONNECTIONS_MOST];
static size_t first_waiting, waiting_count;
static unsigned char renewed[SESSIONS_MOST];
static long long delay, first_at, last_at;
static int renewals;
static int epoll, port;

static long long now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static void answer_with(int socket, const char *status, const char *type, const char *body)
{
    char message[1024];
    int length = snprintf(message, sizeof message,
                          "HTTP/1.1 %s\r\nContent-Type: %s\r\nContent-Length: %zu\r\n\r\n%s", status, type,
                          strlen(body), body);
    send(socket, message, length, MSG_NOSIGNAL);
}

static void answer(int socket, const char *type, const char *body)
{
    answer_with(socket, "200 OK", type, body);
}

static void answer_tally(int socket)
{
    char body[128];
    int sessions = 0;
    for (int i = 0; i < SESSIONS_MOST; i++)
        sessions += renewed[i];
    snprintf(body, sizeof body, "%d %d %lld\n", renewals, sessions, last_at - first_at);
    answer(socket, "text/plain", body);
}

static void begin_anew(void)
{
    memset(renewed, 0, sizeof renewed);
    renewals = 0;
}

static void answer_description(int socket)
{
    char body[768];
    snprintf(body, sizeof body,
             "{\"issuer\":\"http://127.0.0.1:%d\",\"authorization_endpoint\":\"http://127.0.0.1:%d/authorize\","
             "\"token_endpoint\":\"http://127.0.0.1:%d/token\",\"grant_types_supported\":[\"refresh_token\"],"
             "\"scopes_supported\":[\"openid\",\"offline_access\"]}", port, port, port);
    answer(socket, "application/json", body);
}

static void answer_renewal(const struct waiting *waiter)
{
    char body[512];
    snprintf(body, sizeof body,
             "{\"access_token\":\"a-%d-%d\",\"token_type\":\"Bearer\",\"expires_in\":86400,\"refresh_token\":\"r-%d-%d\"}",
             waiter->number, renewals, waiter->number, renewals);
    answer(waiter->socket, "application/json", body);
    last_at = now();
    renewals++;
    if (waiter->number >= 0 && waiter->number < SESSIONS_MOST)
        renewed[waiter->number] = 1;
}

static void answer_those_due(void)
{
    long long time = now();
    while (waiting_count > 0 && waiting[first_waiting].due <= time) {
        answer_renewal(&waiting[first_waiting]);
        first_waiting = (first_waiting + 1) % CONNECTIONS_MOST;
        waiting_count--;
    }
}

static bool is_for(const char *request, const char *start)
{
    return strncmp(request, start, strlen(start)) == 0;
}

static void renew_later(int socket, const char *body)
{
    const char *token = strstr(body, "refresh_token=r-");
    int number = token != NULL ? atoi(token + strlen("refresh_token=r-")) : -1;
    if (renewals == 0 && waiting_count == 0)
        first_at = now();
    waiting[(first_waiting + waiting_count++) % CONNECTIONS_MOST] = (struct waiting){socket, number, now() + delay};
    answer_those_due();
}

static void act(int socket, const char *request, const char *body)
{
    if (is_for(request, "POST ")) {
        renew_later(socket, body);
    } else if (is_for(request, "GET /tally ")) {
        answer_tally(socket);
    } else if (is_for(request, "DELETE ")) {
        begin_anew();
        answer(socket, "text/plain", "begun anew\n");
    } else if (is_for(request, "GET /.well-known/openid-configuration ")) {
        answer_description(socket);
    } else if (strcasestr(request, "\r\nAuthorization: Bearer ") != NULL) {
        answer(socket, "text/plain", "ok\n");
    } else {
        answer_with(socket, "401 Unauthorized", "text/plain", "who are you?\n");
    }
}

/* Where the body of the first request ends; 0 while it is not there yet. */
static size_t end_of_request(struct connection *connection, char **body)
{
    connection->request[connection->length] = '\0';
    char *end = strstr(connection->request, "\r\n\r\n");
    if (end == NULL)
        return 0;
    *body = end + 4;
    char *field = strcasestr(connection->request, "\r\nContent-Length:");
    size_t length = field != NULL && field < end ? strtoul(field + strlen("\r\nContent-Length:"), NULL, 10) : 0;
    size_t whole = *body - connection->request + length;
    return whole <= connection->length ? whole : 0;
}

static void receive(int socket)
{
    struct connection *connection = &connections[socket];
    ssize_t count = recv(socket, connection->request + connection->length, REQUEST_MOST - 1 - connection->length, 0);
    if (count <= 0) {
        close(socket);
        return;
    }
    connection->length += count;
    char *body;
    for (size_t end; (end = end_of_request(connection, &body)) > 0;) {
        act(socket, connection->request, body);
        memmove(connection->request, connection->request + end, connection->length - end);
        connection->length -= end;
    }
}

static void accept_one(int listener)
{
    int on = 1, made = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    if (made < 0)
        return;
    if (made >= CONNECTIONS_MOST) {
        close(made);
        return;
    }
    setsockopt(made, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    connections[made].length = 0;
    struct epoll_event event = {.events = EPOLLIN, .data.fd = made};
    epoll_ctl(epoll, EPOLL_CTL_ADD, made, &event);
}

static int listen_somewhere(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) != 0 || listen(listener, 1024) != 0)
        exit(1);
    getsockname(listener, (struct sockaddr *)&address, &size);
    port = ntohs(address.sin_port);
    printf("%d\n", port);
    fflush(stdout);
    struct epoll_event event = {.events = EPOLLIN, .data.fd = listener};
    epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &event);
    return listener;
}

int main(int argc, char **argv)
{
    struct epoll_event events[EVENTS_MOST];
    delay = argc > 1 ? atoi(argv[1]) * 1000000LL : 0;
    epoll = epoll_create1(EPOLL_CLOEXEC);
    int listener = listen_somewhere();
    for (;;) {
        int patience = -1;
        if (waiting_count > 0) {
            long long left = waiting[first_waiting].due - now();
            patience = left > 0 ? (int)((left + 999999) / 1000000) : 0;
        }
        int ready = epoll_wait(epoll, events, EVENTS_MOST, patience);
        for (int i = 0; i < ready; i++)
            if (events[i].data.fd == listener)
                accept_one(listener);
            else
                receive(events[i].data.fd);
        answer_those_due();
    }
}
