#!/usr/bin/env python3
"""Makes Hostile/<slug>/<case>: small archives with one defect each. The folder is the slug they are refused with.

Deterministic, standard library only; zstd frames are written by hand from raw and RLE blocks. Run it after a change:

    python3 Tests/ArchiveTests/make_hostile.py
"""

import pathlib
import shutil
import struct
import zlib

ROOT = pathlib.Path(__file__).resolve().parent / "Hostile"
END = bytes(1024)


def octal(value, width):
    return b"%0*o\0" % (width - 1, value)


def header(name=b"file", size=0, kind=b"0", *, prefix=b"", size_field=None, gnu=False, link=b"", magic=None, sum_delta=0):
    block = bytearray(512)
    block[0 : len(name)] = name
    block[100:108] = octal(0o644, 8)
    block[108:116] = octal(0, 8)
    block[116:124] = octal(0, 8)
    block[124:136] = size_field if size_field is not None else octal(size, 12)
    block[136:148] = octal(1700000000, 12)
    block[156:157] = kind
    block[157 : 157 + len(link)] = link
    block[257:265] = magic if magic is not None else (b"ustar  \0" if gnu else b"ustar\x0000")
    block[345 : 345 + len(prefix)] = prefix
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\0 " % (sum(block) + sum_delta)
    return bytes(block)


def padded(content):
    return content + bytes(-len(content) % 512)


def file(name=b"file", content=b"hello\n", **more):
    return header(name, len(content), **more) + padded(content)


def directory(name=b"folder/", **more):
    return header(name, 0, b"5", **more)


def record(key, value):
    body = b" " + key + b"=" + value + b"\n"
    length = len(body)
    while len(str(length)) + len(body) != length:
        length = len(str(length)) + len(body)
    return str(length).encode() + body


def pax(*records, kind=b"x"):
    return file(b"PaxHeaders/file", b"".join(records), kind=kind)


def long_name(name, kind=b"L"):
    return file(b"././@LongLink", name + b"\0", kind=kind, gnu=True)


def gz(content):
    # No time, no name: the same bytes every time.
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return packer.compress(content) + packer.flush()


def zstd_block(kind, size, content, last):
    return struct.pack("<I", size << 3 | kind << 1 | last)[:3] + content


def runs(content):
    """The content in pieces that are one byte repeated or that are not, none above 128 KiB."""
    pieces = []
    for at in range(0, len(content), 512):
        part = content[at : at + 512]
        last = pieces[-1] if pieces else b""
        alike = set(last[-512:]) == set(part) if len(set(part)) == 1 else len(set(last[-512:])) > 1
        if last and alike and len(last) + len(part) <= 128 << 10:
            pieces[-1] += part
        else:
            pieces.append(part)
    return pieces


def zstd(content, window_log=17, checksum=None):
    """A frame of raw blocks, and of RLE blocks for runs of one byte."""
    frame = b"\x28\xb5\x2f\xfd" + bytes([4 if checksum is not None else 0, (window_log - 10) << 3])
    pieces = runs(content)
    for index, piece in enumerate(pieces):
        last = index == len(pieces) - 1
        if piece == piece[:1] * len(piece):
            frame += zstd_block(1, len(piece), piece[:1], last)
        else:
            frame += zstd_block(0, len(piece), piece, last)
    return frame + (checksum or b"")


def corrupt(content, at):
    changed = bytearray(content)
    changed[at] ^= 0xFF
    return bytes(changed)


GOOD = file() + END


