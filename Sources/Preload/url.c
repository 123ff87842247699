#define _GNU_SOURCE
#include "url.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "script.h"

/* 7.88; a libcurl before it ignores the flag and gives the name as it stands, which is then refused below. */
#ifndef CURLU_PUNYCODE
#define CURLU_PUNYCODE (1 << 12)
#endif

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

static bool take_path(struct target *target, const char *path, const struct script *script)
{
    /* CURLOPT_REQUEST_TARGET is sent in place of the URL's path. */
    const char *sent = script->texts[TEXT_REQUEST_TARGET];
    if (sent == NULL)
        sent = path;
    if (sent[0] != '/')
        return false;
    target->path = encoded_path(sent, strcspn(sent, "?#"));
    return target->path != NULL;
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

enum url_result url_of_request(const struct libcurl *curl, CURL *easy, const struct script *script, bool redirected,
                               struct target *target, bool *userinfo)
{
    char *text = NULL;
    enum url_result result = URL_UNUSABLE;
    *target = (struct target){.path = NULL};
    if (curl->easy_getinfo(easy, CURLINFO_EFFECTIVE_URL, &text) != CURLE_OK || text == NULL)
        return result;
    CURLU *url = curl->url();
    if (url == NULL)
        return result;
    /* libcurl's own flags when it parses the URL of a transfer. */
    unsigned flags = CURLU_GUESS_SCHEME | CURLU_NON_SUPPORT_SCHEME | (script->path_as_is ? CURLU_PATH_AS_IS : 0);
    if (curl->url_set(url, CURLUPART_URL, text, flags) == CURLUE_OK) {
        result = take_parts(curl, url, script, redirected, target);
        *userinfo = *userinfo || has_userinfo(curl, url);
    }
    curl->url_cleanup(url);
    return result;
}

bool target_copy(struct target *to, const struct target *from)
{
    *to = *from;
    to->path = from->path != NULL ? strdup(from->path) : NULL;
    return to->path != NULL;
}

void target_free(struct target *target)
{
    free(target->path);
    *target = (struct target){.path = NULL};
}

void target_write(struct buffer *buffer, const struct target *target)
{
    buffer_text(buffer, "{\"scheme\":");
    buffer_json_text(buffer, target->scheme);
    buffer_text(buffer, ",\"host\":");
    buffer_json_text(buffer, target->host);
    buffer_text(buffer, ",\"port\":");
    buffer_json_number(buffer, target->port);
    buffer_text(buffer, ",\"path\":");
    buffer_json_text(buffer, target->path);
    buffer_text(buffer, "}");
}
