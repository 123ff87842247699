/* The functions of libcurl that the library stands in front of. Each does ours and passes on; a handle it does not
   know is passed on untouched. */
#include <stdarg.h>

#include "handle.h"
#include "masking.h"
#include "notice.h"
#include "question.h"
#include "settings.h"
#include "transfer.h"

#define OVERRIDES __attribute__((visibility("default")))
#define CALLER __builtin_return_address(0)

static const struct libcurl *curl_of(const struct handle *handle, const void *caller)
{
    return handle != NULL ? handle->curl : libcurl_of_caller(caller);
}

OVERRIDES CURL *curl_easy_init(void)
{
    const struct libcurl *curl = libcurl_of_caller(CALLER);
    CURL *easy = curl != NULL ? curl->easy_init() : NULL;
    if (easy != NULL && !libcurl_is_caller(curl, CALLER))
        handle_add(easy, curl, NULL);
    return easy;
}

/* A clone would carry what is attached during a transfer, and a callback that takes it for its original. */
static void clean_clone(CURL *clone, const struct handle *of)
{
    const struct script *script = &of->script;
    const struct libcurl *curl = of->curl;
    curl->easy_setopt(clone, CURLOPT_PREREQFUNCTION, script->prereq);
    curl->easy_setopt(clone, CURLOPT_PREREQDATA, script->prereq_data);
    curl->easy_setopt(clone, CURLOPT_HTTPHEADER, script->headers);
    curl->easy_setopt(clone, CURLOPT_COOKIE, script->texts[TEXT_COOKIE]);
    curl->easy_setopt(clone, CURLOPT_HEADEROPT, script->header_option);
    curl->easy_setopt(clone, CURLOPT_UNRESTRICTED_AUTH, script->unrestricted_auth);
    curl->easy_setopt(clone, CURLOPT_HTTPAUTH, script->http_auth);
    curl->easy_setopt(clone, CURLOPT_DEBUGFUNCTION, script->debug);
    curl->easy_setopt(clone, CURLOPT_DEBUGDATA, script->debug_data);
    if (of->with_token)
        curl->easy_setopt(clone, CURLOPT_XOAUTH2_BEARER, NULL);
}

OVERRIDES CURL *curl_easy_duphandle(CURL *easy)
{
    const struct handle *handle = handle_find(easy);
    const struct libcurl *curl = curl_of(handle, CALLER);
    CURL *clone = curl != NULL ? curl->easy_duphandle(easy) : NULL;
    if (clone != NULL && handle != NULL) {
        if (handle->called_back)
            clean_clone(clone, handle);
        handle_add(clone, curl, handle);
    }
    return clone;
}

OVERRIDES void curl_easy_reset(CURL *easy)
{
    struct handle *handle = handle_find(easy);
    const struct libcurl *curl = curl_of(handle, CALLER);
    if (curl == NULL)
        return;
    if (handle != NULL) {
        transfer_abandon(handle);
        script_free(&handle->script);
        url_forget(&handle->kept_url);
        question_forget(&handle->kept_question);
        handle->called_back = handle->prepared = handle->with_token = false;
    }
    curl->easy_reset(easy);
}

OVERRIDES void curl_easy_cleanup(CURL *easy)
{
    struct handle *handle = handle_remove(easy);
    const struct libcurl *curl = curl_of(handle, CALLER);
    if (handle != NULL)
        transfer_abandon(handle);
    if (curl != NULL)
        curl->easy_cleanup(easy);
    if (handle != NULL)
        handle_free(handle);
}

static void read_value(struct option_value *value, CURLoption option, va_list arguments)
{
    if (option < CURLOPTTYPE_OBJECTPOINT) {
        value->kind = VALUE_LONG;
        value->number = va_arg(arguments, long);
    } else if (option >= CURLOPTTYPE_OFF_T && option < CURLOPTTYPE_BLOB) {
        value->kind = VALUE_OFFSET;
        value->offset = va_arg(arguments, curl_off_t);
    } else if (option >= CURLOPTTYPE_FUNCTIONPOINT && option < CURLOPTTYPE_OFF_T) {
        value->kind = VALUE_FUNCTION;
        value->function = va_arg(arguments, void (*)(void));
    } else {
        value->kind = VALUE_POINTER;
        value->pointer = va_arg(arguments, void *);
    }
}

static CURLcode pass_on(const struct libcurl *curl, CURL *easy, CURLoption option, const struct option_value *value)
{
    switch (value->kind) {
    case VALUE_LONG:
        return curl->easy_setopt(easy, option, value->number);
    case VALUE_OFFSET:
        return curl->easy_setopt(easy, option, value->offset);
    case VALUE_FUNCTION:
        return curl->easy_setopt(easy, option, value->function);
    default:
        return curl->easy_setopt(easy, option, value->pointer);
    }
}

