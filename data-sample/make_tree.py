"""Writes the file tree of one sample version: make_tree.py DIRECTORY VERSION."""

import hashlib
import os
import sys
from pathlib import Path


def incompressible(size):
    """The same bytes on every machine, and nothing a compressor could shrink."""
    blocks = (hashlib.sha256(b"otaserve-sample:%d" % n).digest() for n in range(size // 32))
    return b"".join(blocks)


def main(root, version):
    newest = int(version) >= 43
    changed = "".join(
        f"line {n:03}: {'new in ' + version if newest and n % 40 == 0 else 'as it always was'}\n" for n in range(200)
    )
    files = {
        "usr/lib/os-release": f'ID=sample\nNAME="OTAServe sample"\nVERSION_ID={version}\nIMAGE_VERSION={version}\n',
        "usr/bin/hello": f'#!/bin/sh\necho "sample {version}"\n',
        "usr/etc/demo.conf": "greeting = hello\ninterval = 60\n",
        "usr/share/demo/changed.txt": changed,
        "usr/share/demo/constant.bin": incompressible(150 * 1024),
        "usr/share/demo/empty": "",
        "usr/share/demo/README": "A file tree small enough to look at.\n",
    }
    files["usr/share/demo/added.txt" if newest else "usr/share/demo/removed.txt"] = "Not in every version.\n"
    for name, content in files.items():
        path = Path(root, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        path.chmod(0o755 if name.startswith("usr/bin/") else 0o644)
    os.symlink("hello", Path(root, "usr/bin/hi"))


main(*sys.argv[1:])
