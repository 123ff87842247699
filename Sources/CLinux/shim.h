/* Linux system calls that `import Glibc` does not offer to Swift. */
#ifndef LANYARD_CLINUX_SHIM_H
#define LANYARD_CLINUX_SHIM_H

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <netinet/in.h>
#include <signal.h>
#include <spawn.h>
#include <stddef.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/un.h>
#include <sys/xattr.h>
#include <time.h>
#include <wchar.h>
#include <unistd.h>

/* What glibc declares only under _GNU_SOURCE, which must not be defined in a module's header
   (facts: it broke a debug build), is declared here with the kernel's own values. */
struct lanyard_ucred {
    pid_t pid;
    uid_t uid;
    gid_t gid;
};
#ifndef SO_PEERCRED
#define SO_PEERCRED 17
#endif
int accept4(int, struct sockaddr *, socklen_t *, int);
int pipe2(int [2], int);
int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *, int);

/* POSIX_SPAWN_SETSID, which <spawn.h> has for _GNU_SOURCE alone. */
enum { lanyard_spawn_setsid = 0x80 };

/* mlock2 with MLOCK_ONFAULT (1): pages are locked as they are used; glibc has the name only since 2.27. */
static inline int lanyard_mlock_onfault(void *start, size_t length) {
    return (int)syscall(SYS_mlock2, start, length, 1);
}

/* The soft limit on locked memory in bytes; glibc's constants for it are enumerators Swift cannot pass. */
static inline unsigned long lanyard_locked_memory_limit(void) {
    struct rlimit limit;
    return getrlimit(RLIMIT_MEMLOCK, &limit) == 0 ? (unsigned long)limit.rlim_cur : 0UL;
}

/* MAP_FAILED is a cast, which Swift does not import. */
static inline int lanyard_map_failed(const void *start) { return start == MAP_FAILED; }

/* memset that the compiler may not remove. */
static inline void lanyard_wipe(void *start, size_t length) { explicit_bzero(start, length); }

/* A copy of the caller's credentials at the other end of a Unix socket; 0 or -1 with errno. */
static inline int lanyard_peer_credentials(int fd, struct lanyard_ucred *out) {
    socklen_t length = sizeof *out;
    return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, out, &length);
}

/* Swift does not import fork; only called before there are other threads. */
static inline pid_t lanyard_fork(void) { return fork(); }

/* open is variadic. */
static inline int lanyard_open(const char *path, int flags, mode_t mode) { return open(path, flags, mode); }

/* A cast of the address's type, which Swift would have to do unsafely. 0, or -1 with errno; a path that does not fit
   is ENAMETOOLONG. */
static inline int lanyard_unix_socket(int fd, const char *path, int (*call)(int, const struct sockaddr *, socklen_t)) {
    struct sockaddr_un address;
    memset(&address, 0, sizeof address);
    address.sun_family = AF_UNIX;
    size_t length = strlen(path);
    if (length >= sizeof address.sun_path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    memcpy(address.sun_path, path, length);
    return call(fd, (const struct sockaddr *)&address, sizeof address);
}
static inline int lanyard_bind(int fd, const char *path) { return lanyard_unix_socket(fd, path, bind); }
static inline int lanyard_connect(int fd, const char *path) { return lanyard_unix_socket(fd, path, connect); }

/* The columns of a terminal that a character takes; -1 for one that is not printed. Declared here, because Swift does not
   see wchar.h's own declaration, which _XOPEN_SOURCE hides. */
extern int wcwidth(wchar_t character);
static inline int lanyard_columns(uint32_t character) { return wcwidth((wchar_t)character); }

/* Whether the kernel gives privileges to who runs this file; Swift does not import sys/xattr.h. */
static inline int lanyard_has_capabilities(const char *path) {
    return getxattr(path, "security.capability", NULL, 0) > 0;
}

/* A socket that listens on 127.0.0.1, at *port, or where that is 0 at one that is free, which is told: -1 with errno
   where there is none. */
static inline int lanyard_listen_loopback(uint16_t *port) {
    struct sockaddr_in address;
    socklen_t length = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return -1;
    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(*port);
    if (bind(fd, (struct sockaddr *)&address, length) != 0 || listen(fd, 16) != 0
        || getsockname(fd, (struct sockaddr *)&address, &length) != 0) {
        close(fd);
        return -1;
    }
    *port = ntohs(address.sin_port);
    return fd;
}

/* Connects to a port of 127.0.0.1: the descriptor, or -1 with errno. */
static inline int lanyard_connect_loopback(uint16_t port) {
    struct sockaddr_in address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return -1;
    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    if (connect(fd, (struct sockaddr *)&address, sizeof address) != 0) {
        close(fd);
        return -1;
    }
    return fd;
}

/* The same for the socket of a service manager, whose name begins with @ in the abstract namespace: there the length is
   part of the name. */
static inline int lanyard_connect_notify(int fd, const char *name) {
    struct sockaddr_un address;
    size_t length = strlen(name);
    if (name[0] != '@') return lanyard_connect(fd, name);
    memset(&address, 0, sizeof address);
    if (length > sizeof address.sun_path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    address.sun_family = AF_UNIX;
    memcpy(address.sun_path + 1, name + 1, length - 1);
    return connect(fd, (const struct sockaddr *)&address, (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length));
}

/* Whether fd is a Unix stream socket that listens. */
static inline int lanyard_is_listening(int fd) {
    int domain = 0, type = 0, listening = 0;
    socklen_t size = sizeof domain;
    return getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &size) == 0 && domain == AF_UNIX
        && getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) == 0 && type == SOCK_STREAM
        && getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &size) == 0 && listening;
}

