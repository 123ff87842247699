/* What Lanyard uses of libsodium, over plain addresses: its own declarations type every buffer as unsigned char and
   mark it non-null, which costs a conversion at each call from Swift. */
#ifndef LANYARD_CSODIUM_SHIM_H
#define LANYARD_CSODIUM_SHIM_H

#include <sodium.h>

/* randombytes_buf */
static inline void lanyard_random(void *out, size_t length) {
    if (length > 0) randombytes_buf(out, length);
}

/* crypto_hash_sha256: SHA-256 (FIPS 180-4), 32 bytes out. */
static inline void lanyard_sha256(void *out, const void *in, size_t length) { crypto_hash_sha256(out, in, length); }

/* crypto_generichash: BLAKE2b, RFC 7693; key may be NULL. 0 or -1. */
static inline int lanyard_blake2b(
    void *out, size_t length, const void *in, size_t in_length, const void *key, size_t key_length) {
    return crypto_generichash(out, length, in, in_length, key, key_length);
}

/* crypto_kdf_derive_from_key: 32 bytes in, 32 bytes out, a context of 8 bytes. 0 or -1. */
static inline int lanyard_derive(void *out, uint64_t number, const void *context, const void *key) {
    return crypto_kdf_derive_from_key(out, crypto_kdf_KEYBYTES, number, context, key);
}

/* crypto_aead_xchacha20poly1305_ietf_encrypt: out has room for the text and a tag of 16 bytes. */
static inline void lanyard_seal(
    void *out, const void *text, size_t length, const void *data, size_t data_length, const void *nonce,
    const void *key) {
    crypto_aead_xchacha20poly1305_ietf_encrypt(out, NULL, text, length, data, data_length, NULL, nonce, key);
}

/* crypto_aead_xchacha20poly1305_ietf_decrypt: out has room for length - 16 bytes. 0, or -1 where it is not authentic. */
static inline int lanyard_open_sealed(
    void *out, const void *sealed, size_t length, const void *data, size_t data_length, const void *nonce,
    const void *key) {
    return crypto_aead_xchacha20poly1305_ietf_decrypt(out, NULL, NULL, sealed, length, data, data_length, nonce, key);
}

/* crypto_pwhash, Argon2id 1.3 (RFC 9106), one lane, 32 bytes out, a salt of 16. 0, or -1 without the memory. */
static inline int lanyard_argon2id(
    void *out, const void *passphrase, size_t length, const void *salt, unsigned long long passes, size_t memory) {
    return crypto_pwhash(out, 32, passphrase, length, salt, passes, memory, crypto_pwhash_ALG_ARGON2ID13);
}

#endif
