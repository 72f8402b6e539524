#!/usr/bin/env python3
"""Writes the PNG pictures of this folder: 16 x 8 pixels, left half red, right half white. rgb.jpg: the same by libjpeg, quality 98, no subsampling."""
import struct
import zlib

W, H = 16, 8


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(name, bits, colour, pixel, extra=b"", interlaced=False):
    def rows(x0, y0, dx, dy):
        for y in range(y0, H, dy):
            row = b"".join(pixel(x) for x in range(x0, W, dx))
            if row:
                yield b"\0" + row
    passes = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
    data = b"".join(b"".join(rows(*p)) for p in (passes if interlaced else [(0, 0, 1, 1)]))
    header = struct.pack(">IIBBBBB", W, H, bits, colour, 0, 0, 1 if interlaced else 0)
    body = chunk(b"IHDR", header) + extra + chunk(b"IDAT", zlib.compress(data, 9)) + chunk(b"IEND", b"")
    open(name, "wb").write(b"\x89PNG\r\n\x1a\n" + body)


def is_red(x):
    return x < W // 2


png("rgb.png", 8, 2, lambda x: b"\xff\0\0" if is_red(x) else b"\xff\xff\xff")
png("rgb16.png", 16, 2, lambda x: b"\xff\xff\0\0\0\0" if is_red(x) else b"\xff" * 6)
png("rgba.png", 8, 6, lambda x: b"\xff\0\0\x80" if is_red(x) else b"\xff\xff\xff\x80")
png("palette.png", 8, 3, lambda x: b"\0" if is_red(x) else b"\1", chunk(b"PLTE", b"\xff\0\0\xff\xff\xff"))
png("interlaced.png", 8, 2, lambda x: b"\xff\0\0" if is_red(x) else b"\xff\xff\xff", interlaced=True)
png("grey.png", 8, 0, lambda x: b"\x4c" if is_red(x) else b"\xff")
