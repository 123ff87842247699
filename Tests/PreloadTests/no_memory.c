/* Preloaded before the library: there is no memory for one name. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

char *strndup(const char *text, size_t length)
{
    char *copy = length == 4 && memcmp(text, "lost", 4) == 0 ? NULL : calloc(1, length + 1);
    return copy != NULL ? memcpy(copy, text, length) : NULL;
}
