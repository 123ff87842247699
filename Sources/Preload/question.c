#define _GNU_SOURCE
#include "question.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#include "brought.h"
#include "folder.h"
#include "proxy.h"
#include "settings.h"

static void write_sessions(struct buffer *question)
{
    const struct settings *now = settings();
    buffer_text(question, ",\"sessions\":[");
    for (size_t i = 0; i < now->session_count; i++) {
        buffer_text(question, i > 0 ? "," : "");
        buffer_json_text(question, now->sessions[i]);
    }
    buffer_text(question, "]");
    /* What the person named by hand is what they want, here too. */
    if (now->session_count == 0)
        folder_write(question);
}

/* No more than what the agent takes for one, since it compares the address and the port for those hosts only. */
static bool is_loopback_name(const char *host)
{
    static const char domain[] = ".localhost";
    size_t length = strlen(host), tail = strlen(domain);
    struct in_addr address;
    return strcmp(host, domain + 1) == 0 || (length > tail && strcmp(host + length - tail, domain) == 0)
        || strcmp(host, "::1") == 0 || (strncmp(host, "127.", 4) == 0 && inet_pton(AF_INET, host, &address) == 1);
}

/* CURLOPT_CONNECT_TO sends the request to a host of the script's choice under the URL's name. Over https the
   certificate shows it, at a loopback host the address and the port do; otherwise it is told. All of the list counts,
   whichever host its entries are for: reading them as libcurl does is not worth a mistake. */
static bool is_detour(const struct handle *handle)
{
    const struct target *target = &handle->transfer.hop.target;
    return (handle->script.has & HAS_CONNECT_TO) && strcmp(target->scheme, "http") == 0
        && !is_loopback_name(target->host);
}

/* NULL where the peer proves nothing: at a Unix socket, for which libcurl gives a path or nothing. */
static const char *address_of(const struct handle *handle, const char *peer)
{
    struct in6_addr address;
    if (peer == NULL || (handle->script.has & (HAS_UNIX_SOCKET | HAS_ABSTRACT_SOCKET)))
        return NULL;
    return inet_pton(AF_INET, peer, &address) == 1 || inet_pton(AF_INET6, peer, &address) == 1 ? peer : NULL;
}

static bool is_verified(const struct script *script)
{
    return script->verify_peer != 0 && script->verify_host != 0 && !(script->has & HAS_TLS_CALLBACK);
}

static void write_transport(struct buffer *question, const struct handle *handle, const char *peer, int peer_port)
{
    buffer_text(question, ",\"peer\":");
    buffer_json_text(question, address_of(handle, peer));
    buffer_text(question, ",\"peer_port\":");
    buffer_json_number(question, peer_port);
    buffer_text(question, ",\"connect_to\":");
    buffer_json_bool(question, is_detour(handle));
    buffer_text(question, ",\"proxy\":");
    buffer_json_bool(question, proxy_in_use(handle, &handle->transfer.hop.target));
    buffer_text(question, ",\"verified\":");
    buffer_json_bool(question, is_verified(&handle->script));
}

static void write_brought(struct buffer *question, const struct handle *handle)
{
    const char *host = handle->transfer.hop.target.host;
    size_t length;
    const char *named = brought_host(handle, &length);
    buffer_text(question, ",\"host\":");
    if (named == NULL)
        buffer_text(question, "null");
    else
        buffer_json_string(question, named, length);
    buffer_text(question, ",\"brought\":");
    brought_write(question, handle, host);
    buffer_text(question, ",\"cookies\":");
    brought_cookies_write(question, handle, host);
}

static void write_method(struct buffer *question, const struct handle *handle)
{
    char *method = NULL;
    if (handle->curl->easy_getinfo(handle->easy, CURLINFO_EFFECTIVE_METHOD, &method) != CURLE_OK || method == NULL)
        method = "GET";
    buffer_text(question, ",\"method\":");
    buffer_json_text(question, method);
}

void question_write(struct buffer *question, const struct handle *handle, const char *peer, int peer_port)
{
    const struct transfer *transfer = &handle->transfer;
    buffer_text(question, "{\"method\":\"io.lanyard.Agent.Attach\",\"more\":true,\"parameters\":{\"protocol\":1");
    buffer_text(question, ",\"program\":");
    buffer_json_text(question, program_invocation_short_name);
    write_sessions(question);
    buffer_text(question, ",\"hop\":");
    buffer_json_number(question, transfer->redirects);
    buffer_text(question, ",\"left\":");
    buffer_json_bool(question, transfer->left);
    buffer_text(question, ",\"start\":");
    buffer_text(question, transfer->start.text);
    buffer_text(question, ",\"target\":");
    buffer_text(question, transfer->hop.target.text);
    write_method(question, handle);
    write_transport(question, handle, peer, peer_port);
    write_brought(question, handle);
    buffer_text(question, ",\"ambient\":");
    buffer_json_bool(question, !settings()->run);
    buffer_text(question, ",\"required\":");
    buffer_json_bool(question, settings()->require);
    buffer_text(question, "}}");
}
