/* RFC 3629. */
#ifndef LANYARD_UTF8_H
#define LANYARD_UTF8_H

#include <stddef.h>

/* The length in bytes of the valid sequence that `bytes` begin with; 0 where there is none. */
size_t utf8_sequence(const char *bytes, size_t length);

/* Writes a scalar value, which is no surrogate, in 1 to 4 bytes; the count. */
size_t utf8_write(unsigned long scalar, char *to);

#endif
