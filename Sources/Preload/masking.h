/* What was attached is shown as *** in what libcurl tells of a transfer: `-v`, `--trace`, CURLOPT_DEBUGFUNCTION. Unless
   LANYARD_RUN has the word `reveal`. */
#ifndef LANYARD_MASKING_H
#define LANYARD_MASKING_H

#include "handle.h"

/* Stands in front of the script's callback, or of libcurl's own, where a transfer is told of. Safe to call often. */
void masking_begin(struct handle *handle);

/* Gives the script its own callback back. */
void masking_end(struct handle *handle);

#endif
