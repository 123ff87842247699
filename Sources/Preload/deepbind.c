/* PHP loads its extensions with RTLD_DEEPBIND, which goes around every preloaded library: curl.so would bind to libcurl
   itself. The flag is dropped for a file that needs a libcurl, where all else stays as it was: it is named by its whole
   path, so that it does not matter who the loader takes for the caller. Any other call is passed on as it is. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "settings.h"

/* A file in memory; nothing in it is trusted. */
struct file {
    const char *bytes;
    size_t size;
};

static const void *part_at(const struct file *file, size_t offset, size_t size)
{
    return offset <= file->size && size <= file->size - offset ? file->bytes + offset : NULL;
}

static bool is_readable(const ElfW(Ehdr) *header)
{
    return header != NULL && memcmp(header->e_ident, ELFMAG, SELFMAG) == 0
        && header->e_ident[EI_CLASS] == (sizeof(void *) == 8 ? ELFCLASS64 : ELFCLASS32)
        && header->e_phentsize == sizeof(ElfW(Phdr));
}

static const ElfW(Phdr) *parts_of(const struct file *file, size_t *count)
{
    const ElfW(Ehdr) *header = part_at(file, 0, sizeof *header);
    if (!is_readable(header) || header->e_phoff % _Alignof(ElfW(Phdr)) != 0)
        return NULL;
    *count = header->e_phnum;
    return part_at(file, header->e_phoff, *count * sizeof(ElfW(Phdr)));
}

/* Where in the file an address of the loaded object is. */
static size_t offset_of(const ElfW(Phdr) *parts, size_t count, ElfW(Addr) address)
{
    for (size_t i = 0; i < count; i++)
        if (parts[i].p_type == PT_LOAD && address - parts[i].p_vaddr < parts[i].p_filesz)
            return parts[i].p_offset + (address - parts[i].p_vaddr);
    return SIZE_MAX;
}

static bool names_libcurl(const struct file *file, const ElfW(Dyn) *entries, size_t count, size_t names)
{
    static const char prefix[] = "libcurl";
    for (size_t i = 0; i < count && entries[i].d_tag != DT_NULL; i++) {
        size_t at = names + entries[i].d_un.d_val;
        if (entries[i].d_tag != DT_NEEDED || at < names)
            continue;
        const char *name = part_at(file, at, strlen(prefix));
        if (name != NULL && memcmp(name, prefix, strlen(prefix)) == 0)
            return true;
    }
    return false;
}

static bool needs_libcurl(const struct file *file)
{
    size_t count = 0;
    const ElfW(Phdr) *parts = parts_of(file, &count);
    for (size_t i = 0; parts != NULL && i < count; i++) {
        size_t length = parts[i].p_filesz / sizeof(ElfW(Dyn));
        const ElfW(Dyn) *entries = part_at(file, parts[i].p_offset, parts[i].p_filesz);
        if (parts[i].p_type != PT_DYNAMIC || entries == NULL || parts[i].p_offset % _Alignof(ElfW(Dyn)) != 0)
            continue;
        for (size_t k = 0; k < length && entries[k].d_tag != DT_NULL; k++)
            if (entries[k].d_tag == DT_STRTAB)
                return names_libcurl(file, entries, length, offset_of(parts, count, entries[k].d_un.d_ptr));
    }
    return false;
}

static bool file_needs_libcurl(const char *path)
{
    struct stat status;
    bool needs = false;
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (descriptor < 0)
        return false;
    if (fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode) && status.st_size > 0) {
        struct file file = {.size = (size_t)status.st_size};
        void *bytes = mmap(NULL, file.size, PROT_READ, MAP_PRIVATE, descriptor, 0);
        file.bytes = bytes;
        needs = bytes != MAP_FAILED && needs_libcurl(&file);
        if (bytes != MAP_FAILED)
            munmap(bytes, file.size);
    }
    close(descriptor);
    return needs;
}

typedef void *open_function(const char *, int);

static open_function *next_dlopen(void)
{
    static open_function *found;
    open_function *next = __atomic_load_n(&found, __ATOMIC_RELAXED);
    if (next == NULL) {
        next = (open_function *)dlsym(RTLD_NEXT, "dlopen");
        __atomic_store_n(&found, next, __ATOMIC_RELAXED);
    }
    return next;
}

/* Optimized, the last call is a jump, so that the loader sees who called this: it looks there for a RUNPATH. */
__attribute__((visibility("default"))) void *dlopen(const char *path, int mode)
{
    open_function *next = next_dlopen();
    if ((mode & RTLD_DEEPBIND) && path != NULL && path[0] == '/' && !settings()->disabled && file_needs_libcurl(path))
        mode &= ~RTLD_DEEPBIND;
    return next(path, mode);
}
