#include "lock.h"

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static bool following;
static void (*after_fork)(void);

void lock(void)
{
    pthread_mutex_lock(&mutex);
}

void unlock(void)
{
    pthread_mutex_unlock(&mutex);
}

/* What glibc's pthread_atfork calls. A program of another C library has no such function, and would not start. */
extern int __register_atfork(void (*prepare)(void), void (*parent)(void), void (*child)(void), void *object)
    __attribute__((weak));

static void in_child(void)
{
    unlock();
    if (after_fork != NULL)
        after_fork();
}

void lock_follow_fork(void (*forgotten)(void))
{
    lock();
    bool first = !following;
    following = true;
    after_fork = forgotten;
    unlock();
    /* The lock is taken around fork, so that no thread of the parent can leave it locked in the child. */
    if (first && __register_atfork != NULL)
        __register_atfork(lock, unlock, in_child, NULL);
}
