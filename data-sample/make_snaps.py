#!/usr/bin/env python3
"""Makes data-sample/snaps again: five small snaps as snapd installs them, each with its assertions, and their index.

The snaps are real squashfs images of mksquashfs. The assertions have the form, the order, the digests and the sizes of a
store's; the signatures are invented, so a snapd that checks them refuses them.
"""

import base64
import hashlib
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
OUT = HERE / "snaps"
TIME = "2025-01-15T10:00:00Z"
SIGNATURE = base64.b64encode(b"no signature: a sample for tests " * 6).decode()

# name, revision, compression, lines of snap.yaml, files beside it
SNAPS = [
    ("snapd", 1, "gzip", {"version": "2.63-sample", "type": "snapd"}, {"usr/lib/snapd/info": "VERSION=2.63-sample\n"}),
    ("testbase", 1, "gzip", {"version": "1", "type": "base"}, {"etc/os-release": "ID=testbase\n"}),
    ("hello-offline", 1, "xz", {"version": "1.0", "base": "testbase", "confinement": "strict"}, {"bin/hello": "#!/bin/sh\necho hello\n"}),
    ("hello-offline", 2, "xz", {"version": "2.0", "base": "testbase", "confinement": "strict"}, {"bin/hello": "#!/bin/sh\necho hello again\n"}),
    ("classic-tool", 1, "zstd", {"version": "0.1", "base": "testbase", "confinement": "classic"}, {"bin/tool": "#!/bin/sh\nuname -a\n"}),
]


def sha3_384(data):
    return base64.urlsafe_b64encode(hashlib.sha3_384(data).digest()).decode()


KEY = sha3_384(b"sample key")


def assertion(kind, headers, body=""):
    lines = [f"type: {kind}", "authority-id: sample"] + [f"{name}: {value}" for name, value in headers]
    if body:
        lines.append(f"body-length: {len(body)}")
    lines.append(f"sign-key-sha3-384: {KEY}")
    text = "\n".join(lines) + "\n\n"
    if body:
        text += body + "\n\n"
    return text + SIGNATURE + "\n"


def assertions(name, revision, image):
    identity = hashlib.sha256(name.encode()).hexdigest()[:32]
    return "\n".join(
        [
            assertion("account-key", [("public-key-sha3-384", KEY), ("account-id", "sample"), ("name", "sample"), ("since", TIME)],
                      base64.b64encode(b"sample public key " * 8).decode()),
            assertion("account", [("account-id", "sample"), ("display-name", "Sample"), ("timestamp", TIME),
                                  ("username", "sample"), ("validation", "unproven")]),
            assertion("snap-declaration", [("series", "16"), ("snap-id", identity), ("publisher-id", "sample"),
                                           ("snap-name", name), ("timestamp", TIME)]),
            assertion("snap-revision", [("snap-sha3-384", sha3_384(image)), ("developer-id", "sample"), ("snap-id", identity),
                                        ("snap-revision", revision), ("snap-size", len(image)), ("timestamp", TIME)]),
        ]
    )


def image(name, compression, facts, files, work):
    tree = work / "tree"
    shutil.rmtree(tree, ignore_errors=True)
    yaml = f"name: {name}\nsummary: A sample of OTAServe\ndescription: |\n  It holds next to nothing.\n"
    yaml += "".join(f"{key}: {json.dumps(value) if key == 'version' else value}\n" for key, value in facts.items())
    yaml += "architectures:\n- all\n"
    # The runner of a classic or a strict app; bases and snapd have none.
    commands = [path for path in files if path.startswith("bin/")]
    if commands:
        yaml += "apps:\n" + "".join(f"  {path[4:]}:\n    command: {path}\n" for path in commands)
    for path, text in {"meta/snap.yaml": yaml, **files}.items():
        (tree / path).parent.mkdir(parents=True, exist_ok=True)
        (tree / path).write_text(text)
        (tree / path).chmod(0o755 if path.startswith("bin/") else 0o644)
    target = work / "image.snap"
    target.unlink(missing_ok=True)
    subprocess.run(
        ["mksquashfs", tree, target, "-noappend", "-comp", compression, "-no-xattrs", "-all-root", "-no-progress", "-quiet",
         "-mkfs-time", "1736935200", "-all-time", "1736935200", "-processors", "1"],
        check=True, stdout=subprocess.DEVNULL)
    return target.read_bytes()


def main():
    if not shutil.which("mksquashfs"):
        sys.exit("make_snaps.py: mksquashfs is missing; install with: apt-get install squashfs-tools")
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir()
    index = []
    with tempfile.TemporaryDirectory() as work:
        for name, revision, compression, facts, files in SNAPS:
            data = image(name, compression, facts, files, pathlib.Path(work))
            (OUT / f"{name}_{revision}.snap").write_bytes(data)
            (OUT / f"{name}_{revision}.assert").write_text(assertions(name, revision, data))
            entry = {"name": name, "revision": str(revision), "arch": "all", "type": facts.get("type", "app"),
                     "classic": facts.get("confinement") == "classic", "sha3-384": sha3_384(data), "size": len(data)}
            if "base" in facts:
                entry["base"] = facts["base"]
            index.append(entry)
    (OUT / "index.json").write_text(json.dumps({"present": [], "snaps": index}, indent=2, sort_keys=True) + "\n")


main()
