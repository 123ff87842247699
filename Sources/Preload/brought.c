#define _GNU_SOURCE
#include "brought.h"

#include <string.h>
#include <strings.h>

#include "netrc.h"

/* Bytes; no field of ours has a name as long. */
enum { NAME_MOST = 128 };

/* The name's length in "Name: value", "Name:" and "Name;", as libcurl reads them; 0 where the entry is none. */
static size_t name_length(const char *entry)
{
    const char *end = strchr(entry, ':');
    if (end == NULL)
        end = strchr(entry, ';');
    size_t length = end != NULL ? (size_t)(end - entry) : 0;
    while (length > 0 && (entry[length - 1] == ' ' || entry[length - 1] == '\t'))
        length--;
    return length;
}

const char *header_value(const char *entry, size_t *length)
{
    const char *colon = strchr(entry, ':');
    if (colon == NULL)
        return NULL;
    const char *value = colon + 1 + strspn(colon + 1, " \t\r\n");
    *length = strlen(value);
    while (*length > 0 && strchr(" \t\r\n", value[*length - 1]) != NULL)
        (*length)--;
    return *length > 0 ? value : NULL;
}

const struct curl_slist *header_find(const struct curl_slist *headers, const char *name)
{
    size_t length = strlen(name);
    for (; headers != NULL; headers = headers->next)
        if (headers->data != NULL && name_length(headers->data) == length
            && strncasecmp(headers->data, name, length) == 0)
            return headers;
    return NULL;
}

const char *brought_host(const struct handle *handle, size_t *length)
{
    const struct curl_slist *entry = header_find(handle->script.headers, "host");
    *length = 0;
    if (entry == NULL)
        return NULL;
    const char *value = header_value(entry->data, length);
    if (value != NULL && header_find(entry->next, "host") == NULL)
        return value;
    *length = 0;
    return "";
}

static bool brings_authorization(const struct handle *handle, const char *host)
{
    const struct script *script = &handle->script;
    return (script->has & HAS_CREDENTIAL) || handle->transfer.userinfo
        || (script->netrc != CURL_NETRC_IGNORED && netrc_names(script->texts[TEXT_NETRC_FILE], host));
}

static const char *cookie_field(const struct handle *handle, size_t *length)
{
    const struct curl_slist *entry = header_find(handle->script.headers, "cookie");
    return entry != NULL ? header_value(entry->data, length) : NULL;
}

bool brought_secret(const struct handle *handle, const char *host)
{
    return handle->script.texts[TEXT_COOKIE] != NULL || header_find(handle->script.headers, "cookie") != NULL
        || header_find(handle->script.headers, "authorization") != NULL || brings_authorization(handle, host);
}

static void add_item(struct buffer *buffer, const char *bytes, size_t length)
{
    if (buffer->length > 0 && buffer->bytes[buffer->length - 1] != '[')
        buffer_text(buffer, ",");
    buffer_json_string(buffer, bytes, length);
}

static void add_name(struct buffer *buffer, const char *entry)
{
    char name[NAME_MOST];
    size_t length = name_length(entry), value_length;
    /* An entry without a name is not sent. */
    if (length == 0 || length > sizeof name)
        return;
    for (size_t i = 0; i < length; i++)
        name[i] = entry[i] >= 'A' && entry[i] <= 'Z' ? (char)(entry[i] + 'a' - 'A') : entry[i];
    if (length == 6 && memcmp(name, "cookie", 6) == 0 && header_value(entry, &value_length) != NULL)
        return;
    add_item(buffer, name, length);
}

void brought_write(struct buffer *buffer, const struct handle *handle, const char *host)
{
    const struct script *script = &handle->script;
    buffer_text(buffer, "[");
    for (const struct curl_slist *entry = script->headers; entry != NULL && !buffer->failed; entry = entry->next)
        if (entry->data != NULL)
            add_name(buffer, entry->data);
    if (brings_authorization(handle, host))
        add_item(buffer, "authorization", strlen("authorization"));
    /* Ours in the header list would take the place of the one that -e makes. */
    if (script->has & (HAS_REFERER | HAS_AUTO_REFERER))
        add_item(buffer, "referer", strlen("referer"));
    buffer_text(buffer, "]");
}

/* The names in a Cookie line: "a=1; b=2". */
static void add_cookie_names(struct buffer *buffer, const char *line, size_t length)
{
    const char *end = line + length;
    while (line < end && !buffer->failed) {
        while (line < end && (*line == ' ' || *line == '\t' || *line == ';'))
            line++;
        const char *pair = line;
        while (line < end && *line != ';')
            line++;
        const char *equals = memchr(pair, '=', (size_t)(line - pair));
        const char *name_end = equals != NULL ? equals : line;
        while (name_end > pair && (name_end[-1] == ' ' || name_end[-1] == '\t'))
            name_end--;
        if (name_end > pair)
            add_item(buffer, pair, (size_t)(name_end - pair));
    }
}

static bool domain_matches(const char *domain, size_t length, bool tail_matches, const char *host)
{
    size_t host_length = strlen(host);
    if (length > 0 && domain[0] == '.') {
        domain++;
        length--;
    }
    if (length > host_length || strncasecmp(domain, host + host_length - length, length) != 0)
        return false;
    return length == host_length || (tail_matches && host[host_length - length - 1] == '.');
}

/* One cookie of libcurl's engine, in the Netscape format: domain, tail match, path, secure, expires, name, value. */
static void add_engine_cookie(struct buffer *buffer, const char *line, const char *host)
{
    const char *fields[7];
    static const char http_only[] = "#HttpOnly_";
    if (strncmp(line, http_only, strlen(http_only)) == 0)
        line += strlen(http_only);
    for (int i = 0; i < 7; i++) {
        fields[i] = line;
        line = strchr(line, '\t');
        if (line == NULL && i < 6)
            return;
        line += line != NULL;
    }
    if (domain_matches(fields[0], (size_t)(fields[1] - fields[0] - 1), fields[1][0] == 'T', host))
        add_item(buffer, fields[5], (size_t)(fields[6] - fields[5] - 1));
}

void brought_cookies_write(struct buffer *buffer, const struct handle *handle, const char *host)
{
    struct curl_slist *engine = NULL;
    const char *option = handle->script.texts[TEXT_COOKIE];
    size_t length = 0;
    const char *field = cookie_field(handle, &length);
    buffer_text(buffer, "[");
    if (option != NULL)
        add_cookie_names(buffer, option, strlen(option));
    if (field != NULL)
        add_cookie_names(buffer, field, length);
    if (handle->curl->easy_getinfo(handle->easy, CURLINFO_COOKIELIST, &engine) == CURLE_OK)
        for (struct curl_slist *entry = engine; entry != NULL && !buffer->failed; entry = entry->next)
            add_engine_cookie(buffer, entry->data, host);
    handle->curl->slist_free_all(engine);
    buffer_text(buffer, "]");
}
