#include "answer.h"

#include <stdlib.h>
#include <string.h>

#include "buffer.h"
#include "json.h"

/* RFC 9110, section 5.6.2. */
static bool is_token(const char *name)
{
    static const char others[] = "!#$%&'*+-.^_`|~";
    if (name[0] == '\0')
        return false;
    for (; *name != '\0'; name++) {
        char c = *name;
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!letter && strchr(others, c) == NULL)
            return false;
    }
    return true;
}

static void read_field(struct json *json, struct field *field)
{
    bool first = true;
    const char *member;
    json_open(json, '{');
    while ((member = json_member(json, &first)) != NULL) {
        if (strcmp(member, "name") == 0 && field->name == NULL)
            field->name = json_string(json);
        else if (strcmp(member, "value") == 0 && field->value == NULL)
            field->value = json_string(json);
        else
            json->failed = true;
    }
    if (field->name == NULL || field->value == NULL || !is_token(field->name))
        json->failed = true;
}

static void read_fields(struct json *json, struct answer *answer)
{
    bool first = true;
    json_open(json, '[');
    while (json_element(json, &first)) {
        if (answer->field_count == FIELDS_MOST)
            json->failed = true;
        else
            read_field(json, &answer->fields[answer->field_count++]);
    }
}

/* Notices past the most that is kept are read and dropped. */
static void read_notices(struct json *json, struct answer *answer)
{
    bool first = true;
    json_open(json, '[');
    while (json_element(json, &first)) {
        const char *line = json_string(json);
        if (line != NULL && answer->notice_count < NOTICES_MOST)
            answer->notices[answer->notice_count++] = line;
    }
}

enum { SEEN_SESSION = 1, SEEN_HEADERS = 2, SEEN_COOKIE = 4, SEEN_REASON = 8, SEEN_NOTICE = 16, SEEN_RENEWING = 32,
       SEEN_MESSAGE = 64, SEEN_PARAMETERS = 128, SEEN_CONTINUES = 256, SEEN_ERROR = 512, SEEN_VERSION = 1024, SEEN_WATCH = 2048,
       SEEN_RENEWS = 4096, SEEN_ANYWHERE = 8192, SEEN_COOKIE_HEX = 16384 };

/* A name that comes twice could be read two ways: refused. */
static bool is_member(struct json *json, const char *member, const char *name, unsigned bit, unsigned *seen)
{
    if (strcmp(member, name) != 0)
        return false;
    if (*seen & bit)
        json->failed = true;
    *seen |= bit;
    return true;
}

static void read_parameters(struct json *json, struct answer *answer, unsigned *seen)
{
    bool first = true;
    const char *member;
    const char *line = NULL;  /* the Cookie line as text */
    const char *bytes = NULL; /* or, where it is none, as its bytes */
    json_open(json, '{');
    while ((member = json_member(json, &first)) != NULL) {
        if (is_member(json, member, "session", SEEN_SESSION, seen))
            answer->session = json_string_or_null(json);
        else if (is_member(json, member, "version", SEEN_VERSION, seen))
            answer->version = json_count_or_null(json);
        else if (is_member(json, member, "headers", SEEN_HEADERS, seen))
            read_fields(json, answer);
        else if (is_member(json, member, "cookie", SEEN_COOKIE, seen))
            line = json_string_or_null(json);
        else if (is_member(json, member, "cookie_hex", SEEN_COOKIE_HEX, seen))
            bytes = json_hex(json);
        else if (is_member(json, member, "reason", SEEN_REASON, seen))
            answer->reason = json_string(json);
        else if (is_member(json, member, "notice", SEEN_NOTICE, seen))
            read_notices(json, answer);
        else if (is_member(json, member, "renewing", SEEN_RENEWING, seen))
            answer->renewing = json_bool(json);
        else if (is_member(json, member, "watch", SEEN_WATCH, seen))
            answer->watch = json_bool(json);
        else if (is_member(json, member, "renews", SEEN_RENEWS, seen))
            answer->renews = json_bool(json);
        else if (is_member(json, member, "anywhere", SEEN_ANYWHERE, seen))
            answer->anywhere = json_bool(json);
        else if (is_member(json, member, "message", SEEN_MESSAGE, seen))
            answer->message = json_string(json);
        else
            json_skip(json);
    }
    if (line != NULL && bytes != NULL)
        json->failed = true;
    answer->cookie = line != NULL ? line : bytes;
}

static void read_message(struct json *json, struct answer *answer, unsigned *seen)
{
    bool first = true;
    const char *member;
    json_open(json, '{');
    while ((member = json_member(json, &first)) != NULL) {
        if (is_member(json, member, "parameters", SEEN_PARAMETERS, seen))
            read_parameters(json, answer, seen);
        else if (is_member(json, member, "continues", SEEN_CONTINUES, seen))
            answer->continues = json_bool(json);
        else if (is_member(json, member, "error", SEEN_ERROR, seen))
            answer->reason = json_string(json);
        else
            json_skip(json);
    }
}

/* An error leaves nothing to attach, whatever else stands in it; its message is the notice. */
static void keep_message(struct answer *answer)
{
    answer->session = NULL;
    answer->cookie = NULL;
    answer->field_count = 0;
    answer->continues = false;
    answer->notices[0] = answer->message;
    answer->notice_count = answer->message != NULL ? 1 : 0;
}

static bool read_whole(struct answer *answer, size_t length)
{
    struct json json;
    unsigned seen = 0;
    json_begin(&json, answer->bytes, length);
    read_message(&json, answer, &seen);
    if (!json_finish(&json) || (answer->session == NULL && (answer->field_count > 0 || answer->cookie != NULL)))
        return false;
    if (seen & SEEN_ERROR)
        keep_message(answer);
    if (answer->reason == NULL)
        answer->reason = "";
    return true;
}

struct answer *answer_read(char *bytes, size_t size, size_t length)
{
    struct answer *answer = calloc(1, sizeof *answer);
    if (answer == NULL) {
        zero_free(bytes, size);
        return NULL;
    }
    answer->references = 1;
    answer->bytes = bytes;
    answer->size = size;
    if (read_whole(answer, length))
        return answer;
    answer_release(answer);
    return NULL;
}

struct answer *answer_share(struct answer *answer)
{
    __atomic_add_fetch(&answer->references, 1, __ATOMIC_RELAXED);
    return answer;
}

void answer_release(struct answer *answer)
{
    if (answer == NULL || __atomic_sub_fetch(&answer->references, 1, __ATOMIC_ACQ_REL) > 0)
        return;
    zero_free(answer->bytes, answer->size);
    free(answer);
}
