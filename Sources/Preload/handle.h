/* What the library keeps for each easy handle: what the script set, and the transfer that is running. libcurl lets one
   thread at a time use a handle, so only the table is locked, not its entries. */
#ifndef LANYARD_HANDLE_H
#define LANYARD_HANDLE_H

#include "libcurl.h"
#include "answer.h"
#include "buffer.h"
#include "script.h"
#include "url.h"

/* The request being sent, or the one before the callback runs again. */
struct hop {
    struct answer *answer; /* what it carried: a session's, at its version then; NULL where nothing was attached */
    struct target *target; /* its URL; NULL where it could not be read */
    int request;          /* libcurl's number of it, for curl_easy_header */
    bool armed;           /* libcurl sends it again at a 401 */
    const char *mask_rest; /* where in one of its values the last part of the request that was told of ended */
};

/* The question about a transfer's first request and what it was made of: a program that sends the next one alike asks
   the same. */
struct kept_question {
    struct buffer text;
    struct target *target; /* NULL where nothing is kept */
    unsigned long changes; /* the script's, then */
    struct buffer headers; /* the script's list */
    struct buffer files;   /* the directory's */
    char method[16];
    char peer[46]; /* INET6_ADDRSTRLEN; empty where it is none */
    int peer_port;
    bool proxied;
};

struct transfer {
    bool running;
    bool in_multi;       /* somebody's event loop runs it; else curl_easy_perform */
    int callbacks;       /* how often the callback ran */
    long redirects;      /* followed so far, without the resends */
    long resends;        /* after a 401: one at most */
    long refused;        /* the session's version that the 401 was for, while the resend is asked about; else 0 */
    bool left;           /* a hop left the session's protection space, or may have */
    bool userinfo;       /* a URL of this transfer had a user or a password in it */
    struct target *start; /* the URL the script named */
    struct hop hop;
    struct joined_list *list; /* the header list in place of the script's */
    bool cookie_set, separated, unrestricted, masking; /* options in place of the script's */
};

struct handle {
    CURL *easy;
    const struct libcurl *curl;
    struct script script;
    struct transfer transfer;
    /* Options in place of the script's that stay so between transfers, since the next one most likely wants the same: the
       callback, and what has libcurl send a request again. */
    bool called_back, prepared, with_token;
    struct kept_url kept_url;
    struct kept_question kept_question;
    CURLM *multi; /* the multi handle its transfer runs in; with `next`, guarded by the lock */
    struct handle *next;
};

/* NULL for a handle that was not made through the overridden functions: libcurl's own for DNS over HTTPS, say. */
struct handle *handle_find(CURL *easy);

/* Remembers a new handle, with the script's options of `like` where that is given. Without memory, or in a setuid
   program, it stays unknown and is passed through. */
struct handle *handle_add(CURL *easy, const struct libcurl *curl, const struct handle *like);

/* Takes a handle out of the table; handle_free gives its memory back. */
struct handle *handle_remove(CURL *easy);
void handle_free(struct handle *handle);

/* Notes in which multi handle a handle's transfer runs; NULL for none. */
void handle_set_multi(struct handle *handle, CURLM *multi);

/* Any handle whose transfer runs in this multi handle; NULL for none. */
struct handle *handle_in_multi(CURLM *multi);

#endif