/* An option that holds ours now, and is put back to the script's value later: only recorded. */
static bool is_held(const struct handle *handle, CURLoption option)
{
    const struct transfer *transfer = &handle->transfer;
    switch (option) {
    case CURLOPT_PREREQFUNCTION:
    case CURLOPT_PREREQDATA:
        return handle->called_back;
    case CURLOPT_HEADEROPT:
        return transfer->separated;
    case CURLOPT_UNRESTRICTED_AUTH:
        return transfer->unrestricted;
    case CURLOPT_HTTPAUTH:
        return handle->prepared;
    case CURLOPT_DEBUGFUNCTION:
    case CURLOPT_DEBUGDATA:
        return transfer->masking;
    default:
        return false;
    }
}

OVERRIDES CURLcode curl_easy_setopt(CURL *easy, CURLoption option, ...)
{
    struct option_value value = {.kind = VALUE_POINTER};
    struct handle *handle = handle_find(easy);
    const struct libcurl *curl = curl_of(handle, CALLER);
    if (curl == NULL)
        return CURLE_FAILED_INIT;
    va_list arguments;
    va_start(arguments, option);
    read_value(&value, option, arguments);
    va_end(arguments);
    CURLcode code = CURLE_OK;
    if (handle == NULL || !is_held(handle, option))
        code = pass_on(curl, easy, option, &value);
    if (handle != NULL && code == CURLE_OK)
        script_record(&handle->script, option, &value);
    if (handle != NULL && option == CURLOPT_XOAUTH2_BEARER)
        handle->with_token = handle->transfer.hop.armed = false; /* it holds the script's now */
    if (handle != NULL && option == CURLOPT_VERBOSE && handle->transfer.running)
        masking_begin(handle);
    return code;
}

/* Without the callback nothing can be attached: that must not pass for --require. */
static bool is_refused(const struct libcurl *curl)
{
    if (settings()->disabled || !settings()->require || libcurl_attaches(curl))
        return false;
    notice_own(NOTICE_OLD_LIBCURL);
    return true;
}

OVERRIDES CURLcode curl_easy_perform(CURL *easy)
{
    struct handle *handle = handle_find(easy);
    const struct libcurl *curl = curl_of(handle, CALLER);
    if (curl == NULL)
        return CURLE_FAILED_INIT;
    if (is_refused(curl))
        return CURLE_ABORTED_BY_CALLBACK;
    bool begun = handle != NULL && transfer_begin(handle, NULL);
    /* This adds the handle to a multi handle of libcurl's own, through the overridden functions: they see that its
       transfer runs, and in no multi handle of the program's. */
    CURLcode code = curl->easy_perform(easy);
    if (begun)
        transfer_end(handle);
    return code;
}

OVERRIDES CURLMcode curl_multi_add_handle(CURLM *multi, CURL *easy)
{
    struct handle *handle = handle_find(easy);
    const struct libcurl *curl = curl_of(handle, CALLER);
    if (curl == NULL || is_refused(curl))
        return CURLM_BAD_EASY_HANDLE;
    bool begun = handle != NULL && transfer_begin(handle, multi);
    CURLMcode code = curl->multi_add_handle(multi, easy);
    if (begun && code != CURLM_OK)
        transfer_end(handle);
    return code;
}

OVERRIDES CURLMcode curl_multi_remove_handle(CURLM *multi, CURL *easy)
{
    struct handle *handle = handle_find(easy);
    const struct libcurl *curl = curl_of(handle, CALLER);
    if (curl == NULL)
        return CURLM_BAD_EASY_HANDLE;
    CURLMcode code = curl->multi_remove_handle(multi, easy);
    if (handle != NULL && code == CURLM_OK && handle->transfer.in_multi)
        transfer_end(handle);
    return code;
}

OVERRIDES CURLMsg *curl_multi_info_read(CURLM *multi, int *left)
{
    const struct libcurl *curl = libcurl_of_caller(CALLER);
    CURLMsg *message = curl != NULL ? curl->multi_info_read(multi, left) : NULL;
    if (message == NULL || message->msg != CURLMSG_DONE)
        return message;
    struct handle *handle = handle_find(message->easy_handle);
    if (handle != NULL && handle->transfer.in_multi)
        transfer_end(handle);
    return message;
}

OVERRIDES CURLMcode curl_multi_cleanup(CURLM *multi)
{
    const struct libcurl *curl = libcurl_of_caller(CALLER);
    struct handle *handle;
    if (curl == NULL)
        return CURLM_BAD_HANDLE;
    while (multi != NULL && (handle = handle_in_multi(multi)) != NULL)
        transfer_abandon(handle);
    return curl->multi_cleanup(multi);
}
