#define _GNU_SOURCE
#include "notice.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lock.h"
#include "settings.h"

/* More kinds of notice than this in one process are a flood. */
enum { PRINTED_MOST = 64 };

static uint64_t printed[PRINTED_MOST];
static int printed_count;

/* FNV-1a: no one gains by a collision but one line less on stderr. */
static uint64_t hash_of(const char *line)
{
    uint64_t hash = 14695981039346656037u;
    for (; *line != '\0'; line++)
        hash = (hash ^ (unsigned char)*line) * 1099511628211u;
    return hash;
}

static int remember(uint64_t hash)
{
    lock();
    int is_new = printed_count < PRINTED_MOST;
    for (int i = 0; i < printed_count; i++)
        if (printed[i] == hash)
            is_new = 0;
    if (is_new)
        printed[printed_count++] = hash;
    unlock();
    return is_new;
}

void notice(const char *line)
{
    const struct settings *now = settings();
    char text[1024];
    if (!(now->say || now->require) || now->quiet || !remember(hash_of(line)))
        return;
    int length = snprintf(text, sizeof text - 1, "lanyard: %s", line);
    if (length < 0)
        return;
    if ((size_t)length > sizeof text - 2)
        length = sizeof text - 2;
    text[length] = '\n';
    /* One write, so that lines of parallel programs do not mix; a stderr that is gone is no reason to fail. */
    ssize_t written = write(STDERR_FILENO, text, (size_t)length + 1);
    (void)written;
}

void notice_own(const char *sentence)
{
    const struct settings *now = settings();
    char line[512];
    const char *path = strstr(sentence, "%s");
    int before = path != NULL ? (int)(path - sentence) : (int)strlen(sentence);
    snprintf(line, sizeof line, "%.*s%s%s: %s", before, sentence, path != NULL ? now->socket : "",
             path != NULL ? path + 2 : "", now->require ? NOTICE_ABORTED : NOTICE_WITHOUT);
    notice(line);
}
