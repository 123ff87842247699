/* libFuzzer's entry for what others write and the library reads: the agent's answers, and files that a program loads. The
   first byte chooses. Built with AddressSanitizer, which sees a read past the end. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "answer.h"

/* Its functions are its own. */
#include "deepbind.c"

static void read_as_answer(const char *bytes, size_t length)
{
    size_t size = length > 0 ? length : 1;
    char *own = malloc(size);
    memcpy(own, bytes, length);
    struct answer *answer = answer_read(own, size, length);
    /* What is taken has no byte that would begin another header field. */
    for (size_t i = 0; answer != NULL && i < answer->field_count; i++)
        if (strpbrk(answer->fields[i].value, "\r\n") != NULL || answer->fields[i].name[0] == '\0')
            abort();
    answer_release(answer);
}

static void read_as_file(const char *bytes, size_t length)
{
    /* As mmap gives it: at the beginning of a page. */
    char *own = aligned_alloc(64, (length / 64 + 1) * 64);
    memcpy(own, bytes, length);
    struct file file = {.bytes = own, .size = length};
    needs_libcurl(&file);
    free(own);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    const char *bytes = (const char *)data + 1;
    if (data[0] == 'f')
        read_as_file(bytes, size - 1);
    else
        read_as_answer(bytes, size - 1);
    return 0;
}
