#define _GNU_SOURCE
#include "libcurl.h"

#include <dlfcn.h>
#include <link.h>
#include <stdint.h>
#include <string.h>

#include "lock.h"

enum { LIBRARIES_MOST = 8, CALLERS = 64 };

static struct libcurl libraries[LIBRARIES_MOST];
static int library_count;

/* Which libcurl a call site got, by its return address: the look-up below takes microseconds. */
static struct {
    const void *address;
    const struct libcurl *curl;
} callers[CALLERS];

bool libcurl_attaches(const struct libcurl *curl)
{
    return curl->version >= 0x075000;
}

static bool resolve_easy(struct libcurl *curl, void *library)
{
    curl->easy_init = dlsym(library, "curl_easy_init");
    curl->easy_duphandle = dlsym(library, "curl_easy_duphandle");
    curl->easy_reset = dlsym(library, "curl_easy_reset");
    curl->easy_cleanup = dlsym(library, "curl_easy_cleanup");
    curl->easy_perform = dlsym(library, "curl_easy_perform");
    curl->easy_setopt = dlsym(library, "curl_easy_setopt");
    curl->easy_getinfo = dlsym(library, "curl_easy_getinfo");
    return curl->easy_init && curl->easy_duphandle && curl->easy_reset && curl->easy_cleanup && curl->easy_perform
        && curl->easy_setopt && curl->easy_getinfo;
}

static bool resolve_multi(struct libcurl *curl, void *library)
{
    curl->multi_add_handle = dlsym(library, "curl_multi_add_handle");
    curl->multi_remove_handle = dlsym(library, "curl_multi_remove_handle");
    curl->multi_info_read = dlsym(library, "curl_multi_info_read");
    curl->multi_cleanup = dlsym(library, "curl_multi_cleanup");
    return curl->multi_add_handle && curl->multi_remove_handle && curl->multi_info_read && curl->multi_cleanup;
}

static bool resolve_rest(struct libcurl *curl, void *library)
{
    curl->url = dlsym(library, "curl_url");
    curl->url_cleanup = dlsym(library, "curl_url_cleanup");
    curl->url_get = dlsym(library, "curl_url_get");
    curl->url_set = dlsym(library, "curl_url_set");
    curl->free = dlsym(library, "curl_free");
    curl->slist_free_all = dlsym(library, "curl_slist_free_all");
    curl_version_info_data *(*version_info)(CURLversion) = dlsym(library, "curl_version_info");
    if (!curl->free || !curl->slist_free_all || !version_info)
        return false;
    curl_version_info_data *info = version_info(CURLVERSION_FIRST);
    /* A libcurl without a URL parser (before 7.62) counts as too old for everything. */
    bool parses = curl->url && curl->url_cleanup && curl->url_get && curl->url_set;
    curl->version = info != NULL && parses ? info->version_num : 0;
    /* An older one without it may have a newer one behind it. */
    if (curl->version >= 0x075400)
        curl->easy_header = dlsym(library, "curl_easy_header");
    return true;
}

static const struct libcurl *known(const void *base)
{
    for (int i = 0; i < library_count; i++)
        if (libraries[i].base == base)
            return &libraries[i];
    return NULL;
}

static const struct libcurl *remember(const struct libcurl *made)
{
    lock();
    const struct libcurl *curl = known(made->base);
    if (curl == NULL && library_count < LIBRARIES_MOST) {
        libraries[library_count] = *made;
        curl = &libraries[library_count++];
    }
    unlock();
    return curl;
}

/* The libcurl whose curl_easy_init this is; NULL for our own and for what is no libcurl. `linked`: it is the next one
   behind us, and the program is linked with it. */
static const struct libcurl *adopt(void *function, bool linked)
{
    Dl_info theirs, ours;
    if (function == NULL || dladdr(function, &theirs) == 0 || dladdr((void *)(uintptr_t)adopt, &ours) == 0
        || theirs.dli_fbase == ours.dli_fbase || theirs.dli_fname == NULL)
        return NULL;
    lock();
    const struct libcurl *curl = known(theirs.dli_fbase);
    unlock();
    if (curl != NULL)
        return curl;
    /* Kept open: the pointers below must stay good when the program drops its own reference. What the program is linked
       with is never closed, and this call costs more than all others here. */
    void *library = linked ? RTLD_NEXT : dlopen(theirs.dli_fname, RTLD_LAZY | RTLD_NOLOAD);
    struct libcurl made = {.base = theirs.dli_fbase};
    if (library == NULL || !resolve_easy(&made, library) || !resolve_multi(&made, library)
        || !resolve_rest(&made, library))
        return NULL;
    return remember(&made);
}

/* The libcurl that a shared object was linked with: a look-up through the object itself sees its own dependencies
   only, wherever they are loaded (RTLD_LOCAL), and whatever else the process holds. */
