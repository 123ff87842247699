/* Reads an answer from stdin as the library does, and prints what it would use: `refused`, or a line a part. Built with
   AddressSanitizer, which sees a read past the message. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "answer.h"
#include "buffer.h"

static char *read_all(size_t *length)
{
    char *bytes = malloc(1 << 20);
    ssize_t count;
    *length = 0;
    while (bytes != NULL && (count = read(STDIN_FILENO, bytes + *length, (1 << 20) - *length)) > 0)
        *length += (size_t)count;
    return bytes;
}

/* The reader takes a message apart in its own memory of exactly its size, as malloc gave it. */
static struct answer *read_answer(const char *bytes, size_t length)
{
    char *own = malloc(length > 0 ? length : 1);
    memcpy(own, bytes, length);
    return answer_read(own, length > 0 ? length : 1, length);
}

static void print(const struct answer *answer)
{
    printf("session %s\n", answer->session != NULL ? answer->session : "-");
    printf("reason %s\n", answer->reason);
    printf("cookie %s\n", answer->cookie != NULL ? answer->cookie : "-");
    for (size_t i = 0; i < answer->field_count; i++)
        printf("field %s: %s\n", answer->fields[i].name, answer->fields[i].value);
    for (size_t i = 0; i < answer->notice_count; i++)
        printf("notice %s\n", answer->notices[i]);
    printf("continues %d renewing %d version %ld\n", answer->continues, answer->renewing, answer->version);
}

/* With `mutate N`: reads the input, changed at N random places at a time, again and again; a crash or a sanitizer's
   report is the only outcome that counts. */
static void mutate(const char *bytes, size_t length, int rounds)
{
    static const char alphabet[] = "\"\\{}[],:u0123456789abcdeftruns-+.eE \t\r\n\xc3\xff\x7f";
    char *copy = malloc(length);
    srand(1);
    for (int round = 0; round < rounds; round++) {
        memcpy(copy, bytes, length);
        for (int i = 0; i < 1 + round % 4; i++)
            copy[(size_t)rand() % length] = alphabet[(size_t)rand() % (sizeof alphabet)];
        answer_release(read_answer(copy, (size_t)rand() % 8 == 0 ? (size_t)rand() % length : length));
    }
    free(copy);
    puts("survived");
}

int main(int count, char **words)
{
    size_t length;
    char *bytes = read_all(&length);
    if (count == 3 && strcmp(words[1], "mutate") == 0) {
        mutate(bytes, length, atoi(words[2]));
    } else {
        struct answer *answer = read_answer(bytes, length);
        if (answer != NULL)
            print(answer);
        else
            puts("refused");
        answer_release(answer);
    }
    free(bytes);
    return 0;
}
