#include "utf8.h"

size_t utf8_sequence(const char *bytes, size_t length)
{
    const unsigned char *b = (const unsigned char *)bytes;
    if (length == 0)
        return 0;
    if (b[0] < 0x80)
        return 1;
    size_t count = b[0] >= 0xc2 && b[0] <= 0xdf ? 2 : b[0] >= 0xe0 && b[0] <= 0xef ? 3
        : b[0] >= 0xf0 && b[0] <= 0xf4          ? 4
                                                : 0;
    if (count == 0 || count > length)
        return 0;
    for (size_t i = 1; i < count; i++)
        if ((b[i] & 0xc0) != 0x80)
            return 0;
    /* Overlong forms, surrogates, and what is above U+10FFFF, show in the second byte. */
    if ((b[0] == 0xe0 && b[1] < 0xa0) || (b[0] == 0xed && b[1] > 0x9f) || (b[0] == 0xf0 && b[1] < 0x90)
        || (b[0] == 0xf4 && b[1] > 0x8f))
        return 0;
    return count;
}

size_t utf8_write(unsigned long scalar, char *to)
{
    if (scalar < 0x80) {
        to[0] = (char)scalar;
        return 1;
    }
    size_t count = scalar < 0x800 ? 2 : scalar < 0x10000 ? 3 : 4;
    static const unsigned char lead[] = {0, 0, 0xc0, 0xe0, 0xf0};
    for (size_t i = count - 1; i > 0; i--) {
        to[i] = (char)(0x80 | (scalar & 0x3f));
        scalar >>= 6;
    }
    to[0] = (char)(lead[count] | scalar);
    return count;
}
