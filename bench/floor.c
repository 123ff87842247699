/* What `lanyard token NAME` has to do at the least: connect, ask, print. `floor SOCKET NAME`; no checks, no deadline, no
 * words for failures. */
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    static char message[4096];
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (argc != 3)
        return 64;
    strncpy(address.sun_path, argv[1], sizeof address.sun_path - 1);
    int agent = socket(AF_UNIX, SOCK_STREAM, 0);
    if (connect(agent, (struct sockaddr *)&address, sizeof address) != 0)
        return 1;
    int length = snprintf(message, sizeof message,
                          "{\"method\":\"io.lanyard.Agent.Token\",\"parameters\":{\"protocol\":1,\"of\":\"%s\",\"header\":"
                          "false}}", argv[2]);
    write(agent, message, length + 1);
    size_t got = 0;
    do {
        ssize_t count = read(agent, message + got, sizeof message - 1 - got);
        if (count <= 0)
            return 1;
        got += count;
    } while (message[got - 1] != '\0');
    char *token = strstr(message, "\"token\":\"");
    if (token == NULL)
        return 1;
    token += strlen("\"token\":\"");
    char *end = strchr(token, '"');
    *end = '\n';
    write(1, token, end + 1 - token);
}
