#ifndef LANYARD_NETRC_H
#define LANYARD_NETRC_H

#include <stdbool.h>

/* Whether the netrc file has an entry for `host`: its own or `default`. `path` is CURLOPT_NETRC_FILE's; NULL means
   ~/.netrc. A file that cannot be read has none; one past curl's limits counts as one that has: the script's wins. */
bool netrc_names(const char *path, const char *host);

#endif
