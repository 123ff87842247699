/* An answer of the agent's to Attach (io.lanyard.Agent), checked: bounded, without control characters, its field names
   tokens. */
#ifndef LANYARD_ANSWER_H
#define LANYARD_ANSWER_H

#include <stdbool.h>
#include <stddef.h>

enum { ANSWER_MOST = 64 * 1024, FIELDS_MOST = 32, NOTICES_MOST = 16 };

struct field {
    const char *name;
    const char *value;
};

/* Everything points into `bytes`, which the answer owns. Not changed once it is read: threads share it. */
struct answer {
    int references;
    char *bytes;
    size_t size;
    bool continues; /* another answer follows */
    bool renewing;
    bool watch; /* its answer is told, whatever it says */
    bool renews; /* another token may come of a 401 */
    bool anywhere; /* it would be the same in any directory */
    const char *session; /* NULL: nothing is attached */
    long version;        /* the session's; 0 where the agent named none */
    const char *cookie;
    const char *reason;
    struct field fields[FIELDS_MOST];
    size_t field_count;
    const char *notices[NOTICES_MOST];
    size_t notice_count;
    const char *message; /* an error's, for people */
};

/* Takes over `bytes`, memory of `size` bytes whose first `length` are the message. NULL: it is no such answer, and has
   been zeroed and freed. */
struct answer *answer_read(char *bytes, size_t size, size_t length);

/* One more reference. */
struct answer *answer_share(struct answer *answer);
void answer_release(struct answer *answer_or_null);

#endif
