/* libcurl's own cookie engine: `cookies COUNT ROUNDS` prints the nanoseconds that finding the cookies of one URL takes in
   a jar of COUNT, a line a round. The jar is the one of CookieBench.

   The engine has no interface of its own; in the static library its functions can be reached. It needs nothing of a
   transfer but settings, which are all zero here, so that the library's own libraries need not be there. The median of
   the time is libcurl's at its best: it does not write the Cookie line that ours is asked for. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

struct Curl_easy;
struct CookieInfo;
struct Cookie;
struct CookieInfo *Curl_cookie_init(struct Curl_easy *data, const char *file, struct CookieInfo *inc, bool running);
struct Cookie *Curl_cookie_add(struct Curl_easy *data, struct CookieInfo *jar, bool header, bool noexpire,
                               const char *line, const char *domain, const char *path, bool secure);
struct Cookie *Curl_cookie_getlist(struct Curl_easy *data, struct CookieInfo *jar, const char *host, const char *path,
                                   bool secure);
void Curl_cookie_freelist(struct Cookie *cookies);

enum { SETTINGS = 1 << 20, REPEATS = 200, OWN = 10, DOMAINS = 999 };

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1e9 + time.tv_nsec;
}

static void add(struct Curl_easy *data, struct CookieInfo *jar, int host, int number)
{
    char line[256];
    snprintf(line, sizeof line, "www.d%d.com\tFALSE\t/\tTRUE\t4000000000\tname%d\tvalue-of-a-session-%d", host, number,
             number);
    if (Curl_cookie_add(data, jar, false, true, line, NULL, NULL, true) == NULL)
        exit(1);
}

int main(int argc, char **argv)
{
    int count = argc > 2 ? atoi(argv[1]) : 0, rounds = argc > 2 ? atoi(argv[2]) : 0;
    struct Curl_easy *data = calloc(1, SETTINGS);
    struct CookieInfo *jar = Curl_cookie_init(data, NULL, NULL, true);
    for (int i = 0; i < count; i++)
        add(data, jar, i < OWN ? 0 : 1 + i % DOMAINS, i);
    for (int round = 0; round < rounds; round++) {
        double start = now();
        for (int i = 0; i < REPEATS; i++) {
            struct Cookie *found = Curl_cookie_getlist(data, jar, "www.d0.com", "/api/orders", true);
            if (found == NULL)
                return 1;
            Curl_cookie_freelist(found);
        }
        printf("%.0f\n", (now() - start) / REPEATS);
    }
}
