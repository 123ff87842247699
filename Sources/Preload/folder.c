#define _GNU_SOURCE
#include "folder.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "clock.h"
#include "lock.h"
#include "settings.h"

/* FILES_MOST and FILE_MOST are the daemon's limits too. FOUND_MOST leaves room in a question, and holds a file of
   FILE_MOST bytes that are all escaped. */
enum { FILES_MOST = 4, FILE_MOST = 4096, FOUND_MOST = 32 * 1024, KEPT_FOR = 1000 };

static char *kept_for;    /* the directory */
static char *kept_member; /* the member for it; empty where there is no file */
static int64_t good_until;

/* A text that a person wrote: of other characters than these JSON would take six bytes for one. */
static bool is_text(const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)bytes[i] < 0x20 && bytes[i] != '\n' && bytes[i] != '\t' && bytes[i] != '\r')
            return false;
    return true;
}

/* The length of the person's own file at `path`, read into `text`; -1 where it is none: a link, somebody else's, a
   FIFO, too large, or no text. */
static ssize_t read_file(const char *path, char text[FILE_MOST + 1])
{
    struct stat status;
    if (lstat(path, &status) != 0 || !S_ISREG(status.st_mode))
        return -1;
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
    if (file < 0)
        return -1;
    ssize_t length = 0, count = -1;
    if (fstat(file, &status) == 0 && S_ISREG(status.st_mode) && status.st_uid == geteuid())
        while (length <= FILE_MOST && (count = read(file, text + length, FILE_MOST + 1 - (size_t)length)) > 0)
            length += count;
    close(file);
    return count == 0 && length <= FILE_MOST && is_text(text, (size_t)length) ? length : -1;
}

static void add_file(struct buffer *files, const char *path, const char *text, size_t length)
{
    buffer_text(files, files->length == 0 ? ",\"files\":[{\"path\":" : ",{\"path\":");
    buffer_json_text(files, path);
    buffer_text(files, ",\"text\":");
    buffer_json_string(files, text, length);
    buffer_text(files, "}");
}

/* The nearest files, from `directory` up to the home folder, or to the root where that is not above. Beyond the home
   lies nothing of the person's, and a look may wait for a network there. */
static void find(struct buffer *files, const char *directory)
{
    char path[PATH_MAX + sizeof "/.lanyard"], text[FILE_MOST + 1];
    size_t end = strlen(directory);
    int found = 0;
    memcpy(path, directory, end + 1);
    while (found < FILES_MOST) {
        bool is_home = settings()->home != NULL && strcmp(path, settings()->home) == 0;
        if (end == 1)
            end = 0; /* the root ends with its slash */
        memcpy(path + end, "/.lanyard", sizeof "/.lanyard");
        ssize_t length = read_file(path, text);
        if (length >= 0) {
            if (6 * (end + sizeof "/.lanyard" + (size_t)length) + 32 > files->limit - files->length)
                return;
            add_file(files, path, text, (size_t)length);
            found++;
        }
        if (end == 0 || is_home)
            return;
        do
            end--;
        while (end > 0 && path[end] != '/');
        path[end] = '\0';
    }
}

/* Takes over the member for a directory. */
static void keep(const char *directory, const struct buffer *files)
{
    char *copy = strdup(directory), *member = strndup(files->length > 0 ? files->bytes : "", files->length);
    lock();
    char *old_copy = kept_for, *old_member = kept_member;
    kept_for = copy;
    kept_member = member;
    good_until = copy != NULL && member != NULL ? clock_now() + KEPT_FOR : 0;
    unlock();
    free(old_copy);
    free(old_member);
}

static bool write_kept(struct buffer *question, const char *directory)
{
    lock();
    bool is_good = good_until != 0 && clock_now() < good_until && strcmp(kept_for, directory) == 0;
    if (is_good)
        buffer_text(question, kept_member);
    unlock();
    return is_good;
}

void folder_write(struct buffer *question)
{
    char directory[PATH_MAX];
    struct buffer files;
    int error = errno;
    if (getcwd(directory, sizeof directory) != NULL && directory[0] == '/' && !write_kept(question, directory)) {
        buffer_init(&files, FOUND_MOST);
        find(&files, directory);
        if (files.length > 0)
            buffer_text(&files, "]");
        /* Without them the sessions would not be limited as the person wants. */
        question->failed = question->failed || files.failed;
        if (!files.failed) {
            keep(directory, &files);
            if (files.length > 0)
                buffer_add(question, files.bytes, files.length);
        }
        buffer_free(&files);
    }
    errno = error;
}
