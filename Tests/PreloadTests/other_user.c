/* Preloaded in front of the library: the program seems to run as another user than the agent does. */
#include <unistd.h>

uid_t geteuid(void)
{
    return getuid() + 1;
}
