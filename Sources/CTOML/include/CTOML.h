/* TOML (https://toml.io, 1.0), read by toml++, behind functions that C has.

   toml++ is the one library in Debian that knows the line of every key and value, which is what a person's mistake is
   told by: the Swift packages there are do not keep it, and the plain C parsers have it for errors of syntax alone. */
#ifndef LANYARD_CTOML_H
#define LANYARD_CTOML_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

enum lanyard_toml_kind {
    LANYARD_TOML_TABLE,
    LANYARD_TOML_ARRAY,
    LANYARD_TOML_STRING,
    LANYARD_TOML_INTEGER,
    LANYARD_TOML_BOOLEAN,
    /* A float, a date or a time. */
    LANYARD_TOML_OTHER,
    /* The table or array that was begun last ends. */
    LANYARD_TOML_END
};

/* A value, where it stands. Bytes are UTF-8, not NUL-terminated, and there for the length of the call. */
struct lanyard_toml_value {
    enum lanyard_toml_kind kind;
    /* Its key; NULL for an element of an array, the document itself, and an end. */
    const char *key;
    size_t key_length;
    /* A string's content. */
    const char *text;
    size_t text_length;
    /* An integer, or a boolean as 0 or 1. */
    long long number;
    /* The line of the key, or of the value where it has none, from 1. */
    unsigned line;
    /* The column there, from 1. */
    unsigned column;
};

/* Reads a document and tells each value to `take`: tables and arrays with their content between them and their end, the
   document itself as a table. Returns 0; or, where it is no TOML, the line of the mistake (1 at least), and tells it to
   `fail` in toml++'s words. Nothing is thrown. -1: no memory. */
int lanyard_toml_read(
    const char *bytes, size_t length, void *data, void (*take)(void *data, const struct lanyard_toml_value *value),
    void (*fail)(void *data, const char *words, size_t length));

#ifdef __cplusplus
}
#endif

#endif
