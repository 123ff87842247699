/* The bare requests of many renewals: `renewals COUNT WIDTH URL` posts as many refresh tokens, WIDTH at a time, each over
 * a connection of its own, as the daemon does, and does nothing with what comes back. */
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>

static size_t drop(char *bytes, size_t size, size_t count, void *nothing)
{
    (void)bytes, (void)nothing;
    return size * count;
}

static void post(CURLM *multi, CURL *easy, const char *url, int number)
{
    char body[128];
    snprintf(body, sizeof body, "grant_type=refresh_token&refresh_token=r-%d-bare&client_id=bench", number);
    curl_easy_setopt(easy, CURLOPT_URL, url);
    curl_easy_setopt(easy, CURLOPT_COPYPOSTFIELDS, body);
    curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, drop);
    curl_easy_setopt(easy, CURLOPT_FAILONERROR, 1L);
    curl_multi_add_handle(multi, easy);
}

int main(int argc, char **argv)
{
    if (argc != 4)
        return 64;
    int count = atoi(argv[1]), width = atoi(argv[2]), begun = 0, running = 1;
    CURLM *multi = curl_multi_init();
    while (begun < width && begun < count)
        post(multi, curl_easy_init(), argv[3], begun++);
    while (running > 0) {
        CURLMsg *message;
        int left;
        curl_multi_perform(multi, &running);
        while ((message = curl_multi_info_read(multi, &left)) != NULL) {
            CURL *easy = message->easy_handle;
            if (message->data.result != CURLE_OK) {
                fprintf(stderr, "renewals: %s\n", curl_easy_strerror(message->data.result));
                return 1;
            }
            curl_multi_remove_handle(multi, easy);
            if (begun < count) {
                post(multi, easy, argv[3], begun++);
                running++;
            }
        }
        if (running > 0)
            curl_multi_poll(multi, NULL, 0, 1000, NULL);
    }
}
