/* A program that uses libcurl in the ways that could trip a preloaded library: `client WHAT URL [N│OPTION=VALUE…]`.
   Exit status 0 when the program saw what it would see without the library; the servers' records complete that. */
#define _GNU_SOURCE
#include <curl/curl.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#undef curl_easy_setopt
#undef curl_easy_getinfo

#define CHECK(condition) check((condition), #condition, __LINE__)

static const char *url;

static void check(int holds, const char *text, int line)
{
    if (holds)
        return;
    fprintf(stderr, "client.c:%d: not so: %s\n", line, text);
    exit(1);
}

static size_t drop(char *bytes, size_t size, size_t count, void *data)
{
    (void)bytes, (void)data;
    return size * count;
}

static CURL *make(void)
{
    CURL *easy = curl_easy_init();
    CHECK(easy != NULL);
    CHECK(curl_easy_setopt(easy, CURLOPT_URL, url) == CURLE_OK);
    CHECK(curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, drop) == CURLE_OK);
    return easy;
}

/* libcurl's own functions, around the preloaded library: they show what is really on a handle. */
static void *bare(const char *name)
{
    void *library = dlopen("libcurl.so.4", RTLD_LAZY | RTLD_NOLOAD);
    CHECK(library != NULL);
    void *function = dlsym(library, name);
    CHECK(function != NULL);
    return function;
}

/* What a handle would send by itself: a clone that the library never saw is performed. */
static CURLcode bare_perform(CURL *easy)
{
    CURL *(*clone)(CURL *) = bare("curl_easy_duphandle");
    CURLcode (*perform)(CURL *) = bare("curl_easy_perform");
    void (*cleanup)(CURL *) = bare("curl_easy_cleanup");
    CURL *unknown = clone(easy);
    CHECK(unknown != NULL);
    CURLcode code = perform(unknown);
    cleanup(unknown);
    return code;
}

/* Two transfers on a handle with a list, a cookie and a unified header option of its own, a clone, a reset. Each second
   request goes around the library: it must carry the script's own and nothing else. */
static void reuse(void)
{
    CURL *easy = make();
    char first[] = "X-Mine: 1", second[] = "X-Also: 2";
    struct curl_slist *list = curl_slist_append(curl_slist_append(NULL, first), second);
    struct curl_slist before[2] = {*list, *list->next};
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, list);
    curl_easy_setopt(easy, CURLOPT_COOKIE, "mine=1");
    curl_easy_setopt(easy, CURLOPT_HEADEROPT, (long)CURLHEADER_UNIFIED);
    CHECK(curl_easy_perform(easy) == CURLE_OK);
    CHECK(memcmp(before, (struct curl_slist[]){*list, *list->next}, sizeof before) == 0);
    CHECK(strcmp(list->data, first) == 0 && strcmp(list->next->data, second) == 0);
    CHECK(bare_perform(easy) == CURLE_OK);
    CURL *clone = curl_easy_duphandle(easy);
    CHECK(curl_easy_perform(clone) == CURLE_OK);
    CHECK(bare_perform(clone) == CURLE_OK);
    curl_easy_reset(easy);
    curl_slist_free_all(list);
    curl_easy_setopt(easy, CURLOPT_URL, url);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, drop);
    CHECK(curl_easy_perform(easy) == CURLE_OK);
    CHECK(bare_perform(easy) == CURLE_OK);
    curl_easy_cleanup(clone);
    curl_easy_cleanup(easy);
}

static int calls;

static int own_prereq(void *data, char *peer, char *local, int peer_port, int local_port)
{
    CHECK(data == &calls && peer[0] != '\0' && local[0] != '\0' && peer_port > 0 && local_port > 0);
    calls++;
    return CURL_PREREQFUNC_OK;
}

static int own_abort(void *data, char *peer, char *local, int peer_port, int local_port)
{
    (void)peer, (void)local, (void)peer_port, (void)local_port;
    CHECK(data == &calls);
    return CURL_PREREQFUNC_ABORT;
}

static void prereq(void)
{
    CURL *easy = make();
    curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, own_prereq);
    curl_easy_setopt(easy, CURLOPT_PREREQDATA, &calls);
    CHECK(curl_easy_perform(easy) == CURLE_OK);
    CHECK(calls == 1);
    CHECK(bare_perform(easy) == CURLE_OK);
    CHECK(calls == 2);
    curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, own_abort);
    CHECK(curl_easy_perform(easy) == CURLE_ABORTED_BY_CALLBACK);
    curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, NULL);
    CHECK(curl_easy_perform(easy) == CURLE_OK);
    CHECK(calls == 2);
    curl_easy_cleanup(easy);
}

