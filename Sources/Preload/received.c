#include "received.h"

#include <stdlib.h>
#include <string.h>

#include "agent.h"

/* From one response (the design's limits); the agent takes 1 MiB in one message. */
enum { COOKIES_MOST = 1000, VALUE_MOST = 8 * 1024, MESSAGE_MOST = 1024 * 1024, REQUESTS_MOST = 10000 };

int received_request(const struct handle *handle)
{
    struct curl_header *header;
    if (handle->curl->easy_header == NULL)
        return -1;
    /* libcurl does not tell the number, which only grows; but asked for a request past the last it says so. */
    for (int request = handle->transfer.hop.request; request < REQUESTS_MOST; request++) {
        CURLHcode code = handle->curl->easy_header(handle->easy, "Set-Cookie", 0, CURLH_HEADER, request, &header);
        if (code == CURLHE_NOHEADERS)
            return -1;
        if (code == CURLHE_NOREQUEST)
            return request - 1;
    }
    return -1;
}

static bool is_plain(const char *value, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (((unsigned char)value[i] < 0x20 && value[i] != '\t') || value[i] == 0x7f)
            return false;
    return true;
}

/* The hop's Set-Cookie values as a JSON array; how many. */
static size_t write_cookies(struct buffer *message, const struct handle *handle)
{
    struct curl_header *header;
    size_t written = 0;
    buffer_text(message, "[");
    for (size_t i = 0; i < COOKIES_MOST; i++) {
        if (handle->curl->easy_header(handle->easy, "Set-Cookie", i, CURLH_HEADER, handle->transfer.hop.request,
                                      &header)
            != CURLHE_OK)
            break;
        size_t length = strlen(header->value);
        if (length > VALUE_MOST || !is_plain(header->value, length))
            continue;
        /* Past the message's limit the rest is left out: 6 bytes are what one byte takes at most, escaped. */
        if (6 * length + 8 > message->limit - message->length)
            break;
        buffer_text(message, written > 0 ? "," : "");
        buffer_json_string(message, header->value, length);
        written++;
    }
    buffer_text(message, "]}}");
    return written;
}

static void report(const struct handle *handle)
{
    const struct transfer *transfer = &handle->transfer;
    struct buffer message;
    buffer_init(&message, MESSAGE_MOST);
    buffer_text(&message, "{\"method\":\"io.lanyard.Agent.Received\",\"parameters\":{\"protocol\":1,\"session\":");
    buffer_json_text(&message, transfer->hop.session);
    buffer_text(&message, ",\"version\":");
    buffer_json_number(&message, transfer->hop.version);
    buffer_text(&message, ",\"target\":");
    buffer_text(&message, transfer->hop.target.text);
    buffer_text(&message, ",\"set_cookie\":");
    if (write_cookies(&message, handle) > 0)
        agent_tell(&message, transfer->in_multi);
    buffer_free(&message);
}

static bool brought_cookies(const struct handle *handle)
{
    struct curl_header *header;
    return handle->transfer.hop.session != NULL && handle->curl->easy_header != NULL
        && handle->curl->easy_header(handle->easy, "Set-Cookie", 0, CURLH_HEADER, handle->transfer.hop.request, &header)
        == CURLHE_OK;
}

void received_report(struct handle *handle, bool finished)
{
    struct hop *hop = &handle->transfer.hop;
    int current = brought_cookies(handle) ? received_request(handle) : -1;
    /* A cookie must not be taken for another hop's: where the numbers do not fit, none is reported. */
    if (current >= 0 && (finished ? hop->request <= current : hop->request < current))
        report(handle);
    free(hop->session);
    hop->session = NULL;
    target_free(&hop->target);
}
