/* A program with a loop of its own, on epoll and curl_multi_socket_action: `event_loop URL COUNT`. It uses COUNT handles
   at a time, each twice, with callbacks and data of its own on them, and checks that these are what it set. */
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>

enum { MOST = 64 };

static int poller;
static long timeout = -1;
static long written[MOST], asked[MOST];

static void check(int holds, const char *what)
{
    if (holds)
        return;
    fprintf(stderr, "event_loop.c: not so: %s\n", what);
    exit(1);
}

static int on_socket(CURL *easy, curl_socket_t socket, int what, void *data, void *known)
{
    struct epoll_event event = {.data.fd = socket};
    (void)easy, (void)data, (void)known;
    epoll_ctl(poller, EPOLL_CTL_DEL, socket, NULL);
    if (what == CURL_POLL_REMOVE)
        return 0;
    event.events = (what & CURL_POLL_IN ? EPOLLIN : 0u) | (what & CURL_POLL_OUT ? EPOLLOUT : 0u);
    return epoll_ctl(poller, EPOLL_CTL_ADD, socket, &event);
}

static int on_timer(CURLM *multi, long milliseconds, void *data)
{
    (void)multi, (void)data;
    timeout = milliseconds;
    return 0;
}

static size_t on_body(char *bytes, size_t size, size_t count, void *data)
{
    (void)bytes;
    *(long *)data += (long)(size * count);
    return size * count;
}

static int before_request(void *data, char *peer, char *local, int peer_port, int local_port)
{
    check(peer[0] != '\0' && local[0] != '\0' && peer_port > 0 && local_port > 0, "the callback's arguments");
    ++*(long *)data;
    return CURL_PREREQFUNC_OK;
}

static void finish(CURLM *multi, int *left)
{
    int queued;
    for (CURLMsg *message; (message = curl_multi_info_read(multi, &queued)) != NULL;) {
        CURL *easy = message->easy_handle;
        char *number;
        check(message->data.result == CURLE_OK, "the transfer is well");
        curl_easy_getinfo(easy, CURLINFO_PRIVATE, &number);
        --*left;
        curl_multi_remove_handle(multi, easy);
        check(written[(long)number] == 2 * asked[(long)number], "body and callback are this handle's");
        if (asked[(long)number] == 1)
            check(curl_multi_add_handle(multi, easy) == CURLM_OK, "it is used again");
        else
            curl_easy_cleanup(easy);
    }
}

static void run(CURLM *multi, int *left)
{
    struct epoll_event events[MOST];
    int running;
    while (*left > 0) {
        int count = epoll_wait(poller, events, MOST, timeout < 0 || timeout > 1000 ? 1000 : (int)timeout);
        if (count == 0)
            curl_multi_socket_action(multi, CURL_SOCKET_TIMEOUT, 0, &running);
        for (int i = 0; i < count; i++) {
            int what = (events[i].events & EPOLLIN ? CURL_CSELECT_IN : 0) | (events[i].events & EPOLLOUT ? CURL_CSELECT_OUT : 0)
                | (events[i].events & (EPOLLERR | EPOLLHUP) ? CURL_CSELECT_ERR : 0);
            curl_multi_socket_action(multi, events[i].data.fd, what, &running);
        }
        finish(multi, left);
    }
}

int main(int count, char **words)
{
    int handles = count == 3 ? atoi(words[2]) : 0, left = 2 * handles;
    CURLM *multi = curl_multi_init();
    check(handles > 0 && handles <= MOST, "1 to 64 handles");
    poller = epoll_create1(EPOLL_CLOEXEC);
    curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, on_socket);
    curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, on_timer);
    for (long i = 0; i < handles; i++) {
        CURL *easy = curl_easy_init();
        curl_easy_setopt(easy, CURLOPT_URL, words[1]);
        curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
        curl_easy_setopt(easy, CURLOPT_WRITEDATA, &written[i]);
        curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, before_request);
        curl_easy_setopt(easy, CURLOPT_PREREQDATA, &asked[i]);
        curl_easy_setopt(easy, CURLOPT_PRIVATE, (char *)i);
        check(curl_multi_add_handle(multi, easy) == CURLM_OK, "a handle is added");
    }
    run(multi, &left);
    curl_multi_cleanup(multi);
    curl_global_cleanup();
    return 0;
}
