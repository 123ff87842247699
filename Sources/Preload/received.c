#include "received.h"

#include <stdlib.h>
#include <string.h>

#include "agent.h"
#include "brought.h"
#include "question.h"
#include "utf8.h"

/* From one response (the design's limits); the agent takes 1 MiB in one message. */
enum { COOKIES_MOST = 1000, CHALLENGES_MOST = 8, VALUE_MOST = 8 * 1024, MESSAGE_MOST = 1024 * 1024, REQUESTS_MOST = 10000 };

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

/* The value of the hop's Set-Cookie field of this number; NULL past the last. */
static const char *set_cookie(const struct handle *handle, size_t number)
{
    struct curl_header *header;
    if (number >= COOKIES_MOST
        || handle->curl->easy_header(handle->easy, "Set-Cookie", number, CURLH_HEADER, handle->transfer.hop.request,
                                     &header)
            != CURLHE_OK)
        return NULL;
    return header->value;
}

static bool is_text(const char *value)
{
    size_t sequence = 1;
    for (size_t left = strlen(value); left > 0 && sequence > 0; value += sequence, left -= sequence)
        sequence = utf8_sequence(value, left);
    return sequence > 0;
}

/* The hop's Set-Cookie values as a member; how many. JSON holds text alone: where one is none, all are told in digits,
   because their order counts. */
static size_t write_cookies(struct buffer *message, const struct handle *handle)
{
    const char *value;
    bool text = true;
    size_t written = 0;
    for (size_t i = 0; text && (value = set_cookie(handle, i)) != NULL; i++)
        text = is_text(value);
    buffer_text(message, text ? ",\"set_cookie\":[" : ",\"set_cookie_hex\":[");
    for (size_t i = 0; (value = set_cookie(handle, i)) != NULL; i++) {
        size_t length = strlen(value);
        if (length > VALUE_MOST || !is_plain(value, length))
            continue;
        /* Past the message's limit the rest is left out: 6 bytes are what one byte takes at most, escaped. */
        if (6 * length + 8 > message->limit - message->length)
            break;
        buffer_text(message, written > 0 ? "," : "");
        (text ? buffer_json_string : buffer_json_hex)(message, value, length);
        written++;
    }
    buffer_text(message, "]}}");
    return written;
}

/* The status of the hop's answer: 0 where it says nothing of a session. 304 does not, nor does what failed at the server;
   what went well does where the session is in doubt. */
static long telling_status(const struct handle *handle)
{
    long status = 0;
    if (handle->curl->easy_getinfo(handle->easy, CURLINFO_RESPONSE_CODE, &status) != CURLE_OK)
        return 0;
    return status >= (handle->transfer.hop.answer->watch ? 200 : 300) && status < 500 && status != 304 ? status : 0;
}

/* What an answer that refuses the session asks for (WWW-Authenticate), as a member. */
static void write_challenges(struct buffer *message, const struct handle *handle)
{
    struct curl_header *header;
    buffer_text(message, ",\"challenge\":[");
    for (size_t i = 0, written = 0; i < CHALLENGES_MOST; i++) {
        if (handle->curl->easy_header(handle->easy, "WWW-Authenticate", i, CURLH_HEADER, handle->transfer.hop.request,
                                      &header)
            != CURLHE_OK)
            break;
        size_t length = strlen(header->value);
        if (length > VALUE_MOST || !is_plain(header->value, length))
            continue;
        buffer_text(message, written++ > 0 ? "," : "");
        buffer_json_string(message, header->value, length);
    }
    buffer_text(message, "]");
}

/* The status, and where the answer leads, as members. */
static void write_status(struct buffer *message, const struct handle *handle, long status)
{
    struct curl_header *header;
    buffer_text(message, ",\"status\":");
    buffer_json_number(message, status);
    /* By now a redirect may have changed it. */
    if (status == 401) {
        buffer_text(message, ",\"method\":");
        buffer_json_text(message, question_method(handle));
    }
    if (status == 401 || status == 403)
        write_challenges(message, handle);
    if (handle->curl->easy_header(handle->easy, "Location", 0, CURLH_HEADER, handle->transfer.hop.request, &header)
        != CURLHE_OK)
        return;
    size_t length = strlen(header->value);
    if (length > VALUE_MOST || !is_plain(header->value, length))
        return;
    buffer_text(message, ",\"location\":");
    buffer_json_string(message, header->value, length);
}

static void report(const struct handle *handle, bool with_cookies)
{
    const struct transfer *transfer = &handle->transfer;
    struct buffer message;
    buffer_init(&message, MESSAGE_MOST);
    buffer_text(&message, "{\"method\":\"io.lanyard.Agent.Received\",\"parameters\":{\"protocol\":1,\"session\":");
    buffer_json_text(&message, transfer->hop.answer->session);
    buffer_text(&message, ",\"version\":");
    buffer_json_number(&message, transfer->hop.answer->version);
    buffer_text(&message, ",\"target\":");
    buffer_text(&message, transfer->hop.target->text);
    buffer_text(&message, ",\"start\":");
    buffer_text(&message, transfer->start->text);
    buffer_text(&message, ",\"cookies\":");
    brought_cookies_write(&message, handle, transfer->hop.target->host);
    long status = telling_status(handle);
    if (status != 0)
        write_status(&message, handle, status);
    size_t cookies = 0;
    if (with_cookies)
        cookies = write_cookies(&message, handle);
    else
        buffer_text(&message, ",\"set_cookie\":[]}}");
    buffer_add(&message, "", 1);
    if (cookies > 0 || status != 0)
        agent_tell(&message, transfer->in_multi);
    buffer_free(&message);
}

/* Whether cookies came back that are the session's to keep; a script with an engine of its own keeps them itself. */
static bool has_cookies(const struct handle *handle)
{
    struct curl_header *header;
    return !(handle->script.has & HAS_COOKIE_ENGINE) && handle->transfer.hop.answer != NULL && handle->curl->easy_header != NULL
        && handle->curl->easy_header(handle->easy, "Set-Cookie", 0, CURLH_HEADER, handle->transfer.hop.request, &header)
        == CURLHE_OK;
}

/* Whether the hop carried a session, and its answer may say that it has ended. */
static bool carried_and_tells(const struct handle *handle)
{
    return handle->transfer.hop.answer != NULL && handle->curl->easy_header != NULL && telling_status(handle) != 0;
}

void received_report(struct handle *handle, bool finished)
{
    struct hop *hop = &handle->transfer.hop;
    bool with_cookies = has_cookies(handle);
    int current = with_cookies || carried_and_tells(handle) ? received_request(handle) : -1;
    /* A cookie must not be taken for another hop's: where the numbers do not fit, nothing is reported. */
    if (current >= 0 && (finished ? hop->request <= current : hop->request < current))
        report(handle, with_cookies);
    answer_release(hop->answer);
    hop->answer = NULL;
    hop->mask_rest = NULL;
    target_release(hop->target);
    hop->target = NULL;
}