def cases():
    yield "archive-format-unknown", "text.tar", b"This is not an archive.\n" * 40
    yield "archive-format-unknown", "zip.tar", b"PK\x03\x04" + bytes(1020)
    yield "archive-format-unknown", "seventh-edition.tar", file(magic=bytes(8)) + END
    yield "archive-format-unknown", "gzip-of-text.tar.gz", gz(b"not an archive\n" * 100)
    yield "archive-format-unknown", "gzip-of-gzip.tar.gz", gz(gz(bytes(range(256)) * 8 + GOOD) * 4)

    yield "archive-empty", "end-mark-alone.tar", END
    yield "archive-empty", "end-mark-alone.tar.gz", gz(END)
    yield "archive-empty", "root-alone.tar", directory(b"./") + END
    yield "archive-empty", "global-header-alone.tar", pax(record(b"comment", b"x"), kind=b"g") + END

    yield "archive-truncated", "no-bytes.tar", b""
    yield "archive-truncated", "in-header.tar", GOOD[:300]
    yield "archive-truncated", "in-content.tar", header(size=2000) + bytes(1000)
    yield "archive-truncated", "in-padding.tar", header(size=6) + b"hello\n" + bytes(100)
    yield "archive-truncated", "without-end-mark.tar", file()
    yield "archive-truncated", "half-an-end-mark.tar", file() + bytes(512)
    yield "archive-truncated", "in-pax-header.tar", header(b"x", 1000, b"x") + bytes(512)
    yield "archive-truncated", "in-gzip.tar.gz", gz(GOOD)[:-12]
    yield "archive-truncated", "in-gzip-trailer.tar.gz", gz(GOOD)[:-3]
    yield "archive-truncated", "in-zstd.tar.zst", zstd(GOOD)[:-700]
    yield "archive-truncated", "announced-more-than-sent.tar", header(size=3 << 20) + bytes(512)

    yield "archive-trailing-bytes", "behind-tar.tar", GOOD + b"x"
    yield "archive-trailing-bytes", "second-tar.tar", GOOD + GOOD
    yield "archive-trailing-bytes", "entry-behind-one-block-of-zeros.tar", file() + bytes(512) + file(b"other") + END
    yield "archive-trailing-bytes", "behind-gzip.tar.gz", gz(GOOD) + b"x"
    yield "archive-trailing-bytes", "zeros-behind-gzip.tar.gz", gz(GOOD) + bytes(512)
    yield "archive-trailing-bytes", "second-tar-in-second-member.tar.gz", gz(GOOD) + gz(GOOD)
    yield "archive-trailing-bytes", "behind-zstd.tar.zst", zstd(GOOD) + b"\x28\xb5\x2f"
    yield "archive-trailing-bytes", "frame-to-skip.tar.zst", zstd(GOOD) + b"\x50\x2a\x4d\x18\x04\0\0\0evil"

    yield "archive-compression-corrupt", "gzip-checksum.tar.gz", corrupt(gz(GOOD), -8)
    yield "archive-compression-corrupt", "gzip-length.tar.gz", corrupt(gz(GOOD), -1)
    yield "archive-compression-corrupt", "gzip-block.tar.gz", gz(GOOD)[:10] + b"\xff" * 200
    yield "archive-compression-corrupt", "gzip-method.tar.gz", corrupt(gz(GOOD), 2)
    yield "archive-compression-corrupt", "gzip-second-member.tar.gz", gz(GOOD) + b"\x1f\x8b" + b"\xff" * 40
    yield "archive-compression-corrupt", "zstd-checksum.tar.zst", zstd(GOOD, checksum=b"\1\2\3\4")
    yield "archive-compression-corrupt", "zstd-reserved-block.tar.zst", b"\x28\xb5\x2f\xfd\0\x38" + b"\xff" * 64

    yield "archive-window-too-large", "256-mebibytes.tar.zst", zstd(GOOD, window_log=28)
    yield "archive-window-too-large", "2-gibibytes.tar.zst", zstd(GOOD, window_log=31)
    yield "archive-too-many-members", "sixteen-gzip.tar.gz", b"".join(gz(GOOD[at : at + 128]) for at in range(0, 2048, 128))
    yield "archive-too-many-members", "empty-gzip.tar.gz", gz(b"") * 100 + gz(GOOD)
    yield "archive-too-many-members", "empty-zstd.tar.zst", b"\x28\xb5\x2f\xfd\x20\0\1\0\0" * 100 + zstd(GOOD)
    yield "archive-too-many-entries", "forty-files.tar.gz", gz(b"".join(file(b"%d" % n) for n in range(40)) + END)
    yield "archive-too-many-entries", "implied-directories.tar.gz", gz(
        b"".join(file(b"%d/a/a/a/a/a/a/file" % n) for n in range(10)) + END
    )
    yield "archive-too-large", "zeros-by-the-million.tar.zst", zstd(
        b"".join(header(b"%d" % n, 3 << 20) + bytes(3 << 20) for n in range(3)) + END
    )
    yield "archive-too-large", "padding-without-end.tar.zst", zstd(GOOD + bytes(9 << 20))
    yield "archive-file-too-large", "five-mebibytes.tar", header(size=5 << 20) + bytes(512)
    yield "archive-file-too-large", "base-256.tar", header(size_field=b"\x80" + (1 << 62).to_bytes(11, "big")) + bytes(512)
    yield "archive-file-too-large", "pax-size.tar", pax(record(b"size", b"999999999999")) + file(content=b"") + END
    yield "archive-ratio-too-high", "zeros.tar.gz", gz(header(size=2 << 20) + bytes(2 << 20) + END)
    yield "archive-ratio-too-high", "zeros.tar.zst", zstd(header(size=3 << 20) + bytes(3 << 20) + END)
    yield "archive-ratio-too-high", "padding.tar.gz", gz(GOOD + bytes(3 << 20))

    yield "archive-checksum-wrong", "one-more.tar", file(sum_delta=1) + END
    yield "archive-checksum-wrong", "second-header.tar", file() + file(b"other", sum_delta=-1) + END
    yield "archive-checksum-wrong", "no-number.tar", file()[:148] + b"not sum\0" + file()[156:] + END

    for name, field in {
        "not-octal": b"00000000009\0",
        "negative-sign": b"-0000000006\0",
        "plus-sign": b"+0000000006\0",
        "hexadecimal": b"0x000000006\0",
        "blank": b" " * 12,
        "zeros-only": bytes(12),
        "two-numbers": b"00006 00006\0",
        "negative-base-256": b"\xff" * 12,
        "overflowing-base-256": b"\x80" + b"\xff" * 11,
        "base-256-of-64-bits": b"\x80\0\0\0" + b"\x80" + bytes(7),
        "base-256-with-high-bits": b"\x81" + bytes(10) + b"\6",
    }.items():
        yield "archive-size-invalid", f"{name}.tar", header(size_field=field) + padded(b"hello\n") + END
    yield "archive-size-invalid", "directory-with-size.tar", header(b"folder/", 6, b"5") + padded(b"hello\n") + END

    for name, content in {
        "length-of-zero": b"0 path=a\n",
        "length-too-long": b"99 path=a\n",
        "length-too-short": b"5 path=a\n",
        "length-negative": b"-1 path=a\n",
        "length-missing": b"path=a\n",
        "length-overflowing": b"99999999999999999999999999 path=a\n",
        "length-with-leading-zero": b"010 path=a\n",
        "no-equals": b"9 path-a\n",
        "no-key": b"5 =a\n",
        "no-end-of-line": b"9 path=a\0",
        "trailing-nul": record(b"path", b"a") + b"\0",
        "empty-path": record(b"path", b""),
        "two-paths": record(b"path", b"a") + record(b"path", b"b"),
        "size-not-a-number": record(b"size", b"6x"),
        "size-negative": record(b"size", b"-6"),
        "size-overflowing": record(b"size", b"9223372036854775808"),
        "size-empty": record(b"size", b""),
        "two-sizes": record(b"size", b"6") * 2,
        "size-smaller-than-header": record(b"size", b"5"),
        "size-larger-than-header": record(b"size", b"512"),
        "size-of-gibibytes-over-six-bytes": record(b"size", b"9663676416"),
        "link-target-of-a-file": record(b"linkpath", b"/etc/passwd"),
        "sixty-five-records": record(b"comment", b"x") * 65,
    }.items():
        yield "archive-pax-invalid", f"{name}.tar", pax(content) + file() + END
    yield "archive-pax-invalid", "longer-than-64-kibibytes.tar.gz", gz(pax(record(b"comment", b"x" * 70000)) + GOOD)
    yield "archive-pax-invalid", "announced-gibibytes.tar", header(b"x", 0o77777777777, b"x") + bytes(512)
    for key, value in {b"path": b"a", b"size": b"6", b"linkpath": b"/etc"}.items():
        yield "archive-pax-global", f"{key.decode()}.tar", pax(record(key, value), kind=b"g") + GOOD
    yield "archive-pax-global", "sixty-five.tar.gz", gz(pax(record(b"comment", b"x"), kind=b"g") * 65 + GOOD)
    yield "archive-header-misplaced", "two-pax.tar", pax(record(b"path", b"a")) * 2 + GOOD
    yield "archive-header-misplaced", "two-long-names.tar", long_name(b"a") * 2 + GOOD
    yield "archive-header-misplaced", "pax-and-long-name.tar", pax(record(b"path", b"a")) + long_name(b"b") + GOOD
    yield "archive-header-misplaced", "pax-before-the-end.tar", file() + pax(record(b"path", b"a")) + END
    yield "archive-header-misplaced", "long-name-before-the-end.tar", file() + long_name(b"a") + END

    yield "archive-link", "symbolic.tar", header(b"link", 0, b"2", link=b"/etc/passwd") + END
    yield "archive-link", "symbolic-then-through-it.tar", header(b"link", 0, b"2", link=b"..") + file(b"link/escaped") + END
    yield "archive-link", "hard.tar", file() + header(b"link", 0, b"1", link=b"file") + END
    yield "archive-link", "hard-to-outside.tar", header(b"link", 0, b"1", link=b"../../secret") + END
    yield "archive-link", "gnu-long-target.tar", long_name(b"/" * 300, kind=b"K") + header(b"link", 0, b"2", gnu=True) + END
    yield "archive-link", "pax-target.tar", pax(record(b"linkpath", b"/etc")) + header(b"link", 0, b"2") + END
    yield "archive-device", "character.tar", header(b"null", 0, b"3") + END
    yield "archive-device", "block.tar", header(b"sda", 0, b"4") + END
    yield "archive-pipe", "fifo.tar", header(b"pipe", 0, b"6") + END
    yield "archive-sparse", "gnu.tar", header(b"file", 512, b"S", gnu=True) + bytes(512) + END
    yield "archive-sparse", "pax-0-0.tar", pax(record(b"GNU.sparse.size", b"99")) + GOOD
    yield "archive-sparse", "pax-1-0.tar", pax(record(b"GNU.sparse.major", b"1") + record(b"GNU.sparse.name", b"a")) + GOOD
    yield "archive-sparse", "star.tar", pax(record(b"SCHILY.realsize", b"99")) + GOOD
    yield "archive-sparse", "global.tar", pax(record(b"GNU.sparse.major", b"1"), kind=b"g") + GOOD
    for name, kind in {"continued": b"M", "label": b"V", "dump": b"D", "contiguous": b"7", "sun": b"X", "control": b"\x1b"}.items():
        yield "archive-type-unsupported", f"{name}.tar", file(kind=kind) + END
    yield "archive-type-unsupported", "pax-volume.tar", pax(record(b"GNU.volume.label", b"x")) + GOOD

    for form, entry in {
        "ustar": lambda name: file(name),
        "pax": lambda name: pax(record(b"path", name)) + file(b"harmless"),
        "gnu": lambda name: long_name(name) + file(b"harmless", gnu=True),
        "directory": lambda name: header(name, 0, b"5"),
    }.items():
        yield "archive-path-absolute", f"{form}.tar", entry(b"/tmp/escaped") + END
        yield "archive-path-absolute", f"{form}-two-slashes.tar", entry(b"//escaped") + END
        yield "archive-path-escapes", f"{form}.tar", entry(b"../escaped") + END
        yield "archive-path-escapes", f"{form}-behind-dot.tar", entry(b"./../escaped") + END
        yield "archive-path-escapes", f"{form}-inside.tar", entry(b"a/b/../../../escaped") + END
        yield "archive-path-escapes", f"{form}-last.tar", entry(b"a/..") + END
        yield "archive-path-dot", f"{form}.tar", entry(b"a/./b") + END
        yield "archive-path-dot", f"{form}-twice.tar", entry(b"././a") + END
        yield "archive-path-dot", f"{form}-last.tar", entry(b"a/.") + END
        yield "archive-path-empty", f"{form}-inside.tar", entry(b"a//b") + END
        yield "archive-path-control", f"{form}-line.tar", entry(b"a\nb") + END
        yield "archive-path-control", f"{form}-escape.tar", entry(b"a\x1b[2Jb") + END
        yield "archive-path-control", f"{form}-delete.tar", entry(b"a\x7fb") + END
        yield "archive-path-control", f"{form}-c1.tar", entry("a\u009bb".encode()) + END
        yield "archive-path-control", f"{form}-nul.tar", entry(b"a\0b") + END
        yield "archive-path-backslash", f"{form}.tar", entry(b"..\\escaped") + END
        yield "archive-path-not-utf8", f"{form}.tar", entry(b"a\xff") + END
        yield "archive-path-not-utf8", f"{form}-overlong-dot.tar", entry(b"\xc0\xae\xc0\xae/escaped") + END
        yield "archive-path-not-utf8", f"{form}-surrogate.tar", entry(b"\xed\xa0\x80") + END
        yield "archive-path-too-deep", f"{form}.tar", entry(b"/".join([b"a"] * 17)) + END
    yield "archive-path-empty", "no-name.tar", file(b"") + END
    yield "archive-path-empty", "no-long-name.tar", long_name(b"") + file() + END
    yield "archive-path-empty", "file-with-slash.tar", file(b"file/") + END
    yield "archive-path-dot", "root-as-a-file.tar", file(b".") + END
    yield "archive-path-absolute", "prefix.tar", file(b"escaped", prefix=b"/tmp") + END
    yield "archive-path-escapes", "prefix.tar", file(b"escaped", prefix=b"a/../..") + END
    yield "archive-path-escapes", "split-by-the-prefix.tar", file(b"./escaped", prefix=b"..") + END
    yield "archive-path-control", "nul-in-prefix.tar", file(b"a", prefix=b"b\0c") + END
    yield "archive-path-too-long", "pax-component.tar", pax(record(b"path", b"a" * 256)) + GOOD
    yield "archive-path-too-long", "gnu-component.tar", long_name(b"a" * 256) + GOOD
    yield "archive-path-too-long", "pax-path.tar", pax(record(b"path", b"/".join([b"a" * 200] * 6))) + GOOD
    yield "archive-path-too-long", "gnu-path.tar", long_name(b"/".join([b"a" * 200] * 6)) + GOOD
    yield "archive-path-too-long", "gnu-announced-gibibytes.tar", header(b"x", 0o77777777777, b"L") + bytes(512)

    yield "archive-duplicate", "file.tar", file() + file() + END
    yield "archive-duplicate", "with-dot.tar", file(b"a/b") + file(b"./a/b") + END
    yield "archive-duplicate", "by-pax.tar", file() + pax(record(b"path", b"file")) + file(b"other") + END
    yield "archive-duplicate", "by-prefix.tar", file(b"a/b/c") + file(b"c", prefix=b"a/b") + END
    yield "archive-kind-conflict", "file-then-directory.tar", file(b"a") + directory(b"a/") + END
    yield "archive-kind-conflict", "directory-then-file.tar", directory(b"a/") + file(b"a") + END
    yield "archive-kind-conflict", "file-then-beneath-it.tar", file(b"a") + file(b"a/b") + END
    yield "archive-kind-conflict", "beneath-it-then-file.tar", file(b"a/b") + file(b"a") + END


def main():
    shutil.rmtree(ROOT, ignore_errors=True)
    count = 0
    for slug, name, content in cases():
        folder = ROOT / slug
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / name
        assert not path.exists(), f"{slug}/{name} is made twice"
        # What is larger is mostly zeros; a repository should not carry them.
        if len(content) > 4096 and name.endswith(".tar"):
            content, path = gz(content), path.with_suffix(".tar.gz")
        assert len(content) <= 4096, f"{slug}/{name} has {len(content)} bytes"
        path.write_bytes(content)
        count += 1
    print(count, "archives")


if __name__ == "__main__":
    main()
