/* Loaded into the daemon: a disk that is slow or full for as long as a test says so. The store's journal waits for the
   disk with fdatasync. In the folder DISK: while `hold` exists, it waits, and makes `held` to say that it does; while
   `full` exists, it fails. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const char *in_folder(const char *name, char path[4096])
{
    snprintf(path, 4096, "%s/%s", getenv("DISK"), name);
    return path;
}

static bool exists(const char *name)
{
    char path[4096];
    return access(in_folder(name, path), F_OK) == 0;
}

int fdatasync(int descriptor)
{
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
    char path[4096];
    if (exists("hold"))
        close(open(in_folder("held", path), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
    while (exists("hold"))
        usleep(1000);
    if (exists("full")) {
        errno = ENOSPC;
        return -1;
    }
    return real(descriptor);
}