/* A transfer that is refused and sent again leaves nothing on the handle that would be sent or would resend. */
static void refused(void)
{
    CURL *easy = make();
    CHECK(curl_easy_perform(easy) == CURLE_OK);
    CHECK(bare_perform(easy) == CURLE_OK);
    curl_easy_cleanup(easy);
}

static int told(CURL *easy, curl_infotype type, char *bytes, size_t length, void *data)
{
    CHECK(easy != NULL && data == &calls);
    calls++;
    if (type == CURLINFO_HEADER_OUT) {
        CHECK(memmem(bytes, length, "s3cr3t", 6) == NULL);
        CHECK(memmem(bytes, length, "Authorization: ***\r\n", 20) != NULL);
    }
    return 0;
}

/* A callback of the program's own, set before and in the middle, and libcurl's own printing. */
static void tells(void)
{
    CURL *easy = make();
    FILE *file = tmpfile();
    curl_easy_setopt(easy, CURLOPT_VERBOSE, 1L);
    curl_easy_setopt(easy, CURLOPT_DEBUGFUNCTION, told);
    curl_easy_setopt(easy, CURLOPT_DEBUGDATA, &calls);
    CHECK(curl_easy_perform(easy) == CURLE_OK && calls > 3);
    curl_easy_setopt(easy, CURLOPT_DEBUGFUNCTION, NULL);
    CHECK(curl_easy_perform(easy) == CURLE_OK);
    curl_easy_setopt(easy, CURLOPT_STDERR, file);
    calls = 0;
    CHECK(curl_easy_perform(easy) == CURLE_OK && calls == 0 && ftell(file) > 100);
    curl_easy_setopt(easy, CURLOPT_DEBUGFUNCTION, told);
    CURL *clone = curl_easy_duphandle(easy);
    curl_easy_cleanup(easy);
    CHECK(curl_easy_perform(clone) == CURLE_OK && calls > 3);
    curl_easy_cleanup(clone);
    fclose(file);
}

/* In the middle of a transfer: a clone, a list and a callback of the program's own. */
static struct curl_slist *late_list;

static size_t in_transfer(char *bytes, size_t size, size_t count, void *data)
{
    CURL *easy = data;
    (void)bytes;
    CURL *clone = curl_easy_duphandle(easy);
    curl_easy_setopt(clone, CURLOPT_WRITEFUNCTION, drop);
    CHECK(bare_perform(clone) == CURLE_OK);
    curl_easy_cleanup(clone);
    late_list = curl_slist_append(NULL, "X-Late: 1");
    CHECK(curl_easy_setopt(easy, CURLOPT_HTTPHEADER, late_list) == CURLE_OK);
    CHECK(curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, own_prereq) == CURLE_OK);
    CHECK(curl_easy_setopt(easy, CURLOPT_PREREQDATA, &calls) == CURLE_OK);
    CHECK(curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, drop) == CURLE_OK);
    return size * count;
}

static void middle(void)
{
    CURL *easy = make();
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, in_transfer);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, easy);
    CHECK(curl_easy_perform(easy) == CURLE_OK);
    CHECK(bare_perform(easy) == CURLE_OK);
    CHECK(calls == 1);
    curl_easy_cleanup(easy);
    curl_slist_free_all(late_list);
}

static size_t between_hops(char *bytes, size_t size, size_t count, void *data)
{
    (void)bytes;
    CHECK(curl_easy_setopt(data, CURLOPT_PREREQFUNCTION, own_prereq) == CURLE_OK);
    CHECK(curl_easy_setopt(data, CURLOPT_PREREQDATA, &calls) == CURLE_OK);
    return size * count;
}

/* A callback of the program's own that it sets between two hops does not displace the library's. */
static void late(void)
{
    CURL *easy = make();
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 1L);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, between_hops);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, easy);
    CHECK(curl_easy_perform(easy) == CURLE_OK);
    CHECK(calls == 1);
    curl_easy_cleanup(easy);
}

static void forks(void)
{
    CURL *easy = make();
    int status;
    CHECK(curl_easy_perform(easy) == CURLE_OK);
    pid_t child = fork();
    if (child == 0) {
        CURL *own = make();
        curl_easy_setopt(own, CURLOPT_USERAGENT, "child");
        CHECK(curl_easy_perform(own) == CURLE_OK);
        curl_easy_cleanup(own);
        _exit(0);
    }
    CHECK(waitpid(child, &status, 0) == child && status == 0);
    CHECK(curl_easy_perform(easy) == CURLE_OK);
    curl_easy_cleanup(easy);
}

static void *in_thread(void *data)
{
    long number = (long)data;
    char text[64];
    CURL *easy = make();
    snprintf(text, sizeof text, "X-Thread: %ld", number);
    struct curl_slist *list = curl_slist_append(NULL, text);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, list);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    for (int i = 0; i < 4; i++)
        CHECK(curl_easy_perform(easy) == CURLE_OK);
    curl_easy_cleanup(easy);
    curl_slist_free_all(list);
    return NULL;
}

