#define _GNU_SOURCE
#include "netrc.h"

#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "buffer.h"

/* curl's own limits (lib/netrc.c). */
enum { FILE_MOST = 128 * 1024, LINE_MOST = 16384, TOKEN_MOST = 4096 };

struct reader {
    const char *at;
    bool excessive;
    char token[TOKEN_MOST];
};

static bool home_file(char *path, size_t size)
{
    const char *home = getenv("HOME");
    struct passwd entry, *found = NULL;
    char text[1024];
    if (home == NULL && getpwuid_r(geteuid(), &entry, text, sizeof text, &found) == 0 && found != NULL)
        home = found->pw_dir;
    if (home == NULL)
        return false;
    int length = snprintf(path, size, "%s/.netrc", home);
    return length > 0 && (size_t)length < size;
}

/* The file's bytes with a NUL behind them; NULL where it cannot be read. `excessive` where it is too long. */
static char *read_file(const char *path, bool *excessive)
{
    struct stat status;
    if (stat(path, &status) != 0)
        return NULL;
    /* A pipe is not even opened: only curl gets to read it. */
    *excessive = !S_ISREG(status.st_mode) || status.st_size > FILE_MOST;
    if (*excessive)
        return NULL;
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (file < 0)
        return NULL;
    char *bytes = calloc(1, FILE_MOST + 1);
    size_t length = 0;
    ssize_t count = bytes != NULL ? 1 : 0;
    while (count > 0 && length < FILE_MOST) {
        count = read(file, bytes + length, FILE_MOST - length);
        length += count > 0 ? (size_t)count : 0;
    }
    close(file);
    return bytes;
}

/* One token, quoted or plain, within the line. */
static bool next_token(struct reader *reader)
{
    size_t length = 0;
    reader->at += strspn(reader->at, " \t\r");
    bool quoted = *reader->at == '"';
    reader->at += quoted;
    while (*reader->at != '\0' && *reader->at != '\n') {
        if (quoted ? *reader->at == '"' : strchr(" \t\r", *reader->at) != NULL)
            break;
        if (quoted && reader->at[0] == '\\' && reader->at[1] != '\0' && reader->at[1] != '\n')
            reader->at++;
        if (length + 1 >= TOKEN_MOST) {
            reader->excessive = true;
            return false;
        }
        reader->token[length++] = *reader->at++;
    }
    if (quoted && *reader->at == '"')
        reader->at++;
    reader->token[length] = '\0';
    return length > 0 || quoted;
}

/* Whether a line names the host. `expecting`: the word before was `machine`. `macro`: inside of a macdef, which ends at
   an empty line. */
static bool line_names(struct reader *reader, const char *host, bool *expecting, bool *value, bool *macro)
{
    while (next_token(reader)) {
        if (*expecting) {
            *expecting = false;
            if (strcasecmp(reader->token, host) == 0)
                return true;
        } else if (*value) {
            *value = false; /* a login or a password may read `default` or `machine` */
        } else if (reader->token[0] == '#') {
            return false;
        } else if (strcasecmp(reader->token, "macdef") == 0) {
            *macro = true;
            return false;
        } else if (strcasecmp(reader->token, "default") == 0) {
            return true;
        } else {
            *expecting = strcasecmp(reader->token, "machine") == 0;
            *value = strcasecmp(reader->token, "login") == 0 || strcasecmp(reader->token, "password") == 0
                || strcasecmp(reader->token, "account") == 0;
        }
    }
    return reader->excessive;
}

static bool file_names(const char *bytes, const char *host)
{
    bool expecting = false, value = false, macro = false, found = false;
    struct reader *reader = calloc(1, sizeof *reader);
    if (reader == NULL)
        return true;
    for (const char *line = bytes; !found && *line != '\0';) {
        size_t length = strcspn(line, "\n");
        reader->at = line;
        if (macro)
            macro = strspn(line, "\r") < length;
        else
            found = length >= LINE_MOST || line_names(reader, host, &expecting, &value, &macro);
        line += length + (line[length] == '\n');
    }
    zero_free(reader, sizeof *reader);
    return found;
}

bool netrc_names(const char *path, const char *host)
{
    char own[1024];
    bool excessive = false;
    if (path == NULL && !home_file(own, sizeof own))
        return false;
    char *bytes = read_file(path != NULL ? path : own, &excessive);
    if (bytes == NULL)
        return excessive;
    bool found = file_names(bytes, host);
    zero_free(bytes, FILE_MOST + 1);
    return found;
}
