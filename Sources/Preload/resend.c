#include "resend.h"

#include <stdio.h>
#include <strings.h>

/* libcurl's own for "this one scheme or none"; more than one bit, so that it sends nothing before it is asked. */
static const long BEARER_IF_ASKED = (long)(CURLAUTH_BEARER | CURLAUTH_ONLY);

enum { ASKS_TOO_EARLY = 0x081700 };

/* What the script brings itself is sent as it says, and at once; so is what a redirect may name in its URL. */
static bool may_resend(const struct handle *handle)
{
    const struct script *script = &handle->script;
    return handle->curl->version < ASKS_TOO_EARLY && script->follow == 0 && script->http_auth == (long)CURLAUTH_BASIC
        && !(script->has & (HAS_CREDENTIAL | HAS_USERINFO)) && script->netrc == CURL_NETRC_IGNORED;
}

void resend_prepare(struct handle *handle)
{
    if (!may_resend(handle))
        resend_end(handle);
    else if (!handle->prepared)
        handle->prepared
            = handle->curl->easy_setopt(handle->easy, CURLOPT_HTTPAUTH, BEARER_IF_ASKED) == CURLE_OK;
}

static bool has_bearer(const struct answer *answer)
{
    for (size_t i = 0; i < answer->field_count; i++)
        if (strcasecmp(answer->fields[i].name, "authorization") == 0
            && strncasecmp(answer->fields[i].value, "Bearer ", 7) == 0)
            return true;
    return false;
}

/* libcurl would end the transfer with an error at a body that it cannot send again: a pipe's. */
static bool has_body_again(const struct script *script)
{
    switch (script->body) {
    case BODY_NONE:
    case BODY_FIELDS:
        return true;
    case BODY_READ:
        /* As libcurl itself will do. Nothing has been read yet. */
        return script->seek != NULL && script->resume == 0
            && script->seek(script->seek_data, 0, SEEK_SET) == CURL_SEEKFUNC_OK;
    default:
        return false;
    }
}

void resend_arm(struct handle *handle, const struct answer *answer)
{
    struct transfer *transfer = &handle->transfer;
    if (!handle->prepared || transfer->resends > 0 || !answer->renews || !has_bearer(answer)
        || !has_body_again(&handle->script))
        return;
    /* Any value: the header list has ours in its place. */
    if (!handle->with_token)
        handle->with_token = handle->curl->easy_setopt(handle->easy, CURLOPT_XOAUTH2_BEARER, "-") == CURLE_OK;
    transfer->hop.armed = handle->with_token;
}

bool resend_happens(const struct handle *handle)
{
    long status = 0;
    return handle->transfer.hop.armed
        && handle->curl->easy_getinfo(handle->easy, CURLINFO_RESPONSE_CODE, &status) == CURLE_OK && status == 401;
}

void resend_disarm(struct handle *handle)
{
    if (handle->with_token)
        handle->curl->easy_setopt(handle->easy, CURLOPT_XOAUTH2_BEARER, NULL);
    handle->with_token = false;
}

void resend_end(struct handle *handle)
{
    resend_disarm(handle);
    if (handle->prepared)
        handle->curl->easy_setopt(handle->easy, CURLOPT_HTTPAUTH, handle->script.http_auth);
    handle->prepared = false;
}
