/* The last answer that attached something, kept for a second at most: a program that sends the same request in a loop
   asks once a second. One for the process. */
#ifndef LANYARD_KEPT_ANSWER_H
#define LANYARD_KEPT_ANSWER_H

#include "answer.h"
#include "buffer.h"

/* The answer to exactly this question, to be released; NULL where there is none. */
struct answer *kept_answer_find(const struct buffer *question);
void kept_answer_set(const struct buffer *question, struct answer *answer);
void kept_answer_drop(void);

#endif
