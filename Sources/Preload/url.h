/* A URL, taken apart by the process's own libcurl: another parser would see another host in some of them. */
#ifndef LANYARD_URL_H
#define LANYARD_URL_H

#include "buffer.h"
#include "libcurl.h"

/* HOST_SIZE: DNS names have 253 bytes at most. PATH_MOST: so that a question stays below the agent's limit. */
enum { HOST_SIZE = 256, PATH_MOST = 16 * 1024 };

struct target {
    char scheme[8]; /* http or https */
    char host[HOST_SIZE]; /* lower case, punycode, IPv6 without brackets */
    long port;
    char *path; /* as it will be sent, without the query */
};

struct script;

enum url_result {
    URL_READ,
    URL_OTHER_SCHEME, /* none of ours: FTP, WebSocket, a file */
    URL_UNUSABLE      /* cannot be read, or is too long */
};

/* The URL of the request that `easy` is about to send. `redirected`: it is not the one that the script named.
   `userinfo` is set when it has a user or a password. */
enum url_result url_of_request(const struct libcurl *curl, CURL *easy, const struct script *script, bool redirected,
                               struct target *target, bool *userinfo);

bool target_copy(struct target *to, const struct target *from);
void target_free(struct target *target);
void target_write(struct buffer *buffer, const struct target *target);

#endif
