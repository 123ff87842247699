/* What a person is told on stderr, each line once per process. */
#ifndef LANYARD_NOTICE_H
#define LANYARD_NOTICE_H

/* The library's own sentences. %s is the socket's path. Each is followed by ": " and one of the two outcomes. */
#define NOTICE_NO_DAEMON "no daemon answers at %s"
#define NOTICE_LATE "the daemon at %s did not answer in time"
#define NOTICE_RENEWING "the token is being renewed, and its server does not answer in time"
#define NOTICE_PAUSED "the daemon at %s missed two answers and is left alone for 30 s"
#define NOTICE_SENSELESS "the daemon at %s gave an answer that cannot be used"
#define NOTICE_UNREADABLE "the daemon cannot be asked about this URL with these options"
#define NOTICE_SESSIONS "LANYARD_SESSION names no session, or more than 64"
#define NOTICE_OLD_LIBCURL "this program's libcurl is older than 7.80"
#define NOTICE_NOTHING "no session for this request"
#define NOTICE_WITHOUT "sent without a session"
#define NOTICE_ABORTED "not sent, because --require was given"

/* Prints a line when LANYARD_RUN asks for it and it was not printed before. */
void notice(const char *line);

/* The library's own: a sentence from above with its outcome. */
void notice_own(const char *sentence);

#endif
