/* libcurl, and typed stand-ins for its variadic functions, which Swift does not import. */
#ifndef LANYARD_CCURL_SHIM_H
#define LANYARD_CCURL_SHIM_H

#include <curl/curl.h>
#include <dlfcn.h>
#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* libcurl copies headers, bodies and URLs into memory of its own. What it frees is zeroed, so that no token stays behind.
   malloc_usable_size and not a size of ours: free is told none. */

static inline void lanyard_curl_free(void *block) {
    if (block) explicit_bzero(block, malloc_usable_size(block));
    free(block);
}

/* realloc may move a block and leave the old bytes: moved here by hand. */
static inline void *lanyard_curl_realloc(void *block, size_t size) {
    if (!block) return malloc(size);
    size_t usable = malloc_usable_size(block);
    if (size && size <= usable) return block;
    void *moved = malloc(size);
    if (!moved) return NULL;
    memcpy(moved, block, usable < size ? usable : size);
    lanyard_curl_free(block);
    return moved;
}

/* curl_global_init_mem with the allocator above. */
static inline CURLcode lanyard_curl_global_init(void) {
    return curl_global_init_mem(
        CURL_GLOBAL_DEFAULT, malloc, lanyard_curl_free, lanyard_curl_realloc, strdup, calloc);
}

/* The certificate file libcurl was built to use (told since 7.70), or NULL. */
static inline const char *lanyard_curl_built_in_cainfo(void) {
    const curl_version_info_data *version = curl_version_info(CURLVERSION_NOW);
    return version->age >= CURLVERSION_SEVENTH ? version->cainfo : NULL;
}

/* curl_easy_setopt, by the type of the option's value. */

static inline CURLcode lanyard_setopt_long(CURL *easy, CURLoption option, long value) {
    return curl_easy_setopt(easy, option, value);
}

static inline CURLcode lanyard_setopt_size(CURL *easy, CURLoption option, curl_off_t value) {
    return curl_easy_setopt(easy, option, value);
}

static inline CURLcode lanyard_setopt_string(CURL *easy, CURLoption option, const char *value) {
    return curl_easy_setopt(easy, option, value);
}

static inline CURLcode lanyard_setopt_pointer(CURL *easy, CURLoption option, void *value) {
    return curl_easy_setopt(easy, option, value);
}

/* CURLOPT_CAINFO_BLOB: the certificates are copied. */
static inline CURLcode lanyard_setopt_authorities(CURL *easy, const void *pem, size_t length) {
    struct curl_blob blob = {(void *)pem, length, CURL_BLOB_COPY};
    return curl_easy_setopt(easy, CURLOPT_CAINFO_BLOB, &blob);
}

/* CURLOPT_HTTPHEADER: the list is not copied. */
static inline CURLcode lanyard_setopt_headers(CURL *easy, struct curl_slist *headers) {
    return curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
}

/* CURLOPT_WRITEFUNCTION and CURLOPT_HEADERFUNCTION. */
static inline CURLcode lanyard_setopt_receiver(CURL *easy, CURLoption option, curl_write_callback callback) {
    return curl_easy_setopt(easy, option, callback);
}

/* CURLOPT_READFUNCTION. */
static inline CURLcode lanyard_setopt_reader(CURL *easy, curl_read_callback callback) {
    return curl_easy_setopt(easy, CURLOPT_READFUNCTION, callback);
}

/* CURLOPT_SEEKFUNCTION. */
static inline CURLcode lanyard_setopt_seeker(CURL *easy, curl_seek_callback callback) {
    return curl_easy_setopt(easy, CURLOPT_SEEKFUNCTION, callback);
}

/* CURLOPT_SSL_CTX_FUNCTION: has OpenSSL (3.0) zero what it has decrypted once libcurl has read it; it frees its buffers
   as they are, and its own allocator can be replaced only before the first allocation, which some library of libcurl's
   makes as it is loaded. The function is looked up, for linking it would tie us to one of the TLS libraries. */
static inline CURLcode lanyard_cleanse_plaintext(CURL *easy, void *context, void *data) {
    typedef uint64_t set_options(void *, uint64_t);
    (void)easy, (void)data;
    set_options *set = (set_options *)dlsym(NULL, "SSL_CTX_set_options");
    if (set) set(context, (uint64_t)1 << 1 /* SSL_OP_CLEANSE_PLAINTEXT */);
    return CURLE_OK;
}

/* Nothing where libcurl's TLS library is not OpenSSL 3. */
static inline CURLcode lanyard_setopt_cleanse_plaintext(CURL *easy) {
    const char *library = curl_version_info(CURLVERSION_NOW)->ssl_version;
    if (!library || strncmp(library, "OpenSSL/3", 9) != 0) return CURLE_OK;
    return curl_easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION, lanyard_cleanse_plaintext);
}

/* CURLOPT_PROTOCOLS_STR (7.85), and before that its predecessor: http and https alone. */
static inline CURLcode lanyard_setopt_http_only(CURL *easy) {
#if LIBCURL_VERSION_NUM >= 0x075500
    return curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
#else
    return curl_easy_setopt(easy, CURLOPT_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
}

/* CURLOPT_QUICK_EXIT (7.87): a transfer that is given up does not wait for its name lookup. 0 where there is none. */
static inline CURLcode lanyard_setopt_quick_exit(CURL *easy) {
#if LIBCURL_VERSION_NUM >= 0x075700
    return curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
#else
    (void)easy;
    return CURLE_OK;
#endif
}

/* curl_easy_getinfo of a long; 0 where it fails. */
static inline long lanyard_getinfo_long(CURL *easy, CURLINFO info) {
    long value = 0;
    return curl_easy_getinfo(easy, info, &value) == CURLE_OK ? value : 0;
}

/* curl_multi_setopt, by the type of the option's value. */

static inline CURLMcode lanyard_multi_setopt_long(CURLM *multi, CURLMoption option, long value) {
    return curl_multi_setopt(multi, option, value);
}

static inline CURLMcode lanyard_multi_setopt_socket(CURLM *multi, curl_socket_callback callback, void *data) {
    CURLMcode code = curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, data);
    return code ? code : curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, callback);
}

static inline CURLMcode lanyard_multi_setopt_timer(CURLM *multi, curl_multi_timer_callback callback, void *data) {
    CURLMcode code = curl_multi_setopt(multi, CURLMOPT_TIMERDATA, data);
    return code ? code : curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, callback);
}

/* curl_multi_info_read, without its union: the next transfer that is done, or NULL. */
static inline CURL *lanyard_multi_next_done(CURLM *multi, CURLcode *result) {
    int left = 0;
    for (CURLMsg *message; (message = curl_multi_info_read(multi, &left));) {
        if (message->msg != CURLMSG_DONE) continue;
        *result = message->data.result;
        return message->easy_handle;
    }
    return NULL;
}

/* CURLU_PUNYCODE (7.88): a host name as it is looked up. Before that libcurl gives it as written. */
#ifdef CURLU_PUNYCODE
#define LANYARD_CURLU_PUNYCODE CURLU_PUNYCODE
#else
#define LANYARD_CURLU_PUNYCODE 0
#endif

#endif
