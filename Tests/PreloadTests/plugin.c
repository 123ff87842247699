/* A module that is linked with one of Debian's two libcurls, as pycurl is. `fetch` is 0 when a request was made, and by
   the libcurl that the module is bound to. */
#define _GNU_SOURCE
#include <curl/curl.h>
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

static Dl_info writer;

static size_t drop(char *bytes, size_t size, size_t count, void *data)
{
    (void)bytes, (void)data;
    dladdr(__builtin_return_address(0), &writer);
    return size * count;
}

int fetch(const char *url);

__attribute__((visibility("default"))) int fetch(const char *url)
{
    Dl_info bound;
    CURL *easy = curl_easy_init();
    if (easy == NULL)
        return 1;
    curl_easy_setopt(easy, CURLOPT_URL, url);
    curl_easy_setopt(easy, CURLOPT_USERAGENT, curl_version());
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, drop);
    CURLcode code = curl_easy_perform(easy);
    curl_easy_cleanup(easy);
    /* curl_version is not overridden: it is the module's own libcurl's. */
    if (code != CURLE_OK || dladdr((void *)curl_version, &bound) == 0)
        return 2;
    return writer.dli_fbase == bound.dli_fbase ? 0 : 3;
}
