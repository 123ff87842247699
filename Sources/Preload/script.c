#define _GNU_SOURCE
#include "script.h"

#include <stdlib.h>
#include <string.h>

#include "buffer.h"

/* libcurl's defaults where they are not zero. */
void script_init(struct script *script)
{
    *script = (struct script){.header_option = CURLHEADER_SEPARATE, .verify_peer = 1, .verify_host = 2,
                              .http_auth = CURLAUTH_BASIC};
}

static bool is_text(const char *text, const char *value)
{
    return text == value || (text != NULL && value != NULL && strcmp(text, value) == 0);
}

static void set_text(char **text, const char *value)
{
    if (*text != NULL)
        zero_free(*text, strlen(*text)); /* a cookie of the script's is its secret */
    *text = value != NULL ? strdup(value) : NULL;
}

bool script_copy(struct script *to, const struct script *from)
{
    *to = *from;
    for (int i = 0; i < TEXT_COUNT; i++)
        to->texts[i] = NULL;
    for (int i = 0; i < TEXT_COUNT; i++) {
        set_text(&to->texts[i], from->texts[i]);
        if (from->texts[i] != NULL && to->texts[i] == NULL)
            return false;
    }
    return true;
}

void script_free(struct script *script)
{
    for (int i = 0; i < TEXT_COUNT; i++)
        set_text(&script->texts[i], NULL);
    script_init(script);
}

static void record_text(struct script *script, CURLoption option, const char *value)
{
    static const CURLoption options[TEXT_COUNT] = {
        [TEXT_COOKIE] = CURLOPT_COOKIE,
        [TEXT_NETRC_FILE] = CURLOPT_NETRC_FILE,
        [TEXT_PROXY] = CURLOPT_PROXY,
        [TEXT_NOPROXY] = CURLOPT_NOPROXY,
        [TEXT_REQUEST_TARGET] = CURLOPT_REQUEST_TARGET,
    };
    for (int i = 0; i < TEXT_COUNT; i++)
        if (options[i] == option && !is_text(script->texts[i], value)) {
            set_text(&script->texts[i], value);
            script->changes++;
        }
}

static long *number_of(struct script *script, CURLoption option)
{
    switch (option) {
    case CURLOPT_HEADEROPT:
        return &script->header_option;
    case CURLOPT_UNRESTRICTED_AUTH:
        return &script->unrestricted_auth;
    case CURLOPT_NETRC:
        return &script->netrc;
    case CURLOPT_PORT:
        return &script->port;
    case CURLOPT_PATH_AS_IS:
        return &script->path_as_is;
    case CURLOPT_SSL_VERIFYPEER:
        return &script->verify_peer;
    case CURLOPT_SSL_VERIFYHOST:
        return &script->verify_host;
    case CURLOPT_HTTPAUTH:
        return &script->http_auth;
    case CURLOPT_FOLLOWLOCATION:
        return &script->follow;
    case CURLOPT_VERBOSE:
        return &script->verbose;
    case CURLOPT_TIMEOUT:
    case CURLOPT_TIMEOUT_MS:
        return &script->timeout_ms;
    default:
        return NULL;
    }
}

static void record_number(struct script *script, CURLoption option, long value)
{
    long *number = number_of(script, option);
    if (option == CURLOPT_TIMEOUT)
        value *= 1000; /* libcurl has refused what does not fit in milliseconds */
    if (number == NULL || *number == value)
        return;
    *number = value;
    script->changes++;
}

