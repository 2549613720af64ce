"""Writes test/io/compressed-fixtures.json: small compressed files made by the reference libraries.

Usage: python test/oracles/compressed-fixtures.py > test/io/compressed-fixtures.json
A text is a list of [piece, times]; what is kept of a file is its bytes in base64.
"""

import base64
import bz2
import json
import lzma
import sys

import zstandard

SHORT = [["سلام دنیا!\r\n", 1], ["line two\n", 3]]
LONG = [["خانه‌ام دور است.\n", 9000], ["line\n", 9000], ["abc", 50000]]
EMPTY = []
JSON_LINES = [['{"id": 1, "text": "سلام دنیا!\\r\\n"}\n', 2], ['{"text": "خانه‌ام دور است."}\n', 3]]


def text_of(pieces):
    return "".join(piece * times for piece, times in pieces).encode()


def zstd(data, **options):
    return zstandard.ZstdCompressor(**options).compress(data)


def zstd_stream(data, **options):
    compressor = zstandard.ZstdCompressor(**options).compressobj()
    return compressor.compress(data) + compressor.flush()


def raw_zstd(data):
    """A frame of one raw block of one byte each and an empty last one, without a check."""
    blocks = b"".join((1 << 3).to_bytes(3, "little") + bytes([byte]) for byte in data)
    return b"\x28\xb5\x2f\xfd\x00\x00" + blocks + b"\x01\x00\x00"


SKIPPABLE = b"\x5a\x2a\x4d\x18" + (5).to_bytes(4, "little") + b"12345"


def fixtures():
    short, long = text_of(SHORT), text_of(LONG)
    checked = dict(level=3, write_checksum=True)
    yield "zstd", "one frame", SHORT, zstd(short, **checked)
    yield "zstd", "no check", SHORT, zstd(short, level=3)
    yield "zstd", "no size", SHORT, zstd_stream(short, **checked)
    yield "zstd", "many blocks", LONG, zstd(long, **checked)
    yield "zstd", "level 19, no size", LONG, zstd_stream(long, level=19, write_checksum=True)
    yield "zstd", "two frames", SHORT + LONG, zstd(short, **checked) + zstd_stream(long, level=1)
    yield "zstd", "frames that hold nothing", SHORT + SHORT, SKIPPABLE + zstd(short, **checked) + zstd(b"", **checked) + SKIPPABLE + zstd(short)
    yield "zstd", "raw blocks", SHORT, raw_zstd(short)
    yield "zstd", "JSON lines", JSON_LINES, zstd(text_of(JSON_LINES), **checked)
    yield "zstd", "no text", EMPTY, zstd(b"", **checked)
    for name, check in [("crc32", lzma.CHECK_CRC32), ("crc64", lzma.CHECK_CRC64), ("no check", lzma.CHECK_NONE)]:
        yield "xz", name, SHORT, lzma.compress(short, check=check)
    yield "xz", "long", LONG, lzma.compress(long)
    yield "xz", "two streams", SHORT + LONG, lzma.compress(short) + lzma.compress(long, preset=9)
    yield "xz", "padded streams", SHORT + SHORT, lzma.compress(short) + bytes(8) + lzma.compress(short) + bytes(4)
    yield "xz", "JSON lines", JSON_LINES, lzma.compress(text_of(JSON_LINES))
    yield "xz", "no text", EMPTY, lzma.compress(b"")
    yield "bzip2", "one stream", SHORT, bz2.compress(short)
    yield "bzip2", "small blocks", LONG, bz2.compress(long, 1)
    yield "bzip2", "two streams", SHORT + LONG, bz2.compress(short) + bz2.compress(long)
    yield "bzip2", "streams that hold nothing", SHORT + SHORT, bz2.compress(b"") + bz2.compress(short) + bz2.compress(b"") + bz2.compress(short)
    yield "bzip2", "JSON lines", JSON_LINES, bz2.compress(text_of(JSON_LINES))
    yield "bzip2", "no text", EMPTY, bz2.compress(b"")


def main():
    files = [
        {"compression": compression, "name": name, "text": text, "base64": base64.b64encode(data).decode()}
        for compression, name, text, data in fixtures()
    ]
    for file in files:
        assert len(file["base64"]) * 3 / 4 < 2000, file["name"]
    json.dump({"zstandard": zstandard.__version__, "files": files}, sys.stdout, ensure_ascii=False, indent=1)
    print()


main()
