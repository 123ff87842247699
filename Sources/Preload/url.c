#define _GNU_SOURCE
#include "url.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buffer.h"
#include "handle.h"

/* 7.88; a libcurl before it ignores the flag and gives the name as it stands, which is then refused below. */
#ifndef CURLU_PUNYCODE
#define CURLU_PUNYCODE (1 << 12)
#endif

/* A question has no room for more. */
enum { TEXT_MOST = 64 * 1024 };

/* Lower case without the locale's say. */
static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 'a' - 'A') : c;
}

static bool take_scheme(struct target *target, const char *scheme)
{
    for (size_t i = 0; i < sizeof target->scheme; i++) {
        target->scheme[i] = lower(scheme[i]);
        if (scheme[i] == '\0')
            return strcmp(target->scheme, "http") == 0 || strcmp(target->scheme, "https") == 0;
    }
    return false;
}

static bool take_host(struct target *target, const char *host)
{
    size_t length = strlen(host);
    if (length >= 2 && host[0] == '[' && host[length - 1] == ']') {
        host++;
        length -= 2;
    }
    if (length == 0 || length >= HOST_SIZE)
        return false;
    for (size_t i = 0; i < length; i++) {
        if (host[i] <= ' ' || host[i] >= 0x7f || host[i] == '%')
            return false;
        target->host[i] = lower(host[i]);
    }
    target->host[length] = '\0';
    return true;
}

/* Bytes that no URL may hold are written as libcurl writes them when it follows a redirect: percent-encoded. */
static char *encoded_path(const char *path, size_t length)
{
    char *to = length <= PATH_MOST ? malloc(3 * length + 1) : NULL;
    size_t written = 0;
    if (to == NULL)
        return NULL;
    for (size_t i = 0; i < length; i++) {
        unsigned char byte = (unsigned char)path[i];
        if (byte > ' ' && byte < 0x7f)
            to[written++] = (char)byte;
        else
            written += (size_t)snprintf(to + written, 4, "%%%02X", byte);
    }
    to[written] = '\0';
    return to;
}

/* The path that will be sent; NULL where it is none. */
static char *path_of(const char *path, const struct script *script)
{
    /* CURLOPT_REQUEST_TARGET is sent in place of the URL's path. */
    const char *sent = script->texts[TEXT_REQUEST_TARGET];
    if (sent == NULL)
        sent = path;
    return sent[0] == '/' ? encoded_path(sent, strcspn(sent, "?#")) : NULL;
}

static bool write_text(struct target *target, const char *path)
{
    struct buffer text;
    buffer_init(&text, TEXT_MOST);
    buffer_text(&text, "{\"scheme\":");
    buffer_json_text(&text, target->scheme);
    buffer_text(&text, ",\"host\":");
    buffer_json_text(&text, target->host);
    buffer_text(&text, ",\"port\":");
    buffer_json_number(&text, target->port);
    buffer_text(&text, ",\"path\":");
    buffer_json_text(&text, path);
    buffer_add(&text, "}", 2);
    if (!text.failed)
        target->text = text.bytes;
    else
        buffer_free(&text);
    return target->text != NULL;
}

static bool take_path(struct target *target, const char *path, const struct script *script)
{
    char *sent = path_of(path, script);
    bool taken = sent != NULL && write_text(target, sent);
    free(sent);
    return taken;
}

static bool take_port(struct target *target, const char *port, const struct script *script, bool redirected)
{
    target->port = strtol(port, NULL, 10);
    if (script->port == 0)
        return target->port > 0 && target->port <= 65535;
    /* CURLOPT_PORT overrides the URL's, on some redirects too: what is sent where cannot be told then. */
    target->port = script->port;
    return !redirected;
}

/* A part of the URL, to be freed with curl_free; NULL where there is none. */
static char *part_of(const struct libcurl *curl, CURLU *url, CURLUPart part, unsigned flags)
{
    char *text = NULL;
    return curl->url_get(url, part, &text, flags) == CURLUE_OK ? text : NULL;
}

