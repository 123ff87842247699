/* Runs commands in turns and prints how long each took: `pairs ROUNDS A… -- B… [-- C…]`.
 *
 * In turns and not in blocks, so that whatever else the machine does falls on all of them alike; each round begins with
 * another command. A line for each round, a column for each command, in nanoseconds from its start until it is reaped.
 * A command may begin with NAME=VALUE words, as with env(1). Its output goes to /dev/null; where its status is not 0 all
 * ends. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

enum { COMMANDS_MOST = 8, VARIABLES_MOST = 8 };

extern char **environ;

struct command {
    char **argv;
    char **environment;
};

static void fail(const char *what)
{
    fprintf(stderr, "pairs: %s\n", what);
    exit(1);
}

static long long now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

/* This process's environment and before it the words, of which the first of a name counts. */
static char **with_variables(char **words, size_t count)
{
    size_t size = 0;
    while (environ[size] != NULL)
        size++;
    char **environment = calloc(size + count + 1, sizeof *environment);
    memcpy(environment, words, count * sizeof *words);
    for (size_t i = 0, at = count; i < size; i++) {
        size_t name = strcspn(environ[i], "=") + 1, given = 0;
        while (given < count && strncmp(words[given], environ[i], name) != 0)
            given++;
        if (given == count)
            environment[at++] = environ[i];
    }
    return environment;
}

static struct command read_command(char **words)
{
    size_t variables = 0;
    while (words[variables] != NULL && strchr(words[variables], '=') != NULL)
        variables++;
    if (words[variables] == NULL)
        fail("an empty command");
    return (struct command){words + variables, with_variables(words, variables)};
}

static long long run(const struct command *command, const posix_spawn_file_actions_t *files)
{
    pid_t child;
    int status;
    long long start = now();
    if (posix_spawnp(&child, command->argv[0], files, NULL, command->argv, command->environment) != 0)
        fail(command->argv[0]);
    if (waitpid(child, &status, 0) != child || status != 0)
        fail(command->argv[0]);
    return now() - start;
}

int main(int argc, char **argv)
{
    struct command commands[COMMANDS_MOST];
    int count = 0, rounds = argc > 2 ? atoi(argv[1]) : 0;
    if (rounds < 1)
        fail("how many rounds, of which commands?");
    for (int at = 2, start = 2; at <= argc; at++)
        if (at == argc || strcmp(argv[at], "--") == 0) {
            argv[at] = NULL;
            if (count == COMMANDS_MOST)
                fail("too many commands");
            commands[count++] = read_command(argv + start);
            start = at + 1;
        }
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&files, 1, "/dev/null", O_WRONLY, 0);
    for (int round = 0; round < rounds; round++) {
        long long took[COMMANDS_MOST];
        for (int i = 0; i < count; i++) {
            int turn = (round + i) % count;
            took[turn] = run(&commands[turn], &files);
        }
        for (int i = 0; i < count; i++)
            printf("%lld%c", took[i], i + 1 < count ? ' ' : '\n');
    }
}
