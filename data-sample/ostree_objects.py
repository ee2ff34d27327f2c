"""Reads an archive-mode OSTree repository: object digests and the closure of a commit.

Metadata objects are GVariant, framed by the end offsets at the back of each container; only a delta's list of parts
and the timestamp of a commit are aligned to more than a byte. Metadata is named by the SHA-256 of its bytes, a file by
that of its uncompressed header and content.
"""

import hashlib
import struct
import zlib


def offset_size(data):
    return 1 if len(data) <= 0xFF else 2 if len(data) <= 0xFFFF else 4


def offsets(data, count):
    """The last `count` framing offsets of a tuple, in member order."""
    size = offset_size(data)
    ends = range(len(data), len(data) - count * size, -size)
    return [int.from_bytes(data[end - size:end], "little") for end in ends], len(data) - count * size


def aligned(position, alignment):
    return (position + alignment - 1) // alignment * alignment


def array(data, alignment=1):
    if not data:
        return []
    size = offset_size(data)
    table = int.from_bytes(data[-size:], "little")
    ends = [int.from_bytes(data[at:at + size], "little") for at in range(table, len(data), size)]
    return [data[aligned(start, alignment):end] for start, end in zip([0, *ends], ends)]


def dirtree(data):
    """Type (a(say)a(sayay)): the file digests, then the (dirtree, dirmeta) pairs."""
    (files_end,), end = offsets(data, 1)
    files, directories = [], []
    for member in array(data[:files_end]):
        (name_end,), member_end = offsets(member, 1)
        files.append(member[name_end:member_end].hex())
    for member in array(data[files_end:end]):
        (name_end, tree_end), member_end = offsets(member, 2)
        directories.append((member[name_end:tree_end].hex(), member[tree_end:member_end].hex()))
    return files, directories


def commit(data):
    """Type (a{sv}aya(say)sstayay): the parent (or "") and the digests of the root dirtree and dirmeta."""
    (metadata, parent, _, _, body, tree), end = offsets(data, 6)
    tree_start = aligned(body, 8) + 8  # after the 64-bit timestamp
    return data[metadata:parent].hex(), data[tree_start:tree].hex(), data[tree:end].hex()


def delta_parts(superblock):
    """The digests of the parts 0, 1, ... : member a(uayttay) of a superblock, each entry a version, then the digest."""
    (_, _, _, _, before, end), _ = offsets(superblock, 6)
    return [entry[4:36].hex() for entry in array(superblock[aligned(before, 8):end], 8)]


def file_digest(filez):
    """From the stored form (tuuuusa(ayay)) + raw deflate to the named form (uuuusa(ayay)) + content, without xattrs."""
    size = int.from_bytes(filez[:4], "big")
    stored, packed = filez[8:8 + size], filez[8 + size:]
    length = int.from_bytes(stored[:8], "big")
    content = b""
    if packed:
        stream = zlib.decompressobj(-15)
        content = stream.decompress(packed) + stream.flush()
        if not stream.eof or stream.unused_data:
            raise ValueError("the deflate stream does not end with the file")
    if len(content) != length:
        raise ValueError("the content has another length than its header")
    (name_end,), end = offsets(stored, 1)
    if offset_size(stored) != 1 or name_end != end:
        raise ValueError("extended attributes or a long symlink, which this sample does not have")
    header = stored[8:end] + bytes([name_end - 8])
    return hashlib.sha256(struct.pack(">II", len(header), 0) + header + content).hexdigest()


def object_digest(kind, data):
    return file_digest(data) if kind == "filez" else hashlib.sha256(data).hexdigest()


def closure(load, commit_id):
    """Every `digest.kind` the commit needs; `load` returns the bytes of one or raises."""
    _, tree, meta = commit(load(f"{commit_id}.commit"))
    needed, pending = {f"{commit_id}.commit"}, [(tree, meta)]
    while pending:
        tree, meta = pending.pop()
        needed |= {f"{tree}.dirtree", f"{meta}.dirmeta"}
        files, directories = dirtree(load(f"{tree}.dirtree"))
        needed |= {f"{digest}.filez" for digest in files}
        pending += directories
    return needed