/* An IPv6 address with a zone (RFC 6874) is another place on each machine: no session can be for it. */
static enum url_result take_parts(const struct libcurl *curl, CURLU *url, const struct script *script, bool redirected,
                                  struct target *target)
{
    enum url_result result = URL_UNUSABLE;
    char *scheme = part_of(curl, url, CURLUPART_SCHEME, 0);
    char *host = part_of(curl, url, CURLUPART_HOST, CURLU_PUNYCODE);
    char *zone = part_of(curl, url, CURLUPART_ZONEID, 0);
    char *port = part_of(curl, url, CURLUPART_PORT, CURLU_DEFAULT_PORT);
    char *path = part_of(curl, url, CURLUPART_PATH, 0);
    if (scheme != NULL && !take_scheme(target, scheme))
        result = URL_OTHER_SCHEME;
    else if (zone == NULL && scheme != NULL && host != NULL && port != NULL && path != NULL && take_host(target, host)
             && take_port(target, port, script, redirected) && take_path(target, path, script))
        result = URL_READ;
    curl->free(scheme);
    curl->free(host);
    curl->free(zone);
    curl->free(port);
    curl->free(path);
    return result;
}

static bool has_userinfo(const struct libcurl *curl, CURLU *url)
{
    char *user = part_of(curl, url, CURLUPART_USER, 0);
    char *password = part_of(curl, url, CURLUPART_PASSWORD, 0);
    bool found = user != NULL || password != NULL;
    curl->free(user);
    curl->free(password);
    return found;
}

static enum url_result read_url(struct handle *handle, const char *text, struct target *target, bool *userinfo)
{
    const struct libcurl *curl = handle->curl;
    const struct script *script = &handle->script;
    enum url_result result = URL_UNUSABLE;
    CURLU *url = curl->url();
    *userinfo = false;
    if (url == NULL)
        return result;
    /* libcurl's own flags when it parses the URL of a transfer. */
    unsigned flags = CURLU_GUESS_SCHEME | CURLU_NON_SUPPORT_SCHEME | (script->path_as_is ? CURLU_PATH_AS_IS : 0);
    if (curl->url_set(url, CURLUPART_URL, text, flags) == CURLUE_OK) {
        result = take_parts(curl, url, script, handle->transfer.redirects > 0, target);
        *userinfo = has_userinfo(curl, url);
    }
    curl->url_cleanup(url);
    return result;
}

/* Whether the URL alone says what is read in it, and no option of the script's does. */
static bool is_plain(const struct script *script)
{
    return script->port == 0 && script->path_as_is == 0 && script->texts[TEXT_REQUEST_TARGET] == NULL;
}

/* For a host that is not ASCII the locale has a say. */
static bool is_ascii(const char *url)
{
    for (; *url != '\0'; url++)
        if ((unsigned char)*url >= 0x80)
            return false;
    return true;
}

static void keep(struct kept_url *kept, const char *url, struct target *target, bool userinfo)
{
    url_forget(kept);
    kept->url = strdup(url);
    kept->userinfo = userinfo;
    if (kept->url != NULL)
        kept->target = target_share(target);
}

enum url_result url_of_request(struct handle *handle)
{
    struct kept_url *kept = &handle->kept_url;
    struct transfer *transfer = &handle->transfer;
    char *url = NULL;
    bool userinfo;
    if (handle->curl->easy_getinfo(handle->easy, CURLINFO_EFFECTIVE_URL, &url) != CURLE_OK || url == NULL)
        return URL_UNUSABLE;
    bool plain = is_plain(&handle->script);
    if (plain && kept->url != NULL && strcmp(kept->url, url) == 0) {
        transfer->userinfo |= kept->userinfo;
        transfer->hop.target = target_share(kept->target);
        return URL_READ;
    }
    struct target *target = target_share(calloc(1, sizeof *target));
    if (target == NULL)
        return URL_UNUSABLE;
    enum url_result result = read_url(handle, url, target, &userinfo);
    transfer->userinfo |= userinfo;
    if (plain && result == URL_READ && is_ascii(url))
        keep(kept, url, target, userinfo);
    if (result == URL_READ)
        transfer->hop.target = target;
    else
        target_release(target);
    return result;
}

void url_forget(struct kept_url *kept)
{
    zero_free(kept->url, kept->url != NULL ? strlen(kept->url) : 0);
    target_release(kept->target);
    *kept = (struct kept_url){.url = NULL};
}

struct target *target_share(struct target *target)
{
    if (target != NULL)
        target->references++;
    return target;
}

void target_release(struct target *target)
{
    if (target == NULL || --target->references > 0)
        return;
    free(target->text);
    free(target);
}