static const struct libcurl *adopt_through(const char *object)
{
    void *library = object != NULL ? dlopen(object, RTLD_LAZY | RTLD_NOLOAD) : NULL;
    if (library == NULL)
        return NULL;
    const struct libcurl *curl = adopt(dlsym(library, "curl_easy_init"), false);
    dlclose(library);
    return curl;
}

/* A loaded object, as the dynamic loader knows it. */
struct object {
    const void *address; /* an address in it */
    const char *name;    /* NULL where the address is in none; "" for the program */
    ElfW(Addr) base;
    bool needs_libcurl;
};

static bool contains(const struct dl_phdr_info *info, const void *address)
{
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *part = &info->dlpi_phdr[i];
        if (part->p_type == PT_LOAD && (ElfW(Addr))address - info->dlpi_addr - part->p_vaddr < part->p_memsz)
            return true;
    }
    return false;
}

/* Whether it names a libcurl among those it needs. */
static bool needs_libcurl(const struct dl_phdr_info *info)
{
    const ElfW(Dyn) *dynamic = NULL;
    const char *names = NULL;
    for (int i = 0; i < info->dlpi_phnum; i++)
        if (info->dlpi_phdr[i].p_type == PT_DYNAMIC)
            dynamic = (const ElfW(Dyn) *)(info->dlpi_addr + info->dlpi_phdr[i].p_vaddr);
    for (const ElfW(Dyn) *entry = dynamic; entry != NULL && entry->d_tag != DT_NULL; entry++)
        if (entry->d_tag == DT_STRTAB)
            names = (const char *)entry->d_un.d_ptr;
    for (const ElfW(Dyn) *entry = dynamic; names != NULL && entry->d_tag != DT_NULL; entry++)
        if (entry->d_tag == DT_NEEDED && strncmp(names + entry->d_un.d_val, "libcurl", strlen("libcurl")) == 0)
            return true;
    return false;
}

static int look_at(struct dl_phdr_info *info, size_t size, void *data)
{
    struct object *object = data;
    (void)size;
    bool is_program = info->dlpi_name == NULL || info->dlpi_name[0] == '\0';
    if (is_program)
        object->needs_libcurl = needs_libcurl(info);
    if (!contains(info, object->address))
        return 0;
    object->name = is_program ? "" : info->dlpi_name;
    object->base = info->dlpi_addr;
    return 1;
}

/* The object that an address is in. The program comes first: whether it needs a libcurl is known of every one. */
static struct object object_of(const void *address)
{
    struct object object = {.address = address};
    if (address != NULL)
        dl_iterate_phdr(look_at, &object);
    return object;
}

/* No lock is held here: the loader has locks of its own. */
static const struct libcurl *find(const void *return_address)
{
    static const char *const names[] = {"libcurl.so.4", "libcurl-gnutls.so.4"};
    void *next = dlsym(RTLD_NEXT, "curl_easy_init");
    struct object caller = object_of(return_address), behind = object_of(next);
    const struct libcurl *curl = NULL;
    /* The program itself has no name there: by the one it was started with, it would be searched for in all library
       folders. What it is linked with, and what a libcurl calls as its own, comes behind us. */
    if (caller.name != NULL && (caller.name[0] == '\0' || (behind.name != NULL && caller.base == behind.base)))
        curl = adopt(next, caller.needs_libcurl);
    else if (caller.name != NULL)
        curl = adopt_through(caller.name);
    if (curl == NULL)
        curl = adopt(next, false);
    for (size_t i = 0; curl == NULL && i < sizeof names / sizeof names[0]; i++)
        curl = adopt_through(names[i]);
    return curl;
}

const struct libcurl *libcurl_of_caller(const void *return_address)
{
    size_t slot = ((uintptr_t)return_address >> 2) % CALLERS;
    lock();
    const struct libcurl *curl = callers[slot].address == return_address ? callers[slot].curl : NULL;
    unlock();
    if (curl != NULL)
        return curl;
    curl = find(return_address);
    if (curl == NULL)
        return NULL;
    lock();
    callers[slot].address = return_address;
    callers[slot].curl = curl;
    unlock();
    return curl;
}

bool libcurl_is_caller(const struct libcurl *curl, const void *return_address)
{
    Dl_info caller;
    if (dladdr(return_address, &caller) == 0 || caller.dli_fbase != curl->base || caller.dli_fname == NULL)
        return false;
    /* Where a libcurl is built into a module, as in the one of curl-cffi's wheel, the module's calls come from the same
       file. Handles that such a libcurl makes for itself are remembered too, until their address comes again. */
    const char *slash = strrchr(caller.dli_fname, '/');
    return strncmp(slash != NULL ? slash + 1 : caller.dli_fname, "libcurl", strlen("libcurl")) == 0;
}
