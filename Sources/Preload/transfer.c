#include "transfer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "agent.h"
#include "attachment.h"
#include "masking.h"
#include "notice.h"
#include "question.h"
#include "received.h"
#include "resend.h"
#include "settings.h"

/* Whether a hop that got this answer was still inside of the session's protection space. Anything that does not say so
   counts as having left it: where a hop went is for the daemon to know. */
static bool stays(const struct answer *answer)
{
    return answer->session != NULL || strcmp(answer->reason, "no-cookie") == 0;
}

static const char *sentence_for(enum agent_result result)
{
    switch (result) {
    case AGENT_NONE:
        return NOTICE_NO_DAEMON;
    case AGENT_LATE:
        return NOTICE_LATE;
    case AGENT_RENEWING:
        return NOTICE_RENEWING;
    case AGENT_PAUSED:
        return NOTICE_PAUSED;
    default:
        return NOTICE_SENSELESS;
    }
}

static bool use_answer(struct handle *handle, struct answer *answer)
{
    bool attached = false;
    for (size_t i = 0; i < answer->notice_count; i++)
        notice(answer->notices[i]);
    if (answer->session != NULL && attachment_put(handle, answer)) {
        handle->transfer.hop.answer = answer_share(answer);
        attached = true;
        resend_arm(handle, answer);
    }
    if (!attached && answer->notice_count == 0 && settings()->require)
        notice_own(NOTICE_NOTHING);
    return attached;
}

/* Asks about the request to hop.target and attaches the answer. */
static bool ask_and_attach(struct handle *handle, const char *peer, int peer_port)
{
    struct transfer *transfer = &handle->transfer;
    struct answer *answer;
    const struct buffer *question = question_of(handle, peer, peer_port, &answer);
    bool attached = false, stayed = false;
    if (question->failed) {
        notice_own(NOTICE_UNREADABLE);
    } else {
        enum agent_result result = AGENT_ANSWERED;
        if (answer == NULL)
            result = agent_ask(question, transfer->in_multi, handle->script.timeout_ms, &answer);
        if (result == AGENT_ANSWERED) {
            attached = use_answer(handle, answer);
            stayed = stays(answer);
            answer_release(answer);
        } else {
            notice_own(sentence_for(result));
        }
    }
    transfer->left = transfer->left || (transfer->redirects > 0 && !stayed);
    return attached;
}

/* One hop. False: it must not be sent, as --require asks. */
static bool attach(struct handle *handle, const char *peer, int peer_port)
{
    struct transfer *transfer = &handle->transfer;
    bool resent = resend_happens(handle);
    transfer->resends += resent;
    transfer->refused = resent ? transfer->hop.answer->version : 0;
    transfer->hop.armed = false;
    attachment_take_off(handle);
    received_report(handle, false);
    transfer->callbacks++;
    int request = received_request(handle);
    transfer->hop.request = request >= 0 ? request : transfer->callbacks - 1;
    handle->curl->easy_getinfo(handle->easy, CURLINFO_REDIRECT_COUNT, &transfer->redirects);
    transfer->redirects -= transfer->resends;
    enum url_result result = url_of_request(handle);
    if (transfer->callbacks == 1)
        transfer->start = target_share(transfer->hop.target);
    bool narrowed = !settings()->sessions_lost;
    if (narrowed && result == URL_READ && transfer->start != NULL)
        return ask_and_attach(handle, peer, peer_port) || !settings()->require;
    transfer->left = true;
    if (result == URL_OTHER_SCHEME)
        return true;
    notice_own(narrowed ? NOTICE_UNREADABLE : NOTICE_SESSIONS);
    return !settings()->require;
}

static int before_request(void *of_handle, char *peer, char *local, int peer_port, int local_port)
{
    struct handle *handle = of_handle;
    int error = errno;
    bool may_go = !handle->transfer.running || attach(handle, peer, peer_port);
    if (!handle->transfer.hop.armed)
        resend_disarm(handle);
    errno = error;
    if (!may_go)
        return CURL_PREREQFUNC_ABORT;
    const struct script *script = &handle->script;
    return script->prereq != NULL ? script->prereq(script->prereq_data, peer, local, peer_port, local_port)
                                  : CURL_PREREQFUNC_OK;
}

static bool is_called_back(struct handle *handle)
{
    const struct libcurl *curl = handle->curl;
    if (!handle->called_back && libcurl_attaches(curl))
        handle->called_back = curl->easy_setopt(handle->easy, CURLOPT_PREREQFUNCTION, before_request) == CURLE_OK
            && curl->easy_setopt(handle->easy, CURLOPT_PREREQDATA, handle) == CURLE_OK;
    return handle->called_back;
}

bool transfer_begin(struct handle *handle, CURLM *multi)
{
    if (handle->transfer.running || !is_called_back(handle))
        return false;
    handle->transfer = (struct transfer){.running = true, .in_multi = multi != NULL};
    handle_set_multi(handle, multi);
    resend_prepare(handle);
    masking_begin(handle);
    return true;
}

void transfer_end(struct handle *handle)
{
    int error = errno;
    if (handle->transfer.running)
        received_report(handle, true);
    transfer_abandon(handle);
    errno = error;
}

void transfer_abandon(struct handle *handle)
{
    if (!handle->transfer.running)
        return;
    masking_end(handle);
    attachment_take_off(handle);
    answer_release(handle->transfer.hop.answer);
    target_release(handle->transfer.hop.target);
    target_release(handle->transfer.start);
    handle->transfer = (struct transfer){.running = false};
    handle_set_multi(handle, NULL);
}
