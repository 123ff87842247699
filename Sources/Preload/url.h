/* A URL, taken apart by the process's own libcurl: another parser would see another host in some of them. */
#ifndef LANYARD_URL_H
#define LANYARD_URL_H

#include "libcurl.h"

/* HOST_SIZE: DNS names have 253 bytes at most. PATH_MOST: so that a question stays below the agent's limit. */
enum { HOST_SIZE = 256, PATH_MOST = 16 * 1024 };

/* Not changed once it is read: a handle's transfers share it. */
struct target {
    int references;
    char scheme[8]; /* http or https */
    char host[HOST_SIZE]; /* lower case, punycode, IPv6 without brackets */
    long port;
    char *text; /* it as a Target of the agent's, in JSON: with the path as it will be sent, without the query */
};

/* The URL of a handle's last request and what was read in it: most programs send the next one there too. */
struct kept_url {
    char *url; /* NULL where none is kept */
    struct target *target;
    bool userinfo;
};

struct handle;

enum url_result {
    URL_READ,
    URL_OTHER_SCHEME, /* none of ours: FTP, WebSocket, a file */
    URL_UNUSABLE      /* cannot be read, or is too long */
};

/* Reads the URL of the request that the handle is about to send as its hop's target, and notes a user or a password
   in it in its transfer. The same URL again gives the same target. */
enum url_result url_of_request(struct handle *handle);

/* Drops the kept URL, which may have secrets in it. */
void url_forget(struct kept_url *kept);

/* One more reference; NULL for NULL. Of one handle, so one thread's at a time. */
struct target *target_share(struct target *target);
void target_release(struct target *target);

#endif
