#include "json.h"

#include <string.h>

#include "utf8.h"

/* Far more than an answer of the agent's needs; recursion ends here. */
enum { DEEPEST = 16 };

static bool fail(struct json *json)
{
    json->failed = true;
    return false;
}

static void skip_space(struct json *json)
{
    while (json->at < json->end && memchr(" \t\r\n", *json->at, 4) != NULL)
        json->at++;
}

/* The next significant byte; NUL, which is never valid there, at the end or after an error. */
static char peek(struct json *json)
{
    if (json->failed)
        return '\0';
    skip_space(json);
    return json->at < json->end ? *json->at : '\0';
}

static bool take(struct json *json, char byte)
{
    if (peek(json) != byte || byte == '\0')
        return fail(json);
    json->at++;
    return true;
}

static bool take_word(struct json *json, const char *word)
{
    size_t length = strlen(word);
    if (json->failed || (size_t)(json->end - json->at) < length || memcmp(json->at, word, length) != 0)
        return fail(json);
    json->at += length;
    return true;
}

void json_begin(struct json *json, char *bytes, size_t length)
{
    *json = (struct json){.at = bytes, .end = bytes + length};
}

bool json_finish(struct json *json)
{
    if (json->failed)
        return false;
    skip_space(json);
    return (json->at == json->end && json->depth == 0) || fail(json);
}

bool json_open(struct json *json, char bracket)
{
    if (!take(json, bracket))
        return false;
    return ++json->depth <= DEEPEST || fail(json);
}

/* Steps over a comma or the closing bracket; true when another item follows. */
static bool next_item(struct json *json, bool *first, char closing)
{
    bool was_first = *first;
    *first = false;
    if (peek(json) == closing && !json->failed) {
        json->at++;
        json->depth--;
        return false;
    }
    return was_first ? !json->failed : take(json, ',');
}

char *json_member(struct json *json, bool *first)
{
    if (!next_item(json, first, '}'))
        return NULL;
    char *name = json_string(json);
    return name != NULL && take(json, ':') ? name : NULL;
}

bool json_element(struct json *json, bool *first)
{
    return next_item(json, first, ']');
}

/* Four hexadecimal digits; -1 when they are not. */
static long take_hex(struct json *json)
{
    long value = 0;
    if (json->end - json->at < 4)
        return -1;
    for (int i = 0; i < 4; i++) {
        char c = *json->at++;
        if (c >= '0' && c <= '9')
            value = value * 16 + (c - '0');
        else if ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'))
            value = value * 16 + ((c | 0x20) - 'a' + 10);
        else
            return -1;
    }
    return value;
}

/* The scalar value behind `\u`: a surrogate only as half of a pair. */
static long take_unicode(struct json *json)
{
    long high = take_hex(json);
    if (high < 0xd800 || high > 0xdfff)
        return high;
    if (high > 0xdbff || json->end - json->at < 6 || json->at[0] != '\\' || json->at[1] != 'u')
        return -1;
    json->at += 2;
    long low = take_hex(json);
    return low < 0xdc00 || low > 0xdfff ? -1 : 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
}

/* The scalar value of the escape behind a backslash; -1 for none. */
static long take_escape(struct json *json)
{
    if (json->at >= json->end)
        return -1;
    char c = *json->at++;
    switch (c) {
    case '"':
    case '\\':
    case '/':
        return c;
    case 't':
        return '\t';
    case 'u':
        return take_unicode(json);
    default: /* \b \f \n \r are valid JSON, but control characters: refused as such */
        return -1;
    }
}

static bool is_control(unsigned long scalar)
{
    return (scalar < 0x20 && scalar != '\t') || (scalar >= 0x7f && scalar < 0xa0);
}

