"""Reads a QR code off what a terminal showed, as a phone's camera would."""

import re

import zxingcpp

# Pixels a module.
SCALE = 4
HALVES = {"█": (255, 255), "▀": (255, 0), "▄": (0, 255), " ": (0, 0)}


class Image:
    """Grey pixels in the form that the reader takes (the array interface)."""

    def __init__(self, rows):
        self.pixels = b"".join(bytes(value for value in row for _ in range(SCALE)) * SCALE for row in rows)
        self.__array_interface__ = {
            "shape": (len(rows) * SCALE, len(rows[0]) * SCALE), "typestr": "|u1", "data": self.pixels, "version": 3,
        }


def pictures(shown):
    """The lines of half blocks, bright on black."""
    return re.findall(r"^\x1b\[97;40m([█▀▄ ]+)\x1b\[0m$", shown, re.M)


def read_qr(lines):
    """The text in a picture."""
    rows = [[HALVES[block][half] for block in line] for line in lines for half in (0, 1)]
    found = zxingcpp.read_barcodes(Image(rows))
    assert len(found) == 1, found
    return found[0].text
