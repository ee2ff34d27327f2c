#!/usr/bin/env python3
"""Checks the sample: verify.py [DIRECTORY], by default the directory this file is in.

One line per finding on standard output; exit code 0 when there is none, 1 otherwise.
Per update: the root chain from trust/, every signature, timestamp -> snapshot -> targets, the OSTree commit each
target names and all it needs, the delta parts, and each app down to its last blob. Not covered by any digest, and
so only searched for what must be in it: the OSTree summary, which is not signed.
"""

import base64
import configparser
import datetime
import hashlib
import io
import json
import re
import sys
import tarfile
from pathlib import Path

from fio_metadata import canonical, is_signed, key_id
from ostree_objects import closure, delta_parts, object_digest

MANIFEST_LIMIT = 50 * 1024


class Finding(Exception):
    pass


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def need(condition, message):
    if not condition:
        raise Finding(message)


def members(pairs):
    need(len(dict(pairs)) == len(pairs), "a member occurs twice")
    return dict(pairs)


class Update:
    """One update directory; `findings` collects what is wrong with it."""

    def __init__(self, top, directory, now):
        self.directory, self.now, self.findings = directory, now, []
        self.name = directory.relative_to(top)
        self.channel, self.tag = directory.parts[-3:-1]
        self.trust = top / "trust" / self.channel

    def check(self):
        root = self.step("root chain", self.check_roots)
        targets = root and self.step("tuf", self.check_tuf, root)
        if targets is not None:
            commits = {target["hashes"]["sha256"] for target in targets.values()}
            self.step("ostree_repo", self.check_objects, commits)
            self.step("ostree_repo", self.check_summary, commits)
            self.step("ostree_repo", self.check_deltas, commits)
            self.step("apps", self.check_apps, targets)
        self.step("apps", self.check_blobs)
        return self.findings

    def step(self, topic, function, *arguments):
        try:
            return function(*arguments)
        except Finding as finding:
            self.report(topic, finding)
        except Exception as error:  # malformed content may fail anywhere; it is a finding all the same
            self.report(topic, f"{type(error).__name__}: {error}")
        return None

    def report(self, topic, message):
        self.findings.append(f"{self.name}: {topic}: {message}")

    # TUF

    def read(self, path, kind):
        data = path.read_bytes()
        value = json.loads(data, object_pairs_hook=members)
        need(canonical(value) == data, f"{path.name} is not in canonical form")
        need(set(value) == {"signatures", "signed"}, f"{path.name} is no signed envelope")
        signed = value["signed"]
        need(signed["_type"] == kind, f"{path.name} is a {signed['_type']}")
        need(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", signed["expires"]), f"{path.name}: malformed expiry")
        return value

    def check_current(self, path, signed):
        need(self.now < signed["expires"], f"{path.name} expired at {signed['expires']}")

    def check_signed(self, path, value, root, role):
        message = canonical(value["signed"])
        ids = [signature["keyid"] for signature in value["signatures"]]
        need(len(set(ids)) == len(ids), f"{path.name}: a key id signs twice")
        good = set()
        for signature in value["signatures"]:
            need(signature["method"] == "ed25519", f"{path.name}: unknown method {signature['method']}")
            if signature["keyid"] in root["roles"][role]["keyids"]:
                public = bytes.fromhex(root["keys"][signature["keyid"]]["keyval"]["public"])
                if is_signed(public, message, base64.b64decode(signature["sig"], validate=True)):
                    good.add(public)
        threshold = root["roles"][role]["threshold"]
        need(threshold >= 1, f"{role} has threshold {threshold}")
        need(
            len(good) >= threshold,
            f"{path.name}: {len(good)} of {threshold} signatures of {role} in root {root['version']}",
        )

    def check_roots(self):
        paths = {int(path.name.split(".")[0]): path for path in self.directory.glob("tuf/*.root.json")}
        need(paths, "no root in the update")
        paths |= {int(path.name.split(".")[0]): path for path in self.trust.glob("*.root.json")}
        need(sorted(paths) == list(range(1, max(paths) + 1)), f"root versions are {sorted(paths)}")
        previous = None
        for version, path in sorted(paths.items()):
            value = self.read(path, "Root")
            root = value["signed"]
            need(root["version"] == version, f"{path.name} says version {root['version']}")
            for identifier, key in root["keys"].items():
                need(key["keytype"] == "ED25519", f"{path.name}: key type {key['keytype']}")
                need(identifier == key_id(bytes.fromhex(key["keyval"]["public"])), f"{path.name}: wrong key id")
            self.check_signed(path, value, root, "root")
            if previous:
                self.check_signed(path, value, previous, "root")
            previous = root
        self.check_current(path, previous)
        return previous

    def check_tuf(self, root):
        tuf = self.directory / "tuf"
        signed = {}
        for role, name in {
            "timestamp": "timestamp", "snapshot": "snapshot", "targets": "targets", "bundle-targets": "targets",
        }.items():
            path = tuf / f"{role}.json"
            value = self.read(path, name.capitalize())
            self.check_signed(path, value, root, name)
            self.check_current(path, value["signed"])
            signed[role] = value["signed"]
        for role, named in (("timestamp", "snapshot"), ("snapshot", "targets")):
            data, entry = (tuf / f"{named}.json").read_bytes(), signed[role]["meta"][f"{named}.json"]
            need(entry["hashes"]["sha256"] == sha256(data), f"{role}.json names another {named}.json (hash)")
            need(entry["length"] == len(data), f"{role}.json names another {named}.json (length)")
            need(entry["version"] == signed[named]["version"], f"{role}.json names another {named}.json (version)")
        targets = signed["targets"]["targets"]
        need(targets, "no target")
        for name, target in targets.items():
            need(target["length"] == 0, f"{name}: length is not 0")
            need(target["custom"]["tags"] == [self.tag], f"{name}: tags are {target['custom']['tags']}")
            need(len(target["custom"]["hardwareIds"]) == 1, f"{name}: needs exactly one hardware id")
        bundle = signed["bundle-targets"]["x-fio-offline-bundle"]
        expected = {"type": self.channel, "tag": self.tag, "targets": sorted(targets)}
        need(bundle == expected, "bundle-targets.json describes another bundle")
        return targets

    # OSTree

    def check_objects(self, commits):
        objects = self.directory / "ostree_repo/objects"
        present = set()
        for path in sorted(objects.glob("*/*")):
            digest, kind = path.parent.name + path.stem, path.suffix[1:]
            present.add(f"{digest}.{kind}")
            try:
                right = object_digest(kind, path.read_bytes()) == digest
            except Exception:  # damage may surface in inflate or in a header
                right = False
            if not right:
                self.report("ostree_repo", f"object {digest}.{kind} has other content than its name")
        needed = set()
        for commit in commits:
            need(f"{commit}.commit" in present, f"no commit object for target {commit}")
            needed |= closure(lambda name: (objects / name[:2] / name[2:]).read_bytes(), commit)
        for name in sorted(needed - present):
            self.report("ostree_repo", f"object {name} is missing")
        for name in sorted(present - needed):
            self.report("ostree_repo", f"object {name} belongs to no target")

    def check_summary(self, commits):
        repo = self.directory / "ostree_repo"
        config = configparser.ConfigParser()
        config.read_string((repo / "config").read_text())
        expected = {"repo_version": "1", "mode": "archive-z2", "indexed-deltas": "true"}
        need("core" in config and dict(config["core"]) == expected, "config is no archive with indexed deltas")
        summary = (repo / "summary").read_bytes()
        refs = {path.name: path.read_text().strip() for path in repo.glob("refs/heads/*")}
        need(set(refs.values()) == commits, "the refs are not the targets' commits")
        for ref, commit in refs.items():
            need(ref.encode() + b"\0" in summary and bytes.fromhex(commit) in summary, f"summary does not list {ref}")

    def check_deltas(self, commits):
        """The summary and the index hold the digest of a superblock, the superblock those of its parts."""
        repo = self.directory / "ostree_repo"
        summary = (repo / "summary").read_bytes()
        for superblock in repo.glob("deltas/*/*/superblock"):
            names = (superblock.parent.parent.name + superblock.parent.name).split("-")
            to = base64.b64decode(names[-1].replace("_", "/") + "=", validate=True).hex()
            need(to in commits, f"a delta leads to {to}, which is no target")
            data = superblock.read_bytes()
            digest = bytes.fromhex(sha256(data))
            index = repo / "delta-indexes" / names[-1][:2] / f"{names[-1][2:]}.index"
            for file in (repo / "summary", index):
                need(digest in file.read_bytes(), f"{file.name} does not hold the digest of the delta to {to}")
            parts = {path.name: sha256(path.read_bytes()) for path in superblock.parent.glob("[0-9]*")}
            expected = {str(number): part for number, part in enumerate(delta_parts(data))}
            need(parts == expected, f"the parts of the delta to {to} are not those its superblock names")
        if not list(repo.glob("deltas/*/*/superblock")):
            need(not (repo / "delta-indexes").exists(), "delta-indexes without a delta")

    # Apps

    def blob(self, descriptor, what):
        path = self.directory / "apps/blobs/sha256" / descriptor["digest"].removeprefix("sha256:")
        need(path.is_file(), f"{what} {descriptor['digest']} is missing")
        data = path.read_bytes()
        need(len(data) == descriptor.get("size", len(data)), f"{what} {descriptor['digest']} has another size")
        self.used.add(path.name)
        return data

    def check_apps(self, targets):
        self.used = set()
        uris = {}
        for target in targets.values():
            for app, entry in target["custom"]["docker_compose_apps"].items():
                digest = entry["uri"].rpartition("@")[2]
                uris[f"{app}/{digest.removeprefix('sha256:')}"] = entry["uri"]
                self.check_app(app, digest)
        present = {"/".join(path.parts[-3:-1]): path.read_text() for path in self.directory.glob("apps/apps/*/*/uri")}
        need(present == uris, "apps/apps does not hold the apps the targets name")
        for path in sorted((self.directory / "apps/blobs/sha256").iterdir()):
            if path.name not in self.used:
                self.report("apps", f"blob {path.name} belongs to no app")

    def check_app(self, app, digest):
        data = self.blob({"digest": digest}, f"manifest of {app}")
        need(len(data) <= MANIFEST_LIMIT, f"manifest of {app} is larger than {MANIFEST_LIMIT} bytes")
        manifest = json.loads(data)
        self.blob(manifest["config"], f"config of {app}")
        bundle = self.blob(manifest["layers"][0], f"bundle of {app}")
        with tarfile.open(fileobj=io.BytesIO(bundle), mode="r:gz") as archive:
            compose = archive.extractfile("docker-compose.yml").read().decode()
        images = re.findall(r"^\s*image:\s*\S+@(sha256:[0-9a-f]{64})\s*$", compose, re.MULTILINE)
        need(images and len(images) == compose.count("image:"), f"{app}: an image is not named by digest")
        for image in images:
            self.check_image({"digest": image}, f"image of {app}")

    def check_image(self, descriptor, what):
        document = json.loads(self.blob(descriptor, what))
        for manifest in document.get("manifests", []):
            self.check_image(manifest, what)
        for part in [document["config"], *document["layers"]] if "config" in document else []:
            self.blob(part, what)

    def check_blobs(self):
        for path in sorted((self.directory / "apps/blobs/sha256").iterdir()):
            if sha256(path.read_bytes()) != path.name:
                self.report("apps", f"blob {path.name} has other content than its name")


def main():
    top = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent).resolve()
    now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    updates = sorted(path.parent for path in top.glob("updates/*/*/*/tuf"))
    findings = [] if updates else ["no update below updates/"]
    for update in updates:
        findings += Update(top, update, now).check()
    for finding in findings:
        print(finding)
    return 1 if findings else 0


sys.exit(main())
