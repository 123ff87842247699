/* The `.lanyard` files that the working directory has: each names the sessions to use there. Which of them count is for
   the daemon to know: those that the person trusts. */
#ifndef LANYARD_FOLDER_H
#define LANYARD_FOLDER_H

#include "buffer.h"

/* Writes the member `files` of a question, with a comma before it; nothing where there is no such file. Looks once a
   second, and after each change of the directory; a program without libcurl never gets here. */
void folder_write(struct buffer *question);

#endif