static void threads(long count)
{
    pthread_t thread[64];
    curl_global_init(CURL_GLOBAL_ALL);
    for (long i = 0; i < count; i++)
        CHECK(pthread_create(&thread[i], NULL, in_thread, (void *)i) == 0);
    for (long i = 0; i < count; i++)
        pthread_join(thread[i], NULL);
}

static size_t until_cancelled(char *bytes, size_t size, size_t count, void *data)
{
    (void)bytes;
    sem_post(data);
    for (;;)
        pause();
    return size * count;
}

static void *to_be_cancelled(void *easy)
{
    curl_easy_perform(easy);
    return NULL;
}

/* A thread that is cancelled in the middle of a transfer unwinds its stack through the library. */
static void cancel(void)
{
    CURL *easy = make();
    pthread_t thread;
    void *result;
    sem_t reached;
    sem_init(&reached, 0, 0);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, until_cancelled);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, &reached);
    CHECK(pthread_create(&thread, NULL, to_be_cancelled, easy) == 0);
    sem_wait(&reached);
    CHECK(pthread_cancel(thread) == 0);
    CHECK(pthread_join(thread, &result) == 0 && result == PTHREAD_CANCELED);
}

static void turn(CURLM *multi)
{
    int running = 1;
    while (running > 0) {
        CHECK(curl_multi_perform(multi, &running) == CURLM_OK);
        if (running > 0)
            curl_multi_poll(multi, NULL, 0, 100, NULL);
    }
}

/* Three handles in a loop of the program's own; one is removed unread, one left to the cleanup, then all are used
   again around the library. */
static void multi(void)
{
    CURLM *multi = curl_multi_init();
    CURL *easy[3];
    int left, done = 0;
    for (int i = 0; i < 3; i++) {
        easy[i] = make();
        CHECK(curl_multi_add_handle(multi, easy[i]) == CURLM_OK);
        CHECK(curl_multi_add_handle(multi, easy[i]) == CURLM_ADDED_ALREADY);
    }
    turn(multi);
    curl_multi_remove_handle(multi, easy[2]);
    for (CURLMsg *message; (message = curl_multi_info_read(multi, &left)) != NULL; done++)
        CHECK(message->data.result == CURLE_OK);
    CHECK(done == 2);
    curl_multi_remove_handle(multi, easy[0]);
    CHECK(curl_multi_add_handle(multi, easy[0]) == CURLM_OK);
    turn(multi);
    CHECK(curl_multi_cleanup(multi) == CURLM_OK);
    for (int i = 0; i < 3; i++) {
        CHECK(bare_perform(easy[i]) == CURLE_OK);
        curl_easy_cleanup(easy[i]);
    }
}

/* A daemon's way: closes all it does not know, and opens files under the numbers. */
static void closes(void)
{
    struct stat status;
    CURL *easy = make();
    CHECK(curl_easy_perform(easy) == CURLE_OK);
    curl_easy_cleanup(easy);
    for (int i = 3; i < 64; i++)
        close(i);
    FILE *file = tmpfile();
    for (int i = 0; i < 20; i++)
        CHECK(dup(fileno(file)) >= 0);
    ino_t inode = (fstat(fileno(file), &status), status.st_ino);
    easy = make();
    CHECK(curl_easy_perform(easy) == CURLE_OK);
    CHECK(fstat(fileno(file), &status) == 0 && status.st_size == 0);
    curl_easy_cleanup(easy);
    for (int i = fileno(file); i < fileno(file) + 20; i++)
        CHECK(fstat(i, &status) == 0 && status.st_ino == inode);
}

static void loop(long count, long follow)
{
    CURL *easy = make();
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, follow);
    for (long i = 0; i < count; i++)
        CHECK(curl_easy_perform(easy) == CURLE_OK);
    curl_easy_cleanup(easy);
}

