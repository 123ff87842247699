#ifndef LANYARD_CQRENCODE_SHIM_H
#define LANYARD_CQRENCODE_SHIM_H

#include <qrencode.h>
#include <stdbool.h>
#include <stddef.h>

/* The symbol of `size` bytes, in 8-bit mode, with the lowest error correction: it is read off a screen. NULL where they are
   too many. */
static inline QRcode *lanyard_qr_code(const void *bytes, size_t size) {
    return size > 0 && size <= 2953 ? QRcode_encodeData((int)size, (const unsigned char *)bytes, 0, QR_ECLEVEL_L) : NULL;
}

/* Whether a module of the symbol is dark: the lowest bit of its byte. */
static inline bool lanyard_qr_is_dark(const QRcode *code, size_t row, size_t column) {
    return code->data[row * (size_t)code->width + column] & 1;
}

#endif
