/* A strict reader of JSON (RFC 8259) over one bounded message that this process owns. Strings are decoded in place, so
   that a secret is in one buffer only. Any error is final: `failed` is set, and every later call reads nothing. */
#ifndef LANYARD_JSON_H
#define LANYARD_JSON_H

#include <stdbool.h>
#include <stddef.h>

struct json {
    char *at;
    char *end;
    int depth;
    bool failed;
};

void json_begin(struct json *json, char *bytes, size_t length);

/* True when the one value was all there was, and no error was met. */
bool json_finish(struct json *json);

/* Reads `{` or `[`. */
bool json_open(struct json *json, char bracket);

/* The next member's name, with the reader at its value; NULL behind the closing bracket or at an error.
   `first` is true before the first call, which clears it. */
char *json_member(struct json *json, bool *first);

/* Whether the reader is at another element; false behind the closing bracket or at an error. */
bool json_element(struct json *json, bool *first);

/* A string, NUL-terminated; NULL at an error. Control characters other than HT are errors, escaped or not: no value of
   the agent's has them, and a CR, LF or NUL would split a header field. */
char *json_string(struct json *json);

/* A string, or NULL for null; an error shows in `failed` only. */
char *json_string_or_null(struct json *json);
/* A string of hexadecimal digits, two a byte, as these bytes: no control character but HT is one of them. */
char *json_hex(struct json *json);

bool json_bool(struct json *json);

/* An integer from 0 to LONG_MAX, or 0 for null; anything else is an error. */
long json_count_or_null(struct json *json);

/* Reads any value and drops it. */
void json_skip(struct json *json);

#endif
