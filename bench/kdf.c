/* How long the vault's passphrase takes to become a key, in nanoseconds: what no start can do without. The parameters are
 * those of Sources/Store/VaultKey.swift. */
#include <sodium.h>
#include <stdio.h>
#include <time.h>

int main(void)
{
    unsigned char key[32], salt[crypto_pwhash_SALTBYTES] = {0};
    struct timespec start, end;
    if (sodium_init() < 0)
        return 1;
    clock_gettime(CLOCK_MONOTONIC, &start);
    if (crypto_pwhash(key, sizeof key, "passphrase", 10, salt, 3, 64 << 20, crypto_pwhash_ALG_ARGON2ID13) != 0)
        return 1;
    clock_gettime(CLOCK_MONOTONIC, &end);
    printf("%lld\n", (end.tv_sec - start.tv_sec) * 1000000000LL + end.tv_nsec - start.tv_nsec);
}
