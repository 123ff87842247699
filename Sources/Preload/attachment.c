#include "attachment.h"

#include <stdlib.h>
#include <string.h>

#include "brought.h"
#include "buffer.h"

/* One block of memory: the list's nodes, and behind them the text of ours. The script's entries are not copied: its
   list outlives the transfer. */
struct joined_list {
    size_t size;
    char *text;
    struct curl_slist nodes[];
};

static void put(char **at, const char *bytes, size_t length)
{
    memcpy(*at, bytes, length);
    *at += length;
}

static bool is_ours(const struct handle *handle, const struct field *field)
{
    /* The daemon was told what the script brings. Should it answer with that all the same, the script's wins. */
    return header_find(handle->script.headers, field->name) == NULL && field->value[0] != '\0';
}

static size_t text_size(const struct handle *handle, const struct answer *answer, const char *cookie)
{
    size_t size = 0;
    for (size_t i = 0; i < answer->field_count; i++)
        if (is_ours(handle, &answer->fields[i]))
            size += strlen(answer->fields[i].name) + strlen(": ") + strlen(answer->fields[i].value) + 1;
    return cookie != NULL ? size + strlen(cookie) + strlen("; ") + strlen(answer->cookie) + 1 : size;
}

static struct joined_list *allocate(const struct handle *handle, const struct answer *answer, const char *cookie)
{
    size_t count = answer->field_count;
    for (const struct curl_slist *entry = handle->script.headers; entry != NULL; entry = entry->next)
        count++;
    size_t text = text_size(handle, answer, cookie);
    size_t size = sizeof(struct joined_list) + count * sizeof(struct curl_slist) + text;
    struct joined_list *list = calloc(1, size);
    if (list == NULL)
        return NULL;
    list->size = size;
    list->text = (char *)&list->nodes[count];
    return list;
}

static char *joined_cookie(char **at, const char *entry, const char *ours)
{
    char *start = *at;
    size_t length = strlen(entry);
    while (length > 0 && strchr(" \t\r\n;", entry[length - 1]) != NULL)
        length--;
    put(at, entry, length);
    put(at, "; ", 2);
    put(at, ours, strlen(ours) + 1);
    return start;
}

/* The script's list, then ours. `cookie` is the script's Cookie entry where ours is joined to it. */
static struct joined_list *make_list(const struct handle *handle, const struct answer *answer,
                                const struct curl_slist *cookie)
{
    struct joined_list *list = allocate(handle, answer, cookie != NULL ? cookie->data : NULL);
    if (list == NULL)
        return NULL;
    char *at = list->text;
    struct curl_slist *node = list->nodes, *last = NULL;
    for (const struct curl_slist *entry = handle->script.headers; entry != NULL; entry = entry->next, node++) {
        node->data = entry == cookie ? joined_cookie(&at, entry->data, answer->cookie) : entry->data;
        node->next = node + 1;
        last = node;
    }
    for (size_t i = 0; i < answer->field_count; i++) {
        const struct field *field = &answer->fields[i];
        if (!is_ours(handle, field))
            continue;
        node->data = at;
        put(&at, field->name, strlen(field->name));
        put(&at, ": ", 2);
        put(&at, field->value, strlen(field->value) + 1);
        node->next = node + 1;
        last = node++;
    }
    if (last != NULL)
        last->next = NULL;
    return list;
}

static bool set_list(struct handle *handle, const struct answer *answer, const struct curl_slist *cookie)
{
    struct joined_list *list = make_list(handle, answer, cookie);
    if (list == NULL)
        return false;
    handle->transfer.list = list;
    if (handle->curl->easy_setopt(handle->easy, CURLOPT_HTTPHEADER, list->nodes) != CURLE_OK)
        return false;
    /* Else the list could reach a proxy's CONNECT on a later hop. */
    if (handle->script.header_option & CURLHEADER_SEPARATE)
        return true;
    handle->transfer.separated = true;
    return handle->curl->easy_setopt(handle->easy, CURLOPT_HEADEROPT, (long)CURLHEADER_SEPARATE) == CURLE_OK;
}

/* CURLOPT_COOKIE: the script's -b text and ours. */
static bool set_cookie(struct handle *handle, const char *ours)
{
    const char *script = handle->script.texts[TEXT_COOKIE];
    struct buffer line;
    buffer_init(&line, 16 * 1024 * 1024); /* above libcurl's own limit for a text option, 8 MB */
    if (script != NULL && script[0] != '\0') {
        buffer_text(&line, script);
        buffer_text(&line, "; ");
    }
    buffer_add(&line, ours, strlen(ours) + 1);
    handle->transfer.cookie_set = true;
    bool set = !line.failed && handle->curl->easy_setopt(handle->easy, CURLOPT_COOKIE, line.bytes) == CURLE_OK;
    buffer_free(&line);
    return set;
}

/* On a redirect to another origin libcurl leaves out Authorization and Cookie, which the daemon allowed for this hop.
   Where the script has a secret of its own it must not follow along; then ours is left out too. */
static bool allow_on_redirect(struct handle *handle)
{
    if (handle->script.unrestricted_auth || brought_secret(handle, handle->transfer.hop.target->host))
        return true;
    handle->transfer.unrestricted = true;
    return handle->curl->easy_setopt(handle->easy, CURLOPT_UNRESTRICTED_AUTH, 1L) == CURLE_OK;
}

bool attachment_put(struct handle *handle, const struct answer *answer)
{
    const struct curl_slist *field = header_find(handle->script.headers, "cookie");
    size_t length;
    bool has_value = field != NULL && header_value(field->data, &length) != NULL;
    const char *cookie = answer->cookie != NULL && answer->cookie[0] != '\0' ? answer->cookie : NULL;
    bool done = true;
    /* An empty jar: what comes back fills it. */
    if (answer->field_count == 0 && cookie == NULL)
        return true;
    if (answer->field_count > 0 || (cookie != NULL && has_value))
        done = set_list(handle, answer, cookie != NULL && has_value ? field : NULL);
    /* A script that suppresses the field ("Cookie:") gets none. */
    if (done && cookie != NULL && field == NULL)
        done = set_cookie(handle, cookie);
    if (done && handle->transfer.redirects > 0)
        done = allow_on_redirect(handle);
    if (!done)
        attachment_take_off(handle);
    return done;
}

void attachment_take_off(struct handle *handle)
{
    struct transfer *transfer = &handle->transfer;
    const struct script *script = &handle->script;
    /* Where the script set an option meanwhile, this sets the same once more. */
    if (transfer->list != NULL)
        handle->curl->easy_setopt(handle->easy, CURLOPT_HTTPHEADER, script->headers);
    if (transfer->cookie_set)
        handle->curl->easy_setopt(handle->easy, CURLOPT_COOKIE, script->texts[TEXT_COOKIE]);
    if (transfer->separated)
        handle->curl->easy_setopt(handle->easy, CURLOPT_HEADEROPT, script->header_option);
    if (transfer->unrestricted)
        handle->curl->easy_setopt(handle->easy, CURLOPT_UNRESTRICTED_AUTH, script->unrestricted_auth);
    transfer->cookie_set = transfer->separated = transfer->unrestricted = false;
    zero_free(transfer->list, transfer->list != NULL ? transfer->list->size : 0);
    transfer->list = NULL;
}
