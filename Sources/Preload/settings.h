/* What the environment tells the library: set by `lanyard run`, `lanyard curl` and `lanyard env`. Read once. */
#ifndef LANYARD_SETTINGS_H
#define LANYARD_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>

enum { SESSIONS_MOST = 64, SOCKET_PATH_SIZE = 108 /* sun_path in sockaddr_un */ };

struct settings {
    bool disabled; /* a setuid program (AT_SECURE), or one of another C library, does as if the library were not there */
    bool run;      /* LANYARD_RUN is set: under `lanyard run` or `lanyard curl` */
    bool say;      /* its word `say`: notices go to stderr */
    bool quiet;    /* `quiet`: they do not, whatever else is asked */
    bool reveal;   /* `reveal`: -v shows what was attached */
    bool require;  /* `require`: a request that nothing is attached to is aborted */
    char *sessions[SESSIONS_MOST]; /* LANYARD_SESSION */
    size_t session_count;
    bool sessions_lost; /* it is not empty, yet not all that it names is in `sessions`, or it names none: asked with
                           that, the agent would choose among sessions that the person did not allow */
    char socket[SOCKET_PATH_SIZE]; /* empty where no path can be made */
    char *home;                    /* HOME, where it is a path: nothing above it is looked at */
    bool socket_named;             /* LANYARD_SOCKET: its folder is the person's choice */
};

const struct settings *settings(void);

#endif
