/* What the script brings itself, which wins over ours. */
#ifndef LANYARD_BROUGHT_H
#define LANYARD_BROUGHT_H

#include "buffer.h"
#include "handle.h"

/* A JSON array of the names, in lower case, of the header fields the script brings. `Cookie` with a value is not among
   them, since ours is joined to it. */
void brought_write(struct buffer *buffer, const struct handle *handle, const char *host);

/* A JSON array of the names of the cookies the script brings for `host`. */
void brought_cookies_write(struct buffer *buffer, const struct handle *handle, const char *host);

/* The Host field of the script's, "" where it suppresses or doubles it; NULL where there is none. The length in
   `length`. */
const char *brought_host(const struct handle *handle, size_t *length);

/* The first entry of a name in a header list, `name` in lower case. */
const struct curl_slist *header_find(const struct curl_slist *headers, const char *name);

/* The value of an entry "Name: value", without white space around it; NULL where the entry has none. */
const char *header_value(const char *entry, size_t *length);

/* Whether the script brings a credential or a cookie that libcurl must not send to a host it redirects to. */
bool brought_secret(const struct handle *handle, const char *host);

#endif
