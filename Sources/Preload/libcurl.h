/* The real libcurl behind the overridden functions. A process may hold more than one: Debian's OpenSSL and GnuTLS
   builds side by side. A handle belongs to the one that made it. */
#ifndef LANYARD_LIBCURL_H
#define LANYARD_LIBCURL_H

#define CURL_DISABLE_TYPECHECK
#define CURL_DISABLE_DEPRECATION
#include <curl/curl.h>
#include <stdbool.h>

/* A macro over the variadic function, which the library defines. */
#undef curl_easy_setopt

struct libcurl {
    const void *base; /* where it is loaded: tells one libcurl from another */
    unsigned version; /* 0x075801 is 7.88.1 */
    CURL *(*easy_init)(void);
    CURL *(*easy_duphandle)(CURL *);
    void (*easy_reset)(CURL *);
    void (*easy_cleanup)(CURL *);
    CURLcode (*easy_perform)(CURL *);
    CURLcode (*easy_setopt)(CURL *, CURLoption, ...);
    CURLcode (*easy_getinfo)(CURL *, CURLINFO, ...);
    CURLMcode (*multi_add_handle)(CURLM *, CURL *);
    CURLMcode (*multi_remove_handle)(CURLM *, CURL *);
    CURLMsg *(*multi_info_read)(CURLM *, int *);
    CURLMcode (*multi_cleanup)(CURLM *);
    CURLU *(*url)(void);
    void (*url_cleanup)(CURLU *);
    CURLUcode (*url_get)(const CURLU *, CURLUPart, char **, unsigned int);
    CURLUcode (*url_set)(CURLU *, CURLUPart, const char *, unsigned int);
    void (*free)(void *);
    void (*slist_free_all)(struct curl_slist *);
    /* 7.84 and later, else NULL */
    CURLHcode (*easy_header)(CURL *, const char *, size_t, unsigned int, int, struct curl_header **);
};

/* The pre-request callback is 7.80's: an older libcurl is passed through untouched. */
bool libcurl_attaches(const struct libcurl *curl);

/* The libcurl that the code at `return_address` is bound to; NULL where none can be found. */
const struct libcurl *libcurl_of_caller(const void *return_address);

/* Whether the code at `return_address` is that libcurl itself: it makes handles of its own, for each multi handle and
   for DNS over HTTPS, and closes them without the overridden function. */
bool libcurl_is_caller(const struct libcurl *curl, const void *return_address);

#endif
