#define _GNU_SOURCE
#include "buffer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "utf8.h"

void zero_free(void *memory, size_t size)
{
    if (memory == NULL)
        return;
    explicit_bzero(memory, size);
    free(memory);
}

void buffer_init(struct buffer *buffer, size_t limit)
{
    *buffer = (struct buffer){.limit = limit};
}

void buffer_free(struct buffer *buffer)
{
    zero_free(buffer->bytes, buffer->capacity);
    *buffer = (struct buffer){.failed = true};
}

bool buffer_reserve(struct buffer *buffer, size_t more)
{
    if (buffer->failed || more > buffer->limit - buffer->length) {
        buffer->failed = true;
        return false;
    }
    size_t needed = buffer->length + more;
    if (needed <= buffer->capacity)
        return true;
    size_t capacity = buffer->capacity < 512 ? 1024 : buffer->capacity * 2;
    if (capacity < needed)
        capacity = needed;
    /* Not realloc: it would leave the old bytes behind without zeroing them. */
    char *bytes = malloc(capacity);
    if (bytes == NULL) {
        buffer->failed = true;
        return false;
    }
    if (buffer->length > 0)
        memcpy(bytes, buffer->bytes, buffer->length);
    zero_free(buffer->bytes, buffer->capacity);
    buffer->bytes = bytes;
    buffer->capacity = capacity;
    return true;
}

void buffer_add(struct buffer *buffer, const char *bytes, size_t length)
{
    /* No memory may be there yet for what has no bytes. */
    if (!buffer_reserve(buffer, length) || length == 0)
        return;
    memcpy(buffer->bytes + buffer->length, bytes, length);
    buffer->length += length;
}

void buffer_text(struct buffer *buffer, const char *text)
{
    buffer_add(buffer, text, strlen(text));
}

static void add_escaped(struct buffer *buffer, unsigned char byte)
{
    char escape[8];
    snprintf(escape, sizeof escape, "\\u%04x", byte);
    buffer_text(buffer, escape);
}

/* How many bytes from the start stand for themselves in a JSON string. */
static size_t plain_length(const char *bytes, size_t length)
{
    size_t i = 0;
    while (i < length && bytes[i] >= 0x20 && bytes[i] < 0x7f && bytes[i] != '"' && bytes[i] != '\\')
        i++;
    return i;
}

void buffer_json_string(struct buffer *buffer, const char *bytes, size_t length)
{
    buffer_text(buffer, "\"");
    for (size_t i = 0; i < length;) {
        size_t plain = plain_length(bytes + i, length - i);
        buffer_add(buffer, bytes + i, plain);
        i += plain;
        if (i == length)
            break;
        unsigned char byte = (unsigned char)bytes[i];
        size_t sequence = utf8_sequence(bytes + i, length - i);
        if (sequence == 0)
            buffer_text(buffer, "\\ufffd");
        else if (sequence == 1)
            add_escaped(buffer, byte);
        else
            buffer_add(buffer, bytes + i, sequence);
        i += sequence == 0 ? 1 : sequence;
    }
    buffer_text(buffer, "\"");
}

void buffer_json_hex(struct buffer *buffer, const char *bytes, size_t length)
{
    static const char digits[] = "0123456789abcdef";
    buffer_text(buffer, "\"");
    for (size_t i = 0; i < length; i++) {
        unsigned char byte = (unsigned char)bytes[i];
        char pair[] = { digits[byte >> 4], digits[byte & 15] };
        buffer_add(buffer, pair, sizeof pair);
    }
    buffer_text(buffer, "\"");
}

void buffer_json_text(struct buffer *buffer, const char *text_or_null)
{
    if (text_or_null == NULL)
        buffer_text(buffer, "null");
    else
        buffer_json_string(buffer, text_or_null, strlen(text_or_null));
}

void buffer_json_number(struct buffer *buffer, long number)
{
    char digits[24];
    size_t at = sizeof digits;
    unsigned long rest = number < 0 ? 0 : (unsigned long)number;
    do
        digits[--at] = (char)('0' + rest % 10);
    while ((rest /= 10) != 0);
    buffer_add(buffer, digits + at, sizeof digits - at);
}

void buffer_json_bool(struct buffer *buffer, bool value)
{
    buffer_text(buffer, value ? "true" : "false");
}
