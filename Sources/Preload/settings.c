#define _GNU_SOURCE
#include "settings.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <unistd.h>

static struct settings read_once;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void set_path(const char *folder, const char *name)
{
    int length = snprintf(read_once.socket, sizeof read_once.socket, "%s%s", folder, name);
    if (length < 0 || (size_t)length >= sizeof read_once.socket)
        read_once.socket[0] = '\0';
}

/* The same order as the daemon's and the command's. */
static void find_socket(void)
{
    const char *named = getenv("LANYARD_SOCKET");
    const char *runtime = getenv("XDG_RUNTIME_DIR");
    char folder[64];
    struct stat status;
    if (named != NULL && named[0] != '\0') {
        read_once.socket_named = true;
        set_path(named, "");
        return;
    }
    if (runtime != NULL && runtime[0] == '/') {
        set_path(runtime, "/lanyard/socket");
        return;
    }
    snprintf(folder, sizeof folder, "/run/user/%u", (unsigned)geteuid());
    if (stat(folder, &status) == 0 && S_ISDIR(status.st_mode)) {
        set_path(folder, "/lanyard/socket");
        return;
    }
    snprintf(folder, sizeof folder, "/tmp/lanyard-%u", (unsigned)geteuid());
    set_path(folder, "/socket");
}

static void read_run(const char *words)
{
    read_once.run = words != NULL;
    while (words != NULL && *words != '\0') {
        size_t length = strcspn(words, ",");
        if (length == 3 && memcmp(words, "say", 3) == 0)
            read_once.say = true;
        else if (length == 5 && memcmp(words, "quiet", 5) == 0)
            read_once.quiet = true;
        else if (length == 7 && memcmp(words, "require", 7) == 0)
            read_once.require = true;
        else if (length == 6 && memcmp(words, "reveal", 6) == 0)
            read_once.reveal = true;
        words += length + (words[length] == ',');
    }
}

static void read_sessions(const char *names)
{
    if (names == NULL || names[0] == '\0')
        return;
    while (*names != '\0' && !read_once.sessions_lost) {
        names += strspn(names, " ");
        size_t length = strcspn(names, ",");
        size_t kept = length;
        while (kept > 0 && names[kept - 1] == ' ')
            kept--;
        bool fits = read_once.session_count < SESSIONS_MOST;
        char *name = kept > 0 && fits ? strndup(names, kept) : NULL;
        if (name != NULL)
            read_once.sessions[read_once.session_count++] = name;
        read_once.sessions_lost = kept > 0 && name == NULL;
        names += length + (names[length] == ',');
    }
    read_once.sessions_lost = read_once.sessions_lost || read_once.session_count == 0;
}

/* Another C library has none, and may lay out what is shared with it in its own way. */
extern const char *gnu_get_libc_version(void) __attribute__((weak));

static void read_environment(void)
{
    read_once.disabled = getauxval(AT_SECURE) != 0 || gnu_get_libc_version == NULL;
    if (read_once.disabled)
        return;
    find_socket();
    const char *home = getenv("HOME");
    if (home != NULL && home[0] == '/')
        read_once.home = strdup(home);
    read_run(getenv("LANYARD_RUN"));
    read_sessions(getenv("LANYARD_SESSION"));
}

const struct settings *settings(void)
{
    pthread_once(&once, read_environment);
    return &read_once;
}
