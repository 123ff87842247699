/* Asks the daemon as many programs at once would: `load SOCKET QUESTIONS CLIENTS SECONDS`.
 *
 * QUESTIONS is a file with a message on each line. Every client has a connection of its own and asks the next question
 * when it has the answer to the last. With SECONDS 0 each question is asked once. One process and one thread, so that of
 * two cores one is left to the daemon. Prints: answers, answers a second, and the 50th and 99th percentile in ns. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum { CLIENTS_MOST = 1024, ANSWERS_MOST = 16 << 20 };

struct client {
    int socket;
    long long asked;
};

static char **questions;
static size_t question_count, next_question, answer_count;
static unsigned *took;

static void fail(const char *what)
{
    fprintf(stderr, "load: %s\n", what);
    exit(1);
}

static long long now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static void read_questions(const char *path)
{
    FILE *file = fopen(path, "r");
    char *line = NULL;
    size_t room = 0;
    if (file == NULL)
        fail(path);
    for (ssize_t length; (length = getline(&line, &room, file)) > 0; question_count++) {
        line[strcspn(line, "\n")] = '\0';
        questions = realloc(questions, (question_count + 1) * sizeof *questions);
        questions[question_count] = strdup(line);
    }
    if (question_count == 0)
        fail("no question");
}

static int connect_to(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    strncpy(address.sun_path, path, sizeof address.sun_path - 1);
    int made = socket(AF_UNIX, SOCK_STREAM, 0);
    if (connect(made, (struct sockaddr *)&address, sizeof address) != 0)
        fail("nobody listens");
    return made;
}

static void ask(struct client *client)
{
    const char *question = questions[next_question++ % question_count];
    client->asked = now();
    if (send(client->socket, question, strlen(question) + 1, MSG_NOSIGNAL) < 0)
        fail("the daemon has hung up");
}

/* An answer comes in one piece, as far below the socket's buffer as it is. */
static void receive(struct client *client)
{
    static char answer[65536];
    ssize_t count = recv(client->socket, answer, sizeof answer, 0);
    if (count <= 0 || answer[count - 1] != '\0')
        fail("no answer");
    if (strstr(answer, "\"reason\":\"attached\"") == NULL)
        fail(answer);
    took[answer_count++] = now() - client->asked;
}

static int by_size(const void *left, const void *right)
{
    unsigned a = *(const unsigned *)left, b = *(const unsigned *)right;
    return a < b ? -1 : a > b;
}

int main(int argc, char **argv)
{
    static struct client clients[CLIENTS_MOST];
    struct epoll_event events[CLIENTS_MOST];
    if (argc != 5)
        fail("load SOCKET QUESTIONS CLIENTS SECONDS");
    read_questions(argv[2]);
    int count = atoi(argv[3]), epoll = epoll_create1(0);
    double seconds = atof(argv[4]);
    took = calloc(ANSWERS_MOST, sizeof *took);
    for (int i = 0; i < count; i++) {
        clients[i].socket = connect_to(argv[1]);
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = &clients[i]};
        epoll_ctl(epoll, EPOLL_CTL_ADD, clients[i].socket, &event);
    }
    long long start = now(), end = start + (long long)(seconds * 1e9);
    size_t most = seconds > 0 ? ANSWERS_MOST : question_count;
    for (int i = 0; i < count && next_question < most; i++)
        ask(&clients[i]);
    while (answer_count < most && (seconds == 0 || now() < end)) {
        int ready = epoll_wait(epoll, events, count, -1);
        for (int i = 0; i < ready && answer_count < most; i++) {
            receive(events[i].data.ptr);
            if (next_question < most)
                ask(events[i].data.ptr);
        }
    }
    double spent = (now() - start) / 1e9;
    qsort(took, answer_count, sizeof *took, by_size);
    printf("%zu %.0f %u %u\n", answer_count, answer_count / spent, took[answer_count / 2],
           took[answer_count - 1 - answer_count / 100]);
}
