/* A transfer from its begin to its end: attaching in libcurl's pre-request callback, which runs once connected and
   before each request is sent, at every hop. */
#ifndef LANYARD_TRANSFER_H
#define LANYARD_TRANSFER_H

#include "handle.h"

/* Puts the callback in place. `multi` is NULL for curl_easy_perform. False: not begun, since one is running already,
   or this libcurl is too old. */
bool transfer_begin(struct handle *handle, CURLM *multi);

/* Reports what came back, and leaves the handle as the script set it up, but for what stays between transfers. */
void transfer_end(struct handle *handle);

/* The same without reporting: for a handle that is thrown away in the middle of a transfer. */
void transfer_abandon(struct handle *handle);

#endif
