/* The options a script set on a handle, as far as attaching has to know them: recorded by the overridden
   curl_easy_setopt, so that they can be reported, merged with and put back. */
#ifndef LANYARD_SCRIPT_H
#define LANYARD_SCRIPT_H

#include "libcurl.h"

#include <stdio.h>

enum text_option { TEXT_COOKIE, TEXT_NETRC_FILE, TEXT_PROXY, TEXT_NOPROXY, TEXT_REQUEST_TARGET, TEXT_COUNT };

/* Which of the options that make an Authorization field, or another we might attach, are set. */
enum credential_option {
    HAS_USER = 1,
    HAS_PASSWORD = 2,
    HAS_BEARER = 4,
    HAS_SIGV4 = 8,
    HAS_CREDENTIAL = 15,
    HAS_REFERER = 16,
    HAS_AUTO_REFERER = 32,
    HAS_UNIX_SOCKET = 64,
    HAS_ABSTRACT_SOCKET = 128,
    HAS_PRE_PROXY = 256,
    HAS_TLS_CALLBACK = 512, /* CURLOPT_SSL_CTX_FUNCTION may undo verification */
    HAS_COOKIE_ENGINE = 2048, /* -b FILE or -c: the script keeps its own cookies, also those that come back */
    HAS_USERINFO = 4096, /* the URL has an @, or is an object that may have */
    HAS_CONNECT_TO = 1024,  /* CURLOPT_CONNECT_TO: the peer need not be the URL's host, and over http the agent is told */
};

/* Where the request's body comes from, by the option that was set last, as in libcurl. */
enum body_source { BODY_NONE, BODY_FIELDS, BODY_READ, BODY_FORM };

struct script {
    curl_prereq_callback prereq;
    void *prereq_data;
    struct curl_slist *headers; /* the script's; to be looked into during a transfer only */
    char *texts[TEXT_COUNT];    /* copies; NULL where not set */
    unsigned has;
    unsigned long changes; /* counts those of what a question is made of, but for `headers` */
    long header_option, unrestricted_auth, netrc, port, path_as_is, verify_peer, verify_host, http_auth, follow, verbose;
    curl_debug_callback debug;
    void *debug_data;
    FILE *error_file; /* CURLOPT_STDERR */
    enum body_source body;
    bool has_fields; /* CURLOPT_POSTFIELDS */
    long timeout_ms; /* CURLOPT_TIMEOUT_MS or CURLOPT_TIMEOUT, whichever was set last; 0 for none */
    curl_off_t resume;
    curl_seek_callback seek;
    void *seek_data;
};

/* A value of the variadic curl_easy_setopt, by the option's CURLOPTTYPE range. */
struct option_value {
    enum { VALUE_LONG, VALUE_POINTER, VALUE_FUNCTION, VALUE_OFFSET } kind;
    long number;
    void *pointer;
    void (*function)(void);
    curl_off_t offset;
};

void script_init(struct script *script);
bool script_copy(struct script *to, const struct script *from);
void script_free(struct script *script);

/* Notes an option that libcurl accepted; all others are none of ours. */
void script_record(struct script *script, CURLoption option, const struct option_value *value);

#endif
