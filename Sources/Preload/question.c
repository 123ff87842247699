#define _GNU_SOURCE
#include "question.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#include "brought.h"
#include "folder.h"
#include "kept_answer.h"
#include "proxy.h"
#include "settings.h"

static void write_sessions(struct buffer *question, const struct buffer *files)
{
    const struct settings *now = settings();
    buffer_text(question, ",\"sessions\":[");
    for (size_t i = 0; i < now->session_count; i++) {
        buffer_text(question, i > 0 ? "," : "");
        buffer_json_text(question, now->sessions[i]);
    }
    buffer_text(question, "]");
    buffer_add(question, files->bytes, files->length);
}

/* The directory's files, which may be another at each request. What the person named by hand is what they want, here
   too. */
static struct buffer files_of_directory(void)
{
    struct buffer files;
    buffer_init(&files, QUESTION_MOST);
    if (settings()->session_count == 0)
        folder_write(&files);
    return files;
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
    const struct target *target = handle->transfer.hop.target;
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

static void write_transport(struct buffer *question, const struct handle *handle, const char *peer, int peer_port,
                            bool proxied)
{
    buffer_text(question, ",\"peer\":");
    buffer_json_text(question, address_of(handle, peer));
    buffer_text(question, ",\"peer_port\":");
    buffer_json_number(question, peer_port);
    buffer_text(question, ",\"connect_to\":");
    buffer_json_bool(question, is_detour(handle));
    buffer_text(question, ",\"proxy\":");
    buffer_json_bool(question, proxied);
    buffer_text(question, ",\"verified\":");
    buffer_json_bool(question, is_verified(&handle->script));
}

static void write_brought(struct buffer *question, const struct handle *handle)
{
    const char *host = handle->transfer.hop.target->host;
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

const char *question_method(const struct handle *handle)
{
    char *method = NULL;
    bool told = handle->curl->easy_getinfo(handle->easy, CURLINFO_EFFECTIVE_METHOD, &method) == CURLE_OK;
    return told && method != NULL ? method : "GET";
}

static void write_question(struct buffer *question, const struct handle *handle, const struct buffer *files,
                           const char *method, const char *peer, int peer_port, bool proxied)
{
    const struct transfer *transfer = &handle->transfer;
    buffer_text(question, "{\"method\":\"io.lanyard.Agent.Attach\",\"more\":true,\"parameters\":{\"protocol\":1");
    buffer_text(question, ",\"program\":");
    buffer_json_text(question, program_invocation_short_name);
    write_sessions(question, files);
    buffer_text(question, ",\"hop\":");
    buffer_json_number(question, transfer->redirects);
    buffer_text(question, ",\"left\":");
    buffer_json_bool(question, transfer->left);
    if (transfer->refused != 0) {
        buffer_text(question, ",\"refused\":");
        buffer_json_number(question, transfer->refused);
    }
    buffer_text(question, ",\"start\":");
    buffer_text(question, transfer->start->text);
    buffer_text(question, ",\"target\":");
    buffer_text(question, transfer->hop.target->text);
    buffer_text(question, ",\"method\":");
    buffer_json_text(question, method);
    write_transport(question, handle, peer, peer_port, proxied);
    write_brought(question, handle);
    buffer_text(question, ",\"ambient\":");
    buffer_json_bool(question, !settings()->run);
    buffer_text(question, ",\"required\":");
    buffer_json_bool(question, settings()->require);
    buffer_add(question, "}}", sizeof "}}");
}

/* The first request of a transfer, of which all that the question is made of can be compared: no netrc, which may have
   changed, and no cookies of libcurl's own engine. */
static bool is_comparable(const struct handle *handle)
{
    const struct transfer *transfer = &handle->transfer;
    struct curl_slist *engine = NULL;
    if (transfer->callbacks != 1 || transfer->left || transfer->redirects != 0 || transfer->start != transfer->hop.target
        || handle->script.netrc != CURL_NETRC_IGNORED
        || handle->curl->easy_getinfo(handle->easy, CURLINFO_COOKIELIST, &engine) != CURLE_OK)
        return false;
    handle->curl->slist_free_all(engine);
    return engine == NULL;
}

/* The list belongs to the script, which may change it in place. */
static bool has_same_headers(const struct buffer *kept, const struct curl_slist *headers)
{
    size_t at = 0;
    for (; headers != NULL; headers = headers->next) {
        size_t size = headers->data != NULL ? strlen(headers->data) + 1 : 0;
        if (size == 0 || size > kept->length - at || memcmp(kept->bytes + at, headers->data, size) != 0)
            return false;
        at += size;
    }
    return at == kept->length;
}

static bool has_same_files(const struct kept_question *kept, const struct buffer *files)
{
    return !files->failed && kept->files.length == files->length
        && (files->length == 0 || memcmp(kept->files.bytes, files->bytes, files->length) == 0);
}

static bool is_kept(const struct handle *handle, const char *method, const char *peer, int peer_port, bool proxied)
{
    const struct kept_question *kept = &handle->kept_question;
    return kept->target == handle->transfer.hop.target && kept->changes == handle->script.changes
        && kept->peer_port == peer_port && kept->proxied == proxied && strcmp(kept->peer, peer != NULL ? peer : "") == 0
        && strcmp(kept->method, method) == 0 && has_same_headers(&kept->headers, handle->script.headers);
}

static bool keep_text(char *to, size_t size, const char *text)
{
    size_t length = strlen(text);
    if (length >= size)
        return false;
    memcpy(to, text, length + 1);
    return true;
}

static void keep(struct handle *handle, const char *method, const char *peer, int peer_port, bool proxied)
{
    struct kept_question *kept = &handle->kept_question;
    buffer_init(&kept->headers, QUESTION_MOST);
    for (const struct curl_slist *entry = handle->script.headers; entry != NULL; entry = entry->next)
        if (entry->data != NULL)
            buffer_add(&kept->headers, entry->data, strlen(entry->data) + 1);
    if (kept->text.failed || kept->headers.failed || !keep_text(kept->method, sizeof kept->method, method)
        || !keep_text(kept->peer, sizeof kept->peer, peer != NULL ? peer : ""))
        return;
    kept->peer_port = peer_port;
    kept->proxied = proxied;
    kept->changes = handle->script.changes;
    kept->target = target_share(handle->transfer.hop.target);
}

const struct buffer *question_of(struct handle *handle, const char *peer, int peer_port, struct answer **answer)
{
    struct kept_question *kept = &handle->kept_question;
    bool proxied = proxy_in_use(handle, handle->transfer.hop.target);
    bool comparable = is_comparable(handle);
    const char *method = question_method(handle);
    bool same = comparable && is_kept(handle, method, peer, peer_port, proxied);
    *answer = same ? kept_answer_find(&kept->text) : NULL;
    if (*answer != NULL && (*answer)->anywhere)
        return &kept->text;
    answer_release(*answer);
    *answer = NULL;
    struct buffer files = files_of_directory();
    if (same && has_same_files(kept, &files)) {
        buffer_free(&files);
        return &kept->text;
    }
    question_forget(kept);
    buffer_init(&kept->text, QUESTION_MOST);
    write_question(&kept->text, handle, &files, method, peer, peer_port, proxied);
    /* Without them the sessions would not be limited as the person wants. */
    kept->text.failed = kept->text.failed || files.failed;
    kept->files = files;
    if (comparable)
        keep(handle, method, peer, peer_port, proxied);
    return &kept->text;
}

void question_forget(struct kept_question *kept)
{
    buffer_free(&kept->text);
    buffer_free(&kept->headers);
    buffer_free(&kept->files);
    target_release(kept->target);
    kept->target = NULL;
}