/* The bits that an option sets when it has a value, and clears when it has none. */
static unsigned bits_of(CURLoption option)
{
    switch (option) {
    case CURLOPT_USERPWD:
        return HAS_USER | HAS_PASSWORD;
    case CURLOPT_USERNAME:
        return HAS_USER;
    case CURLOPT_PASSWORD:
        return HAS_PASSWORD;
    case CURLOPT_XOAUTH2_BEARER:
        return HAS_BEARER;
    case CURLOPT_AWS_SIGV4:
        return HAS_SIGV4;
    case CURLOPT_REFERER:
        return HAS_REFERER;
    case CURLOPT_AUTOREFERER:
        return HAS_AUTO_REFERER;
    case CURLOPT_UNIX_SOCKET_PATH:
        return HAS_UNIX_SOCKET;
    case CURLOPT_ABSTRACT_UNIX_SOCKET:
        return HAS_ABSTRACT_SOCKET;
    case CURLOPT_PRE_PROXY:
        return HAS_PRE_PROXY;
    case CURLOPT_CONNECT_TO:
        return HAS_CONNECT_TO;
    case CURLOPT_COOKIEFILE:
    case CURLOPT_COOKIEJAR:
        return HAS_COOKIE_ENGINE;
    case CURLOPT_SSL_CTX_FUNCTION:
        return HAS_TLS_CALLBACK;
    case CURLOPT_URL:
    case CURLOPT_CURLU:
        return HAS_USERINFO;
    default:
        return 0;
    }
}

static bool is_set(CURLoption option, const struct option_value *value)
{
    if (option == CURLOPT_URL)
        return value->pointer != NULL && strchr(value->pointer, '@') != NULL;
    return value->kind == VALUE_POINTER ? value->pointer != NULL
        : value->kind == VALUE_FUNCTION ? value->function != NULL
                                        : value->number != 0;
}

static void record_body(struct script *script, CURLoption option, const struct option_value *value)
{
    switch (option) {
    case CURLOPT_POSTFIELDS:
    case CURLOPT_COPYPOSTFIELDS:
        script->has_fields = value->pointer != NULL;
        script->body = script->has_fields ? BODY_FIELDS : BODY_READ;
        break;
    case CURLOPT_POST:
        script->body = value->number == 0 ? BODY_NONE : script->has_fields ? BODY_FIELDS : BODY_READ;
        break;
    case CURLOPT_UPLOAD:
        script->body = value->number != 0 ? BODY_READ : BODY_NONE;
        break;
    case CURLOPT_HTTPGET:
    case CURLOPT_NOBODY:
        if (value->number != 0)
            script->body = BODY_NONE;
        break;
    case CURLOPT_MIMEPOST:
    case CURLOPT_HTTPPOST:
        script->body = BODY_FORM;
        break;
    case CURLOPT_RESUME_FROM:
        script->resume = value->number;
        break;
    case CURLOPT_RESUME_FROM_LARGE:
        script->resume = value->offset;
        break;
    default:
        break;
    }
}

static void record_callback(struct script *script, CURLoption option, const struct option_value *value)
{
    if (option == CURLOPT_PREREQFUNCTION)
        script->prereq = (curl_prereq_callback)value->function;
    else if (option == CURLOPT_DEBUGFUNCTION)
        script->debug = (curl_debug_callback)value->function;
    else if (option == CURLOPT_SEEKFUNCTION)
        script->seek = (curl_seek_callback)value->function;
}

static void record_pointer(struct script *script, CURLoption option, void *value)
{
    if (option == CURLOPT_HTTPHEADER)
        script->headers = value;
    else if (option == CURLOPT_PREREQDATA)
        script->prereq_data = value;
    else if (option == CURLOPT_DEBUGDATA)
        script->debug_data = value;
    else if (option == CURLOPT_SEEKDATA)
        script->seek_data = value;
    else if (option == CURLOPT_STDERR)
        script->error_file = value;
    else
        record_text(script, option, value);
}

static void record_bits(struct script *script, unsigned has)
{
    script->changes += has != script->has;
    script->has = has;
}

void script_record(struct script *script, CURLoption option, const struct option_value *value)
{
    unsigned bits = bits_of(option);
    record_body(script, option, value);
    if (bits != 0)
        record_bits(script, is_set(option, value) ? script->has | bits : script->has & ~bits);
    else if (value->kind == VALUE_LONG)
        record_number(script, option, value->number);
    else if (value->kind == VALUE_FUNCTION)
        record_callback(script, option, value);
    else if (value->kind == VALUE_POINTER)
        record_pointer(script, option, value->pointer);
}
