"""Signs one channel: make_tuf.py OUT KEYS CHANNEL TAG VERSION=CREATED...

Reads the commit and the app uris of each update below OUT/updates/CHANNEL/TAG, writes its tuf/ directory and
OUT/trust/CHANNEL. Root rotates its key at every version, and version 3 also rotates the targets key.
"""

import base64
import hashlib
import sys
from pathlib import Path

from fio_metadata import canonical, generate, key_id, sign

EXPIRES = "2036-01-01T00:00:00Z"
HARDWARE = "intel-corei7-64"
NAME = f"{HARDWARE}-lmp"


class Key:
    def __init__(self, file):
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.file = file
        self.public = generate(file)
        self.id = key_id(self.public)

    def signature(self, message):
        signature = base64.b64encode(sign(self.file, message)).decode()
        return {"keyid": self.id, "method": "ed25519", "sig": signature}


def envelope(signed, *keys):
    message = canonical(signed)
    return canonical({"signatures": [key.signature(message) for key in keys], "signed": signed})


def root(version, roles):
    keys = {key.id: {"keytype": "ED25519", "keyval": {"public": key.public.hex()}} for key in roles.values()}
    return {
        "_type": "Root",
        "consistent_snapshot": False,
        "expires": EXPIRES,
        "keys": keys,
        "roles": {role: {"keyids": [key.id], "threshold": 1} for role, key in roles.items()},
        "version": version,
    }


def entry(content, version):
    return {"hashes": {"sha256": hashlib.sha256(content).hexdigest()}, "length": len(content), "version": version}


def target(update, tag, version, created):
    commit = (update / "ostree_repo/refs/heads" / NAME).read_text().strip()
    apps = {path.parts[-3]: {"uri": path.read_text()} for path in sorted(update.glob("apps/apps/*/*/uri"))}
    custom = {
        "createdAt": created,
        "docker_compose_apps": apps,
        "hardwareIds": [HARDWARE],
        "name": NAME,
        "tags": [tag],
        "targetFormat": "OSTREE",
        "version": version,
    }
    return {f"{NAME}-{version}": {"custom": custom, "hashes": {"sha256": commit}, "length": 0}}


def write_update(update, channel, tag, version, created, roles, newest_root):
    number = int(version)
    targets = target(update, tag, version, created)
    common = {"expires": EXPIRES, "version": number}
    files = {"3.root.json": newest_root}
    files["targets.json"] = envelope({"_type": "Targets", "targets": targets, **common}, roles["targets"])
    meta = {"targets.json": entry(files["targets.json"], number)}
    files["snapshot.json"] = envelope({"_type": "Snapshot", "meta": meta, **common}, roles["snapshot"])
    meta = {"snapshot.json": entry(files["snapshot.json"], number)}
    files["timestamp.json"] = envelope({"_type": "Timestamp", "meta": meta, **common}, roles["timestamp"])
    bundle = {"tag": tag, "targets": list(targets), "type": channel}
    files["bundle-targets.json"] = envelope(
        {"_type": "Targets", "x-fio-offline-bundle": bundle, **common}, roles["targets"]
    )
    (update / "tuf").mkdir()
    for name, content in files.items():
        (update / "tuf" / name).write_bytes(content)


def main(out, keys, channel, tag, *versions):
    out, keys = Path(out), Path(keys, channel)
    roots, roles, before = {}, {}, []
    for version in (1, 2, 3):
        new = {1: ("root", "snapshot", "targets", "timestamp"), 2: ("root",), 3: ("root", "targets")}[version]
        roles |= {role: Key(keys / f"{version}-{role}.pem") for role in new}
        roots[version] = envelope(root(version, roles), roles["root"], *before)
        before = [roles["root"]]

    trust = out / "trust" / channel
    trust.mkdir(parents=True)
    for version in (1, 2):
        (trust / f"{version}.root.json").write_bytes(roots[version])
    for argument in versions:
        version, created = argument.split("=")
        write_update(out / "updates" / channel / tag / version, channel, tag, version, created, roles, roots[3])


main(*sys.argv[1:])