/* The same URL again and again, with options between that change what is sent where. */
static void again(void)
{
    CURL *easy = make();
    char user[256];
    CHECK(snprintf(user, sizeof user, "http://me:secret@%s", url + strlen("http://")) < (int)sizeof user);
    CHECK(curl_easy_perform(easy) == CURLE_OK);
    CHECK(curl_easy_perform(easy) == CURLE_OK);
    curl_easy_setopt(easy, CURLOPT_REQUEST_TARGET, "/other");
    CHECK(curl_easy_perform(easy) == CURLE_OK);
    curl_easy_setopt(easy, CURLOPT_REQUEST_TARGET, NULL);
    curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);
    CHECK(curl_easy_perform(easy) == CURLE_OK);
    curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 0L);
    CHECK(curl_easy_perform(easy) == CURLE_OK);
    curl_easy_setopt(easy, CURLOPT_URL, user);
    CHECK(curl_easy_perform(easy) == CURLE_OK);
    CHECK(curl_easy_perform(easy) == CURLE_OK);
    curl_easy_setopt(easy, CURLOPT_URL, url);
    CURL *clone = curl_easy_duphandle(easy);
    CHECK(curl_easy_perform(clone) == CURLE_OK);
    CHECK(curl_easy_perform(easy) == CURLE_OK);
    curl_easy_reset(easy);
    curl_easy_setopt(easy, CURLOPT_URL, url);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, drop);
    curl_easy_setopt(easy, CURLOPT_PORT, atol(strrchr(url, ':') + 1));
    CHECK(curl_easy_perform(easy) == CURLE_OK);
    curl_easy_cleanup(clone);
    curl_easy_cleanup(easy);
}

static CURLcode own_tls(CURL *easy, void *context, void *data)
{
    (void)easy, (void)context, (void)data;
    return CURLE_OK;
}

/* One transfer with the options that the words name, which the curl tool cannot set. */
static void with(char **words)
{
    CURL *easy = make();
    struct curl_slist *list = NULL;
    for (; *words != NULL; words++) {
        char *value = strchr(*words, '=');
        CHECK(value != NULL);
        *value++ = '\0';
        if (strcmp(*words, "port") == 0)
            curl_easy_setopt(easy, CURLOPT_PORT, atol(value));
        else if (strcmp(*words, "verify-host") == 0)
            curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, atol(value));
        else if (strcmp(*words, "verify-peer") == 0)
            curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, atol(value));
        else if (strcmp(*words, "tls-callback") == 0)
            curl_easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION, own_tls);
        else if (strcmp(*words, "header-option") == 0)
            curl_easy_setopt(easy, CURLOPT_HEADEROPT, atol(value));
        else if (strcmp(*words, "follow") == 0)
            curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, atol(value));
        else if (strcmp(*words, "ca") == 0)
            curl_easy_setopt(easy, CURLOPT_CAINFO, value);
        else if (strcmp(*words, "proxy") == 0)
            curl_easy_setopt(easy, CURLOPT_PROXY, value);
        else if (strcmp(*words, "no-proxy") == 0)
            curl_easy_setopt(easy, CURLOPT_NOPROXY, value);
        else
            list = curl_slist_append(list, value);
    }
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, list);
    CHECK(curl_easy_perform(easy) == CURLE_OK);
    curl_easy_cleanup(easy);
    curl_slist_free_all(list);
}

/* What stays set between transfers must not be seen in the next one, nor in a clone. */
static void between(void)
{
    CURL *easy = make();
    for (int i = 0; i < 3; i++)
        CHECK(curl_easy_perform(easy) == CURLE_OK);
    CURL *clone = curl_easy_duphandle(easy);
    curl_easy_setopt(easy, CURLOPT_USERPWD, "me:secret");
    CHECK(curl_easy_perform(easy) == CURLE_OK);
    CHECK(curl_easy_perform(clone) == CURLE_OK);
    curl_easy_cleanup(clone);
    curl_easy_cleanup(easy);
}

/* Errors are libcurl's own. */
static void null(void)
{
    curl_easy_cleanup(NULL);
    CHECK(curl_easy_setopt(NULL, CURLOPT_URL, url) == CURLE_BAD_FUNCTION_ARGUMENT);
    CHECK(curl_easy_perform(NULL) == CURLE_BAD_FUNCTION_ARGUMENT);
    CHECK(curl_multi_add_handle(NULL, NULL) == CURLM_BAD_HANDLE);
    CHECK(curl_multi_remove_handle(NULL, NULL) == CURLM_BAD_HANDLE);
    CHECK(curl_multi_cleanup(NULL) == CURLM_BAD_HANDLE);
}

int main(int count, char **words)
{
    long number = count > 3 ? atol(words[3]) : 0;
    if (count < 3)
        return 64;
    const char *what = words[1];
    url = words[2];
    static const struct {
        const char *name;
        void (*run)(void);
    } all[] = {{"reuse", reuse}, {"again", again}, {"prereq", prereq}, {"middle", middle}, {"late", late},
               {"forks", forks}, {"multi", multi}, {"closes", closes}, {"null", null}, {"cancel", cancel}, {"refused", refused}, {"told", tells},
               {"between", between}};
    if (strcmp(what, "threads") == 0)
        threads(number);
    if (strcmp(what, "with") == 0)
        with(words + 3);
    if (strcmp(what, "loop") == 0)
        loop(number, 0);
    if (strcmp(what, "follow") == 0)
        loop(number, 1);
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        if (strcmp(what, all[i].name) == 0)
            all[i].run();
    curl_global_cleanup();
    return 0;
}
