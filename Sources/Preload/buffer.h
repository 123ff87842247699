/* A growing run of bytes that is zeroed before its memory is given back: questions and answers carry secrets. */
#ifndef LANYARD_BUFFER_H
#define LANYARD_BUFFER_H

#include <stdbool.h>
#include <stddef.h>

struct buffer {
    char *bytes;
    size_t length;
    size_t capacity;
    size_t limit;
    bool failed; /* the limit was met or memory ran out: the content is not to be used */
};

void buffer_init(struct buffer *buffer, size_t limit);
void buffer_free(struct buffer *buffer);

/* Makes room for `more` bytes behind the content; false when that is past the limit. */
bool buffer_reserve(struct buffer *buffer, size_t more);
void buffer_add(struct buffer *buffer, const char *bytes, size_t length);
void buffer_text(struct buffer *buffer, const char *text);

/* JSON values. A byte that is not part of valid UTF-8 is written as U+FFFD, since JSON has no other bytes. */
void buffer_json_string(struct buffer *buffer, const char *bytes, size_t length);
void buffer_json_hex(struct buffer *buffer, const char *bytes, size_t length); /* a string of two digits a byte */
void buffer_json_text(struct buffer *buffer, const char *text_or_null);
void buffer_json_number(struct buffer *buffer, long number); /* none below zero is ever told */
void buffer_json_bool(struct buffer *buffer, bool value);

/* Frees memory that held a secret. */
void zero_free(void *memory, size_t size);

#endif