/* No core, now or later, and no ptrace by the same user: 0, or -1 with errno. */
static inline int lanyard_forbid_cores(void) {
    struct rlimit none = {0, 0};
    if (setrlimit(RLIMIT_CORE, &none) != 0) return -1;
    return prctl(PR_SET_DUMPABLE, 0UL, 0UL, 0UL, 0UL);
}

/* The columns of the terminal that fd is; 0 where it is none. ioctl is variadic. */
static inline int lanyard_terminal_columns(int fd) {
    struct winsize size;
    return ioctl(fd, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

/* A descriptor that polls readable once the process has ended, or -1; glibc's own name came with 2.36. */
static inline int lanyard_pidfd_open(pid_t pid) { return (int)syscall(SYS_pidfd_open, pid, 0); }

/* How many seconds the person's clock is ahead of UTC at that moment; struct tm has a pointer, which Swift calls unsafe. */
static inline long lanyard_utc_offset(time_t moment) {
    struct tm parts;
    return localtime_r(&moment, &parts) != NULL ? parts.tm_gmtoff : 0;
}

/* The process's environment; Swift takes the variable itself for a race. */
extern char **environ;
static inline char **lanyard_environment(void) { return environ; }

/* This program again, with its arguments; returns only where that fails. The arguments are read from the kernel, so that
   Swift need not build an argv. */
static inline void lanyard_exec_self(void) {
    static char buffer[65536];
    static char *arguments[1024];
    int fd = open("/proc/self/cmdline", O_RDONLY | O_CLOEXEC);
    if (fd < 0) return;
    ssize_t length = read(fd, buffer, sizeof buffer - 1);
    close(fd);
    int count = 0;
    for (ssize_t at = 0; at < length && count < 1023; at += (ssize_t)strlen(buffer + at) + 1) arguments[count++] = buffer + at;
    arguments[count] = NULL;
    execv("/proc/self/exe", arguments);
}

/* Lets a fatal signal end the process at once. The Swift runtime's own handlers would print a backtrace with the memory that
   registers point to, which may be a secret, and wait for a helper that may not look into this process. */
static inline void lanyard_no_backtraces(int also_ignored) {
    static const int fatal[] = {SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGQUIT, SIGSEGV, SIGSYS, SIGTRAP};
    for (size_t i = 0; i < sizeof fatal / sizeof fatal[0]; i++) {
        struct sigaction now;
        /* What a caller has ignored (nohup and the like) stays so for a program that is run; a daemon begins afresh. */
        if (sigaction(fatal[i], NULL, &now) == 0 && (also_ignored || now.sa_handler != SIG_IGN)) signal(fatal[i], SIG_DFL);
    }
}

/* Raises the soft limit on open files to the hard one; what it is then. */
static inline int lanyard_raise_descriptor_limit(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return 1024;
    rlim_t wanted = limit.rlim_max > 65536 ? 65536 : limit.rlim_max;
    if (limit.rlim_cur < wanted) {
        limit.rlim_cur = wanted;
        setrlimit(RLIMIT_NOFILE, &limit);
        getrlimit(RLIMIT_NOFILE, &limit);
    }
    return limit.rlim_cur > 65536 ? 65536 : (int)limit.rlim_cur;
}

#endif
