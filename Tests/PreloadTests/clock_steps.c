/* Preloaded before the library, whose clock moves with each look at it, and else stands still. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* Milliseconds. */
long clock_step;

int clock_gettime(clockid_t clock, struct timespec *now)
{
    static long passed;
    Dl_info caller;
    if (dladdr(__builtin_return_address(0), &caller) == 0 || strstr(caller.dli_fname, "liblanyard") == NULL)
        return syscall(SYS_clock_gettime, clock, now);
    passed += clock_step;
    now->tv_sec = 1000 + passed / 1000;
    now->tv_nsec = passed % 1000 * 1000000;
    return 0;
}
