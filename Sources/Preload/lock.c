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
    if (first)
        pthread_atfork(lock, unlock, in_child);
}
