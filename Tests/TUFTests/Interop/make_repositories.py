"""Makes repositories with python-tuf below the directory that is named: <name>/{metadata,targets}, <name>/root.json (the root
that a client trusts), <name>/expected (the targets that it must find, one name in each line). Further arguments name the repositories that are wanted; none means all."""

import datetime
import hashlib
import pathlib
import sys
from urllib import parse

from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import (
    DelegatedRole, Delegations, Metadata, MetaFile, Root, Snapshot, SuccinctRoles, TargetFile, Targets, Timestamp,
)
from tuf.api.serialization.json import JSONSerializer

EXPIRY = datetime.datetime(2100, 1, 1, tzinfo=datetime.timezone.utc)
NEW = {"ed25519": CryptoSigner.generate_ed25519, "ecdsa": CryptoSigner.generate_ecdsa, "rsa": CryptoSigner.generate_rsa}


class Repository:
    def __init__(self, folder, keytype, consistent, compact=False, hashes=True):
        self.folder, self.keytype, self.consistent = folder, keytype, consistent
        self.serializer = JSONSerializer(compact=compact)
        self.hashes = hashes
        self.signers = {}
        self.root = Root(expires=EXPIRY, consistent_snapshot=consistent)
        self.roles = {"targets": Targets(expires=EXPIRY)}
        self.snapshot = Snapshot(expires=EXPIRY)
        self.timestamp = Timestamp(expires=EXPIRY)
        self.expected = []
        for role in ("root", "timestamp", "snapshot", "targets"):
            self.add_key(role)
        (folder / "metadata").mkdir(parents=True)

    def add_key(self, role, keytype=None):
        signer = NEW[keytype or self.keytype]()
        self.root.add_key(signer.public_key, role)
        self.signers.setdefault(role, []).append(signer)
        return signer

    def add_target(self, role, name, content):
        target = TargetFile.from_data(name, content, ["sha256", "sha512"])
        self.roles[role].targets[name] = target
        prefix, _, last = name.rpartition("/")
        path = f"{prefix}/{target.hashes['sha256']}.{last}" if self.consistent else name
        file = self.folder / "targets" / path.lstrip("/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        self.expected.append(name)

    def delegate(self, delegator, name, terminating=False, **names):
        signer = NEW[self.keytype]()
        self.signers[name] = [signer]
        metadata = self.roles[delegator]
        metadata.delegations = metadata.delegations or Delegations({}, roles={})
        metadata.delegations.roles[name] = DelegatedRole(name, [], 1, terminating, **names)
        metadata.add_key(signer.public_key, name)
        self.roles.setdefault(name, Targets(expires=EXPIRY))

    def delegate_bins(self, bits):
        signer = NEW[self.keytype]()
        succinct = SuccinctRoles([], 1, bits, "bin")
        self.roles["targets"].delegations = Delegations({}, None, succinct)
        self.roles["targets"].add_key(signer.public_key)
        for name in succinct.get_roles():
            self.signers[name] = [signer]
            self.roles[name] = Targets(expires=EXPIRY)
        return succinct

    def write(self, role, signed, versioned):
        metadata = Metadata(signed)
        for signer in self.signers[role]:
            metadata.sign(signer, append=True)
        bytes_ = metadata.to_bytes(self.serializer)
        name = parse.quote(role, "")
        (self.folder / "metadata" / (f"{signed.version}.{name}.json" if versioned else f"{name}.json")).write_bytes(bytes_)
        if not self.hashes:
            return MetaFile(signed.version)
        return MetaFile(signed.version, len(bytes_), {"sha256": hashlib.sha256(bytes_).hexdigest()})

    def publish_root(self):
        self.write("root", self.root, True)
        if self.root.version == 1:
            (self.folder / "root.json").write_bytes((self.folder / "metadata" / "1.root.json").read_bytes())

    def publish(self):
        for name, targets in self.roles.items():
            self.snapshot.meta[f"{name}.json"] = self.write(name, targets, self.consistent)
        self.timestamp.snapshot_meta = self.write("snapshot", self.snapshot, self.consistent)
        self.write("timestamp", self.timestamp, False)
        (self.folder / "expected").write_text("".join(f"{name}\n" for name in self.expected))


def main(out, names):
    def wanted(name):
        return not names or name in names

    for keytype in NEW:
        for consistent in (True, False):
            name = f"{keytype}-{'consistent' if consistent else 'plain'}"
            if not wanted(name):
                continue
            repository = Repository(out / name, keytype, consistent)
            repository.add_target("targets", "top.txt", b"top")
            repository.add_target("targets", "deep/folder/file.bin", bytes(range(256)) * 500)
            repository.publish_root()
            repository.publish()

    for consistent in (True, False):
        name = f"delegations-{'consistent' if consistent else 'plain'}"
        if not wanted(name):
            continue
        repository = Repository(out / name, "ed25519", consistent, compact=True)
        repository.delegate("targets", "docs", paths=["docs/*", "*.md"])
        repository.delegate("targets", "prefixes", terminating=True, path_hash_prefixes=["0", "1", "2", "3", "4", "5", "6", "7"])
        repository.delegate("targets", "rest", paths=["*", "*/*"])
        repository.delegate("docs", "docs-guide", paths=["docs/guide-[0-9]?.txt"])
        repository.add_target("docs", "README.md", b"readme")
        repository.add_target("docs-guide", "docs/guide-12.txt", b"guide")
        items = [f"item{n}" for n in range(8)]
        for name in items:
            first = hashlib.sha256(name.encode()).hexdigest()[0]
            repository.add_target("prefixes" if first < "8" else "rest", name, name.encode())
        repository.publish_root()
        repository.publish()

    if wanted("bins"):
        repository = Repository(out / "bins", "ecdsa", True)
        succinct = repository.delegate_bins(5)
        for name in ("a", "b/c", "é", "some long name", "z" * 100):
            repository.add_target(succinct.get_role_for_target(name), name, name.encode())
        repository.publish_root()
        repository.publish()

    if wanted("rotations"):
        # Thresholds of keys of different types, all rotated, in three steps.
        repository = Repository(out / "rotations", "ed25519", True, hashes=False)
        for role in ("root", "timestamp", "snapshot", "targets"):
            for keytype in ("ecdsa", "rsa"):
                repository.add_key(role, keytype)
            repository.root.roles[role].threshold = 2
        repository.publish_root()
        for role in ("root", "timestamp", "targets"):
            former = list(repository.signers["root"])
            for signer in list(repository.signers[role])[:2]:
                repository.root.revoke_key(signer.public_key.keyid, role)
                repository.signers[role].remove(signer)
                repository.add_key(role)
            current = repository.signers["root"]
            repository.signers["root"] = current + [s for s in former if s not in current]
            repository.root.version += 1
            repository.publish_root()
            repository.signers["root"] = current
        repository.add_target("targets", "after.txt", b"after all of that")
        repository.publish()


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), sys.argv[2:])