/* Copies the character at the reader to `to`; the bytes written, 0 at an error. Never more than it reads. */
static size_t take_character(struct json *json, char *to)
{
    if (*json->at == '\\') {
        json->at++;
        long scalar = take_escape(json);
        return scalar < 0 || is_control((unsigned long)scalar) ? 0 : utf8_write((unsigned long)scalar, to);
    }
    size_t length = utf8_sequence(json->at, (size_t)(json->end - json->at));
    const unsigned char *b = (const unsigned char *)json->at;
    /* An HT must be escaped; U+0080 to U+009F, which terminals obey, are two bytes. */
    bool control = b[0] == '\t' || (length == 1 && is_control(b[0])) || (length == 2 && b[0] == 0xc2 && b[1] < 0xa0);
    if (length == 0 || control)
        return 0;
    memmove(to, json->at, length);
    json->at += length;
    return length;
}

char *json_string(struct json *json)
{
    if (!take(json, '"'))
        return NULL;
    char *start = json->at;
    char *to = start;
    while (json->at < json->end && *json->at != '"') {
        size_t written = take_character(json, to);
        if (written == 0) {
            fail(json);
            return NULL;
        }
        to += written;
    }
    if (!take(json, '"'))
        return NULL;
    *to = '\0'; /* at the closing quote or before it, both read already */
    return start;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

char *json_hex(struct json *json)
{
    char *digits = json_string(json);
    char *to = digits;
    for (const char *at = digits; at != NULL && *at != '\0'; at += 2) {
        int high = hex_digit(at[0]);
        int low = high < 0 ? -1 : hex_digit(at[1]);
        int byte = low < 0 ? 0 : high << 4 | low;
        if (low < 0 || (byte < 0x20 && byte != '\t') || byte == 0x7f) {
            fail(json);
            return NULL;
        }
        *to++ = (char)byte;
    }
    if (to != NULL)
        *to = '\0';
    return digits;
}

char *json_string_or_null(struct json *json)
{
    if (peek(json) != 'n')
        return json_string(json);
    take_word(json, "null");
    return NULL;
}

bool json_bool(struct json *json)
{
    if (peek(json) == 't')
        return take_word(json, "true");
    take_word(json, "false");
    return false;
}

static bool take_digits(struct json *json)
{
    const char *start = json->at;
    while (json->at < json->end && *json->at >= '0' && *json->at <= '9')
        json->at++;
    return json->at > start || fail(json);
}

long json_count_or_null(struct json *json)
{
    long value = 0;
    char first = peek(json);
    if (first == 'n') {
        take_word(json, "null");
        return 0;
    }
    const char *start = json->at;
    if (!take_digits(json) || (first == '0' && json->at > start + 1))
        fail(json);
    for (const char *at = start; at < json->at && !json->failed; at++)
        if (__builtin_mul_overflow(value, 10, &value) || __builtin_add_overflow(value, *at - '0', &value))
            fail(json);
    return json->failed ? 0 : value;
}

static bool at_one_of(struct json *json, const char *bytes)
{
    return json->at < json->end && *json->at != '\0' && strchr(bytes, *json->at) != NULL;
}

/* RFC 8259, section 6. */
static void skip_number(struct json *json)
{
    if (at_one_of(json, "-"))
        json->at++;
    if (at_one_of(json, "0"))
        json->at++;
    else if (!take_digits(json))
        return;
    if (at_one_of(json, ".")) {
        json->at++;
        if (!take_digits(json))
            return;
    }
    if (at_one_of(json, "eE")) {
        json->at++;
        if (at_one_of(json, "+-"))
            json->at++;
        take_digits(json);
    }
}

void json_skip(struct json *json)
{
    bool first = true;
    switch (peek(json)) {
    case '{':
        json_open(json, '{');
        while (json_member(json, &first) != NULL)
            json_skip(json);
        break;
    case '[':
        json_open(json, '[');
        while (json_element(json, &first))
            json_skip(json);
        break;
    case '"':
        json_string(json);
        break;
    case 't':
    case 'f':
        json_bool(json);
        break;
    case 'n':
        take_word(json, "null");
        break;
    default:
        skip_number(json);
    }
}
