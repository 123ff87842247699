/* A program built with AddressSanitizer ends at its start where a library comes before the sanitizer's own, as a
   preloaded one does. Its runtime asks for defaults by this function (sanitizer/asan_interface.h). Not by ASAN_OPTIONS:
   a script that sets that itself would lose ours. A program that has the function keeps its own: it comes first in the
   order of symbols. The other sanitizers mind nothing. */
const char *__asan_default_options(void);

__attribute__((visibility("default"))) const char *__asan_default_options(void)
{
    return "verify_asan_link_order=0";
}
