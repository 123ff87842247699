/* Loads modules as Python does, RTLD_LOCAL, into a program that is linked with no libcurl: `loader URL MODULE…`. */
#include <dlfcn.h>
#include <stdio.h>

int main(int count, char **words)
{
    for (int i = 2; i < count; i++) {
        void *module = dlopen(words[i], RTLD_NOW | RTLD_LOCAL);
        int (*fetch)(const char *) = module != NULL ? (int (*)(const char *))dlsym(module, "fetch") : NULL;
        int code = fetch != NULL ? fetch(words[1]) : 9;
        if (code != 0) {
            fprintf(stderr, "%s: %d %s\n", words[i], code, module == NULL ? dlerror() : "");
            return code;
        }
    }
    return 0;
}
