#ifndef LANYARD_PROXY_H
#define LANYARD_PROXY_H

#include "handle.h"

/* Whether the connection for `target` goes through a proxy; yes where that is in doubt, since nothing is attached
   then. */
bool proxy_in_use(const struct handle *handle, const struct target *target);

#endif
