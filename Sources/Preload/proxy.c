#define _GNU_SOURCE
#include "proxy.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

/* 8.7; not in the headers of Debian 12. */
enum { INFO_USED_PROXY = CURLINFO_LONG + 66, USED_PROXY_SINCE = 0x080700 };

static bool is_address(const char *host)
{
    size_t length = strlen(host);
    return strchr(host, ':') != NULL || (host[length - 1] >= '0' && host[length - 1] <= '9');
}

/* One entry of a no_proxy list, as curl_easy_setopt(3) describes it; only what every version of curl agrees on. A
   network like 10.0.0.0/8 is left to be in doubt. */
static bool entry_covers(const char *entry, size_t length, const char *host)
{
    size_t host_length = strlen(host);
    if (length == host_length && strncasecmp(entry, host, length) == 0)
        return true;
    if (length > 0 && entry[0] == '.') {
        entry++;
        length--;
    }
    if (length == 0 || is_address(host) || length >= host_length)
        return false;
    const char *tail = host + host_length - length;
    return tail[-1] == '.' && strncasecmp(entry, tail, length) == 0;
}

static bool list_covers(const char *list, const char *host)
{
    if (strcmp(list, "*") == 0)
        return true;
    while (*list != '\0') {
        list += strspn(list, " \t,");
        size_t length = strcspn(list, ",");
        const char *next = list + length;
        while (length > 0 && (list[length - 1] == ' ' || list[length - 1] == '\t'))
            length--;
        if (entry_covers(list, length, host))
            return true;
        list = next;
    }
    return false;
}

/* To libcurl a variable that is empty is not set. */
static const char *environment(const char *name, const char *upper_case)
{
    const char *value = getenv(name);
    if ((value == NULL || value[0] == '\0') && upper_case != NULL)
        value = getenv(upper_case);
    return value != NULL && value[0] != '\0' ? value : NULL;
}

/* One pass, since this is looked at for each request. */
static bool environment_has_proxies(void)
{
    for (char **entry = environ; entry != NULL && *entry != NULL; entry++) {
        const char *name = *entry;
        if ((*name | 0x20) != 'h' && (*name | 0x20) != 'a')
            continue;
        size_t length = strcspn(name, "=");
        if (length > strlen("_proxy") && strncasecmp(name + length - strlen("_proxy"), "_proxy", strlen("_proxy")) == 0)
            return true;
    }
    return false;
}

/* A proxy that the environment names for this scheme. HTTP_PROXY in upper case is not read: a CGI program's client
   could set it. */
static bool environment_names_proxy(const char *scheme)
{
    if (!environment_has_proxies())
        return false;
    const char *value = strcmp(scheme, "https") == 0 ? environment("https_proxy", "HTTPS_PROXY")
                                                     : environment("http_proxy", NULL);
    return value != NULL || environment("all_proxy", "ALL_PROXY") != NULL;
}

bool proxy_in_use(const struct handle *handle, const struct target *target)
{
    const struct script *script = &handle->script;
    const char *proxy = script->texts[TEXT_PROXY];
    const char *none = script->texts[TEXT_NOPROXY];
    long used = 1;
    if (script->has & HAS_PRE_PROXY)
        return true;
    if (handle->curl->version >= USED_PROXY_SINCE
        && handle->curl->easy_getinfo(handle->easy, (CURLINFO)INFO_USED_PROXY, &used) == CURLE_OK)
        return used != 0;
    if (proxy != NULL ? proxy[0] == '\0' : !environment_names_proxy(target->scheme))
        return false;
    if (none == NULL)
        none = environment("no_proxy", "NO_PROXY");
    return none == NULL || !list_covers(none, target->host);
}
