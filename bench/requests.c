/* Many requests from one process: `requests COUNT URL [HEADER]`, one after the other over one connection. */
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>

static size_t drop(char *bytes, size_t size, size_t count, void *nothing)
{
    (void)bytes, (void)nothing;
    return size * count;
}

int main(int argc, char **argv)
{
    if (argc < 3)
        return 64;
    CURL *easy = curl_easy_init();
    curl_easy_setopt(easy, CURLOPT_URL, argv[2]);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, drop);
    curl_easy_setopt(easy, CURLOPT_FAILONERROR, 1L);
    if (argc > 3)
        curl_easy_setopt(easy, CURLOPT_HTTPHEADER, curl_slist_append(NULL, argv[3]));
    for (int left = atoi(argv[1]); left > 0; left--) {
        CURLcode code = curl_easy_perform(easy);
        if (code != CURLE_OK) {
            fprintf(stderr, "requests: %s\n", curl_easy_strerror(code));
            return 1;
        }
    }
    curl_easy_cleanup(easy);
}
