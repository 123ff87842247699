/* Loaded into lanyardd by a test: writes down, in order, what makes a file durable, and what is sent.
   Each line is the call, its file with the folder it is in, and for a rename the folder and the new name. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void note(const char *call, int fd, const char *name)
{
    char link[64], path[4096] = "", line[8192];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    path[length > 0 ? length : 0] = '\0';
    /* Without the folders above its own: they differ between runs. */
    char *last = strrchr(path, '/');
    char *before = last != NULL ? memrchr(path, '/', (size_t)(last - path)) : NULL;
    const char *shown = before != NULL ? before + 1 : path;
    int count = snprintf(line, sizeof line, "%s %s%s%s\n", call, shown, name ? " " : "", name ? name : "");
    int trace = open(getenv("TRACE"), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (write(trace, line, (size_t)count) != count)
        abort();
    close(trace);
}

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

int fsync(int fd) { note("sync", fd, NULL); return NEXT(fsync)(fd); }
int fdatasync(int fd) { note("sync", fd, NULL); return NEXT(fdatasync)(fd); }
ssize_t pwrite(int fd, const void *bytes, size_t count, off_t at) { note("write", fd, NULL); return NEXT(pwrite)(fd, bytes, count, at); }
ssize_t send(int fd, const void *bytes, size_t count, int flags) { note("send", fd, NULL); return NEXT(send)(fd, bytes, count, flags); }
int renameat(int from_folder, const char *from, int to_folder, const char *to)
{
    note("rename", from_folder, to);
    return NEXT(renameat)(from_folder, from, to_folder, to);
}
