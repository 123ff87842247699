#define _GNU_SOURCE
#include "masking.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "settings.h"

/* In bytes. A value is masked from its first bytes on, wherever they stand: libcurl cuts long lines, and may tell of a
   head in two parts. SURE is longer than a scheme's name; TAIL is enough to be no accident at the end of a part; what is
   shorter than SHORT could stand anywhere, and is masked behind a field's name only. */
enum { SURE = 16, TAIL = 4, SHORT = 4 };

static const char MASK[] = "***";

/* Values that were attached. */
struct secrets {
    const char *values[FIELDS_MOST + 1];
    size_t count;
};

static void collect(struct secrets *secrets, const struct answer *answer)
{
    secrets->count = 0;
    if (answer == NULL)
        return;
    for (size_t i = 0; i < answer->field_count; i++)
        if (answer->fields[i].value[0] != '\0')
            secrets->values[secrets->count++] = answer->fields[i].value;
    if (answer->cookie != NULL && answer->cookie[0] != '\0')
        secrets->values[secrets->count++] = answer->cookie;
}

static size_t common_length(const char *value, const char *bytes, size_t length)
{
    size_t i = 0;
    while (i < length && value[i] != '\0' && value[i] == bytes[i])
        i++;
    return i;
}

/* How many bytes at `at` are to be masked. `rest`: the value whose beginning ended the part before, from there on. */
static size_t masked_length(const struct secrets *secrets, const char *bytes, size_t length, size_t at, const char **rest)
{
    for (size_t i = 0; i < secrets->count; i++) {
        const char *value = secrets->values[i];
        if (value[0] != bytes[at])
            continue;
        size_t size = strlen(value), common = common_length(value, bytes + at, length - at);
        bool at_end = common == length - at && common < size;
        bool named = at >= 2 && memcmp(bytes + at - 2, ": ", 2) == 0;
        if (common < size && common < SURE && !(at_end && common >= TAIL))
            continue;
        if (size < SHORT && !named)
            continue;
        *rest = at_end ? value + common : NULL;
        return common;
    }
    return 0;
}

/* A copy with the secrets masked, for the caller to free; NULL where there is no memory. */
static char *masked(const struct secrets *secrets, const char *bytes, size_t *length, const char **rest)
{
    /* A mask in place of each byte is the most there can be. */
    char *copy = malloc(*length * (sizeof MASK - 1) + 1);
    size_t written = 0, at = 0;
    if (copy == NULL)
        return NULL;
    if (*rest != NULL) {
        at = common_length(*rest, bytes, *length);
        *rest = at == *length && (*rest)[at] != '\0' ? *rest + at : NULL;
    }
    while (at < *length) {
        size_t size = masked_length(secrets, bytes, *length, at, rest);
        if (size > 0) {
            memcpy(copy + written, MASK, sizeof MASK - 1);
            written += sizeof MASK - 1;
        } else {
            copy[written++] = bytes[at];
        }
        at += size > 0 ? size : 1;
    }
    *length = written;
    return copy;
}

/* What libcurl does where there is no callback (curl_easy_setopt, CURLOPT_VERBOSE). */
static void print(const struct script *script, curl_infotype type, const char *bytes, size_t length)
{
    static const char *const signs[] = {[CURLINFO_TEXT] = "* ", [CURLINFO_HEADER_IN] = "< ", [CURLINFO_HEADER_OUT] = "> "};
    FILE *file = script->error_file != NULL ? script->error_file : stderr;
    if (type > CURLINFO_HEADER_OUT)
        return;
    fwrite(signs[type], 2, 1, file);
    fwrite(bytes, length, 1, file);
}

static int pass_on(const struct script *script, CURL *easy, curl_infotype type, char *bytes, size_t length)
{
    if (script->debug != NULL)
        return script->debug(easy, type, bytes, length, script->debug_data);
    print(script, type, bytes, length);
    return 0;
}

static int tell(CURL *easy, curl_infotype type, char *bytes, size_t length, void *of_handle)
{
    struct handle *handle = of_handle;
    struct secrets secrets;
    const char *none = NULL;
    collect(&secrets, handle->transfer.hop.answer);
    bool outgoing = type == CURLINFO_HEADER_OUT || type == CURLINFO_DATA_OUT;
    if (secrets.count == 0 || !(outgoing || type == CURLINFO_TEXT))
        return pass_on(&handle->script, easy, type, bytes, length);
    int error = errno;
    char *copy = masked(&secrets, bytes, &length, outgoing ? &handle->transfer.hop.mask_rest : &none);
    errno = error;
    if (copy == NULL)
        return 0;
    int code = pass_on(&handle->script, easy, type, copy, length);
    free(copy);
    return code;
}

void masking_begin(struct handle *handle)
{
    struct transfer *transfer = &handle->transfer;
    if (handle->script.verbose == 0 || transfer->masking || settings()->reveal)
        return;
    handle->curl->easy_setopt(handle->easy, CURLOPT_DEBUGDATA, handle);
    transfer->masking = handle->curl->easy_setopt(handle->easy, CURLOPT_DEBUGFUNCTION, tell) == CURLE_OK;
}

void masking_end(struct handle *handle)
{
    if (!handle->transfer.masking)
        return;
    handle->curl->easy_setopt(handle->easy, CURLOPT_DEBUGFUNCTION, handle->script.debug);
    handle->curl->easy_setopt(handle->easy, CURLOPT_DEBUGDATA, handle->script.debug_data);
    handle->transfer.masking = false;
}
