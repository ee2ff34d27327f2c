"""Writes the hostile repositories that HostileMetadataTests reads, the same bytes at every run:

    .build/python/bin/python Tests/TUFTests/Hostile/generate.py

repositories/<profile>/first and /next are good. A case is a folder <slug>/<case>: its files replace those of `first`, after
the client followed `first` once. The client must refuse the file that `refused` names, with the slug as its error, and
then go on with `next`, over which the case's own next/ lies.
"""

import base64
import copy
import hashlib
import json
import pathlib
import shutil

from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

HERE = pathlib.Path(__file__).parent
LATER = "2030-01-01T00:00:00Z"
NOW = "2026-01-01T00:00:00Z"  # HostileMetadataTests.now
CONTENT = b"the content\n"
SMALL_ORDER = "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"
WEAK_RSA = """-----BEGIN PUBLIC KEY-----
MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQC2ZZVsK33cu8UUF4EVNXBYNT3q
qvNTmyScm2pKuhtdgjLWbprHmm0a6baRe7WGu+agwMtBl6t/9oQ1bAlE3zYj6l5A
cHUqXZRdSH+vPjDdj59zg0nwjG2GhxV9SWwKGgOw1j+IvPxGm2qlHqHZ8mzHoLEN
Ui/IburZehgIbMR3mwIDAQAB
-----END PUBLIC KEY-----
"""
P256 = (
    ec.derive_private_key(7, ec.SECP256R1())
    .public_key()
    .public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    .decode()
)


class Key:
    def __init__(self, name):
        self.private = ed25519.Ed25519PrivateKey.from_private_bytes(hashlib.sha256(name.encode()).digest())
        self.public = self.private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()
        self.id = hashlib.sha256(self.public.encode()).hexdigest()


def canonical(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def name(profile, role):
    return role.capitalize() if profile == "fio" else role


def public(profile, key):
    if profile == "fio":
        return {"keytype": "ED25519", "keyval": {"public": key.public}}
    return {"keytype": "ed25519", "scheme": "ed25519", "keyval": {"public": key.public}}


def entry(profile, key, message, keyid=None):
    signature = key.private.sign(message)
    if profile == "fio":
        return {"keyid": keyid or key.id, "method": "ed25519", "sig": base64.b64encode(signature).decode()}
    return {"keyid": keyid or key.id, "sig": signature.hex()}


def sign(profile, signed, keys, raw=None):
    """`raw` are the bytes of `signed` when they are not its canonical form."""
    message = raw if raw is not None else canonical(signed)
    signatures = canonical([entry(profile, key, message) for key in keys])
    return b'{"signatures":' + signatures + b',"signed":' + message + b"}"


class Repository:
    """Every part can be changed before files() signs it all."""

    def __init__(self, profile="standard", version=1, root_version=1):
        self.profile = profile
        self.keys = {role: Key(f"{profile} {role}") for role in ("root", "timestamp", "snapshot", "targets", "team")}
        self.signers = {role: [key] for role, key in self.keys.items()}
        self.root = self.common("root", root_version)
        self.root |= {
            "consistent_snapshot": False,
            "keys": {k.id: public(profile, k) for r, k in self.keys.items() if r != "team"},
            "roles": {r: {"keyids": [k.id], "threshold": 1} for r, k in self.keys.items() if r != "team"},
        }
        described = {"hashes": {"sha256": hashlib.sha256(CONTENT).hexdigest()}, "length": len(CONTENT)}
        self.team = self.common("targets", version) | {"targets": {"team/a.txt": described, "other/b.txt": described}}
        delegation = {"keyids": [self.keys["team"].id], "name": "team", "paths": ["team/*"], "terminating": True, "threshold": 1}
        self.targets = self.common("targets", version)
        self.targets |= {
            "delegations": {"keys": {self.keys["team"].id: public(profile, self.keys["team"])}, "roles": [delegation]},
            "targets": {"top.txt": described},
        }
        self.snapshot = self.common("snapshot", version) | {"meta": {}}
        self.timestamp = self.common("timestamp", version) | {"meta": {}}
        # Changes of bytes between signing and describing, by file.
        self.raw = {}
        # Changes of what is described, after it was computed.
        self.adjust = {}
        self.extra = {"team/a.txt": CONTENT}

    def common(self, role, version):
        members = {"_type": name(self.profile, role), "version": version, "expires": LATER}
        return members if self.profile == "fio" else members | {"spec_version": "1.0.31"}

    def sign(self, role, signed):
        change = self.raw.get(role)
        if change:
            return change(self, role, signed)
        return sign(self.profile, signed, self.signers[role])

    def describe(self, bytes_, signed):
        return {"hashes": {"sha256": hashlib.sha256(bytes_).hexdigest()}, "length": len(bytes_), "version": signed["version"]}

    def files(self):
        files = {}
        files[f"{self.root['version']}.root.json"] = self.sign("root", self.root)
        files["team.json"] = self.sign("team", self.team)
        files["targets.json"] = self.sign("targets", self.targets)
        self.snapshot["meta"] |= {
            "targets.json": self.describe(files["targets.json"], self.targets),
            "team.json": self.describe(files["team.json"], self.team),
        }
        self.adjust.get("snapshot", lambda signed: None)(self.snapshot)
        files["snapshot.json"] = self.sign("snapshot", self.snapshot)
        self.timestamp["meta"]["snapshot.json"] = self.describe(files["snapshot.json"], self.snapshot)
        self.adjust.get("timestamp", lambda signed: None)(self.timestamp)
        files["timestamp.json"] = self.sign("timestamp", self.timestamp)
        return files | self.extra


def write(folder, files):
    for path, bytes_ in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(bytes_)


class Cases:
    def __init__(self):
        self.first = {p: Repository(p, 5).files() for p in ("standard", "fio")}

    def add(self, slug, case, refused, change=None, profile="standard", version=8, root=1, after=None, target=None, next=None):
        """`change` gets the repository before it is signed, `after` its files."""
        repository = Repository(profile, version, root)
        if change:
            change(repository)
        files = repository.files()
        if after:
            after(files)
        folder = HERE / slug / case
        folder.mkdir(parents=True)
        # Only what differs from `first` and is asked for before the refusal.
        order = ["2.root.json", "timestamp.json", "snapshot.json", "targets.json", "team.json", "team/a.txt", None]
        until = order.index(refused) if refused in order else len(order)
        kept = {p: b for p, b in files.items() if p in order[: until + 1] and self.first[profile].get(p) != b}
        write(folder, kept)
        gone = "".join(f"{p}\n" for p in order[: until + 1] if p in self.first[profile] and p not in files)
        if gone:
            (folder / "gone").write_text(gone)
        (folder / "refused").write_text(f"{refused}\n")
        if profile != "standard":
            (folder / "profile").write_text(f"{profile}\n")
        if target:
            (folder / "target").write_text(f"{target}\n")
        if next:
            write(folder / "next", next)


def edit(role, function):
    """A change of what is signed."""

    def change(repository):
        function(getattr(repository, role))

    return change


def put(role, **members):
    return edit(role, lambda signed: signed.update(members))


def drop(role, member):
    """Signs without a member that the file's maker needs."""

    def raw(repository, role_, signed):
        return sign(repository.profile, {k: v for k, v in signed.items() if k != member}, repository.signers[role_])

    def change(repository):
        repository.raw[role] = raw

    return change


def text(role, old, new):
    """A change of the signed bytes, so that they no longer are what a JSON writer writes."""

    def raw(repository, role_, signed):
        before = canonical(signed)
        old_, new_ = (x if isinstance(x, bytes) else x.encode() for x in (old, new))
        assert before.count(old_) >= 1, (old, before)
        return sign(repository.profile, signed, repository.signers[role_], before.replace(old_, new_, 1))

    def change(repository):
        repository.raw[role] = raw

    return change


def whole(role, function):
    """A change of the whole file's bytes."""

    def raw(repository, role_, signed):
        return function(sign(repository.profile, signed, repository.signers[role_]))

    def change(repository):
        repository.raw[role] = raw

    return change


def signatures(role, function):
    """A change of the list of signatures."""

    def raw(repository, role_, signed):
        message = canonical(signed)
        entries = [entry(repository.profile, key, message) for key in repository.signers[role_]]
        return b'{"signatures":' + canonical(function(entries, message, repository)) + b',"signed":' + message + b"}"

    def change(repository):
        repository.raw[role] = raw

    return change


def described(role, function):
    def change(repository):
        repository.adjust[role] = function

    return change


def both(*changes):
    def change(repository):
        for one in changes:
            one(repository)

    return change


def rotate(role, threshold=1, keys=None, names=None):
    """Root names other keys for `role`; `keys` by their public name."""

    def change(repository):
        keys_ = [Key(k) for k in keys]
        names_ = names or [k.id for k in keys_]
        repository.root["keys"] |= {n: public(repository.profile, k) for n, k in zip(names_, keys_)}
        repository.root["roles"][role] = {"keyids": names_, "threshold": threshold}
        if role != "root":
            repository.signers[role] = keys_

    return change


def add_json(cases):
    for role, file in (("timestamp", "timestamp.json"), ("targets", "targets.json")):
        cases.add("json-malformed", f"{role}-truncated", file, whole(role, lambda b: b[:-1]))
        cases.add("json-duplicate-member", f"{role}-version-twice", file, text(role, '"version":8', '"version":8,"version":9'))
        cases.add("json-trailing-bytes", f"{role}-second-value", file, whole(role, lambda b: b + b"{}"))
        cases.add("json-number-not-integer", f"{role}-version-8.0", file, text(role, '"version":8', '"version":8.0'))
        cases.add("json-number-not-integer", f"{role}-version-8e0", file, text(role, '"version":8', '"version":8e0'))
        beyond = '"version":9223372036854775808'
        cases.add("json-number-out-of-range", f"{role}-version-beyond-int64", file, text(role, '"version":8', beyond))
        deep = '"version":8,"zzz":' + "[" * 33 + "]" * 33
        cases.add("json-too-deep", f"{role}-33-arrays", file, text(role, '"version":8', deep))
    cases.add("json-malformed", "empty", "timestamp.json", after=lambda f: f.update({"timestamp.json": b""}))
    cases.add("json-malformed", "html", "timestamp.json", after=lambda f: f.update({"timestamp.json": b"<html></html>"}))
    cases.add("json-malformed", "byte-order-mark", "timestamp.json", whole("timestamp", lambda b: b"\xef\xbb\xbf" + b))
    cases.add("json-malformed", "minus-zero", "targets.json", text("targets", '"length":12', '"length":-0'))
    cases.add("json-malformed", "leading-zero", "targets.json", text("targets", '"length":12', '"length":012'))
    cases.add("json-malformed", "raw-nul", "targets.json", text("targets", b'"top.txt"', b'"top\x00.txt"'))
    cases.add("json-malformed", "not-utf8", "targets.json", text("targets", b'"top.txt"', b'"top\xff.txt"'))
    cases.add("json-malformed", "lone-surrogate", "targets.json", text("targets", '"top.txt"', '"top\\ud800.txt"'))
    cases.add("json-number-not-integer", "length-1e3", "targets.json", text("targets", '"length":12', '"length":1e3'))
    cases.add("json-number-out-of-range", "length-beyond-int64", "targets.json", text("targets", '"length":12', '"length":1' + "0" * 40))
    cases.add("json-duplicate-member", "twin-by-escape", "targets.json", text("targets", '"_type"', '"_\\u0074ype":"x","_type"'))
    twin = text("targets", '"top.txt"', '"top.txt":{},"top.txt"')
    cases.add("json-duplicate-member", "target-twice", "targets.json", twin)
    cases.add("json-duplicate-member", "signed-twice", "timestamp.json", whole("timestamp", lambda b: b[:-1] + b',"signed":{}}'))
    cases.add("json-trailing-bytes", "nul", "timestamp.json", whole("timestamp", lambda b: b + b"\0"))
    cases.add("json-malformed", "fio-root", "2.root.json", whole("root", lambda b: b[:-1]), "fio", root=2)


def add_members(cases):
    missing = "metadata-member-missing"
    for member in ("_type", "spec_version", "expires", "meta"):
        cases.add(missing, f"timestamp-{member.strip('_')}", "timestamp.json", drop("timestamp", member))
    cases.add(missing, "signed", "timestamp.json", after=lambda f: f.update({"timestamp.json": b'{"signatures":[]}'}))
    cases.add(missing, "signatures", "timestamp.json", whole("timestamp", lambda b: b'{"signed"' + b.split(b',"signed"')[1]))
    cases.add(missing, "snapshot-targets", "snapshot.json", described("snapshot", lambda s: s["meta"].pop("targets.json")))
    cases.add(missing, "targets", "targets.json", drop("targets", "targets"))
    cases.add(missing, "root-keys", "2.root.json", drop("root", "keys"), root=2)
    cases.add(missing, "root-without-timestamp", "2.root.json", edit("root", lambda s: s["roles"].pop("timestamp")), root=2)
    for member in ("hashes", "length"):
        change = described("timestamp", lambda s, m=member: s["meta"]["snapshot.json"].pop(m))
        cases.add(missing, f"fio-snapshot-{member}", "timestamp.json", change, "fio")
    nobody = signatures("timestamp", lambda e, m, r: [{"keyid": e[0]["keyid"], "sig": e[0]["sig"]}])
    cases.add(missing, "fio-signature-method", "timestamp.json", nobody, "fio")
    invalid = "metadata-member-invalid"
    entry_ = lambda **m: described("timestamp", lambda s: s["meta"]["snapshot.json"].update(m))
    cases.add(invalid, "length-negative", "timestamp.json", entry_(length=-1))
    cases.add(invalid, "hash-short", "timestamp.json", entry_(hashes={"sha256": "ab"}))
    cases.add(invalid, "hash-not-hexadecimal", "timestamp.json", entry_(hashes={"sha256": "g" * 64}))
    cases.add(invalid, "hashes-of-unknown-kinds", "timestamp.json", entry_(hashes={"md5": "a" * 32}))
    version = "metadata-version-invalid"
    for case, value in (("zero", 0), ("negative", -1), ("text", "2"), ("null", None), ("true", True)):
        cases.add(version, f"timestamp-{case}", "timestamp.json", put("timestamp", version=value))
    cases.add(version, "snapshot-named-zero", "timestamp.json", entry_(version=0))
    cases.add(version, "role-named-zero", "snapshot.json", described("snapshot", lambda s: s["meta"]["team.json"].update(version=0)))
    cases.add(version, "root-zero", "2.root.json", put("root", version=0), after=lambda f: f.update({"2.root.json": f.pop("0.root.json")}))
    times = {"offset": "2030-01-01T00:00:00+00:00", "fraction": "2030-01-01T00:00:00.0Z", "blank": "2030-01-01 00:00:00Z"}
    times |= {"30-february": "2030-02-30T00:00:00Z", "hour-24": "2030-01-01T24:00:00Z", "short": "2030-01-01"}
    for case, value in times.items():
        cases.add("metadata-time-invalid", case, "timestamp.json", put("timestamp", expires=value))
    cases.add("metadata-specification-unknown", "2.0", "timestamp.json", put("timestamp", spec_version="2.0.0"))
    wrong = "metadata-wrong-role"
    cases.add(wrong, "snapshot-for-timestamp", "timestamp.json", after=lambda f: f.update({"timestamp.json": f["snapshot.json"]}))
    cases.add(wrong, "targets-for-snapshot", "snapshot.json", put("snapshot", _type="targets"))
    cases.add(wrong, "capitals", "timestamp.json", put("timestamp", _type="TIMESTAMP"))
    cases.add("metadata-profile-mixed", "fio-timestamp", "timestamp.json",
              after=lambda f: f.update({"timestamp.json": Repository("fio", 8).files()["timestamp.json"]}))
    cases.add("metadata-profile-mixed", "fio-root", "2.root.json",
              after=lambda f: f.update({"2.root.json": Repository("fio", 8, 2).files()["2.root.json"]}))
    standard = Repository("standard", 8).files()["timestamp.json"]
    cases.add("metadata-profile-mixed", "standard-timestamp", "timestamp.json", profile="fio",
              after=lambda f: f.update({"timestamp.json": standard}))


def add_names(cases):
    role = lambda **m: edit("targets", lambda s: s["delegations"]["roles"][0].update(m))
    for case, value in (("nul", "te\0am"), ("empty", ""), ("timestamp", "timestamp"), ("newline", "te\nam"), ("long", "a" * 300)):
        cases.add("metadata-role-name-invalid", case, "targets.json", role(name=value))
    cases.add("metadata-role-name-invalid", "snapshot-nul", "snapshot.json",
              described("snapshot", lambda s: s["meta"].update({"a\0.json": {"version": 1}})))
    target = lambda n: edit("targets", lambda s: s["targets"].update({n: s["targets"]["top.txt"]}))
    names = {"dot-dot": "../a", "dot-dot-inside": "a/../b", "dot-dot-behind": "a/..", "nul": "a\0b", "newline": "a\nb", "empty": ""}
    for case, value in (names | {"delete": "a\x7f", "long": "a" * 1025}).items():
        cases.add("metadata-target-name-invalid", case, "targets.json", target(value))
    combining = text("targets", '"top.txt"', '"\\u002e\\u002e/\\u0301"')
    cases.add("metadata-target-name-invalid", "dot-dot-before-a-combining-letter", "targets.json", combining)
    slash = text("targets", '"top.txt"', '"a/\\u0301/.\\u002e"')
    cases.add("metadata-target-name-invalid", "dot-dot-behind-a-combining-letter", "targets.json", slash)
    cases.add("metadata-target-name-invalid", "dot-dot-escaped", "targets.json", text("targets", '"top.txt"', '"\\u002e./top.txt"'))
    ambiguous = "metadata-name-ambiguous"
    cases.add(ambiguous, "targets", "targets.json", both(target("caf\u00e9"), target("cafe\u0301")))
    cases.add(ambiguous, "snapshot", "snapshot.json", described(
        "snapshot", lambda s: s["meta"].update({"caf\u00e9.json": {"version": 1}, "cafe\u0301.json": {"version": 2}})))
    twins = lambda s: s["delegations"]["roles"].extend(dict(s["delegations"]["roles"][0], name=n) for n in ("\u212b", "\u00c5"))
    cases.add(ambiguous, "delegations", "targets.json", edit("targets", twins))
    top = lambda f: edit("targets", lambda s: f(s["targets"]["top.txt"]))
    cases.add("metadata-target-invalid", "no-length", "targets.json", top(lambda t: t.pop("length")))
    cases.add("metadata-target-invalid", "length-negative", "targets.json", top(lambda t: t.update(length=-1)))
    cases.add("metadata-target-invalid", "no-hashes", "targets.json", top(lambda t: t.pop("hashes")))
    cases.add("metadata-target-invalid", "hash-short", "targets.json", top(lambda t: t.update(hashes={"sha256": "00"})))
    cases.add("metadata-target-invalid", "hashes-of-unknown-kinds", "targets.json", top(lambda t: t.update(hashes={"md5": "0" * 32})))
    delegation = "metadata-delegation-invalid"
    cases.add(delegation, "role-twice", "targets.json", edit("targets", lambda s: s["delegations"]["roles"].append(
        copy.deepcopy(s["delegations"]["roles"][0]))))
    cases.add(delegation, "paths-and-prefixes", "targets.json", role(path_hash_prefixes=["00"]))
    cases.add(delegation, "no-paths", "targets.json", edit("targets", lambda s: s["delegations"]["roles"][0].pop("paths")))
    cases.add(delegation, "no-terminating", "targets.json", edit("targets", lambda s: s["delegations"]["roles"][0].pop("terminating")))
    cases.add(delegation, "path-no-text", "targets.json", role(paths=[1]))
    bins = {"keyids": [], "threshold": 1, "bit_length": 33, "name_prefix": "bin"}
    cases.add(delegation, "33-bits", "targets.json", edit("targets", lambda s: s.update(
        delegations={"keys": s["delegations"]["keys"], "succinct_roles": bins})))


def add_keys(cases):
    for case, value in (("zero", 0), ("negative", -1)):
        cases.add("metadata-threshold-invalid", f"root-{case}", "2.root.json",
                  edit("root", lambda s, v=value: s["roles"]["snapshot"].update(threshold=v)), root=2)
        cases.add("metadata-threshold-invalid", f"delegation-{case}", "targets.json",
                  edit("targets", lambda s, v=value: s["delegations"]["roles"][0].update(threshold=v)))
    cases.add("key-id-repeated", "root", "2.root.json", edit("root", lambda s: s["roles"]["root"]["keyids"].extend(
        s["roles"]["root"]["keyids"])), root=2)
    cases.add("key-id-invalid", "root-empty", "2.root.json", edit("root", lambda s: s["roles"]["root"]["keyids"].append("")), root=2)
    key = lambda value: edit("root", lambda s: s["keys"].update({"extra": value}))
    ed = lambda hex_: {"keytype": "ed25519", "scheme": "ed25519", "keyval": {"public": hex_}}
    rsa = lambda pem: {"keytype": "rsa", "scheme": "rsassa-pss-sha256", "keyval": {"public": pem}}
    add = lambda slug, case, value, profile="standard": cases.add(slug, case, "2.root.json", key(value), profile, root=2)
    add("key-invalid", "ed25519-short", ed("00" * 31))
    add("key-invalid", "ed25519-not-hexadecimal", ed("zz" * 32))
    add("key-invalid", "pem-cut-off", rsa(P256[:60]))
    add("key-invalid", "ecdsa-called-rsa", rsa(P256))
    add("key-weak", "ed25519-small-order", ed(SMALL_ORDER))
    add("key-weak", "ed25519-identity", ed("01" + "00" * 31))
    add("key-weak", "ed25519-not-canonical", ed("ed" + "ff" * 30 + "7f"))
    add("key-weak", "rsa-1024", rsa(WEAK_RSA))
    add("key-weak", "fio-rsa-1024", {"keytype": "RSA", "keyval": {"public": WEAK_RSA}}, "fio")
    add("key-weak", "fio-small-order", {"keytype": "ED25519", "keyval": {"public": SMALL_ORDER}}, "fio")
    add("key-type-unsupported", "fio-ecdsa", {"keytype": "ECDSA", "keyval": {"public": P256}}, "fio")
    add("key-type-unsupported", "fio-unknown", {"keytype": "DILITHIUM", "keyval": {"public": "00"}}, "fio")
    cases.add("signature-repeated", "timestamp", "timestamp.json", signatures("timestamp", lambda e, m, r: e + e))
    garbage = signatures("timestamp", lambda e, m, r: [dict(e[0], sig="00")] + e)
    cases.add("signature-repeated", "once-undecodable", "timestamp.json", garbage)
    method = lambda name_: signatures("timestamp", lambda e, m, r: [dict(e[0], keyid="other", method=name_)] + e)
    cases.add("signature-method-unknown", "fio-beside-a-good-one", "timestamp.json", method("falcon"), "fio")
    cases.add("signature-method-unknown", "fio-ecdsa", "timestamp.json", method("ecdsa-sha2-nistp256"), "fio")


def add_thresholds(cases):
    slug = "threshold-not-met"
    for role, file in (("timestamp", "timestamp.json"), ("snapshot", "snapshot.json"), ("targets", "targets.json"), ("team", "team.json")):
        cases.add(slug, f"{role}-by-root-key", file, lambda r, role=role: r.signers.update({role: [r.keys["root"]]}))
        cases.add(slug, f"{role}-unsigned", file, lambda r, role=role: r.signers.update({role: []}))
    sig = lambda f: signatures("timestamp", lambda e, m, r: [dict(e[0], sig=f(e[0]["sig"]))])
    cases.add(slug, "signature-not-hexadecimal", "timestamp.json", sig(lambda s: "zz" + s[2:]))
    cases.add(slug, "signature-short", "timestamp.json", sig(lambda s: s[:-2]))
    cases.add(slug, "signature-empty", "timestamp.json", sig(lambda s: ""))
    cases.add(slug, "signature-of-other-bytes", "timestamp.json", sig(lambda s: Key("standard timestamp").private.sign(b"x").hex()))
    cases.add(slug, "signature-negated", "timestamp.json", sig(lambda s: s[:64] + "00" * 32))
    cases.add(slug, "fio-signature-not-base64", "timestamp.json", sig(lambda s: "*" + s[1:]), "fio")
    rsa = signatures("timestamp", lambda e, m, r: [dict(e[0], method="rsassa-pss-sha256")])
    cases.add(slug, "fio-method-of-another-key", "timestamp.json", rsa, "fio")
    cases.add(slug, "signed-changed", "timestamp.json", whole("timestamp", lambda b: b.replace(b'"version":8}', b'"version":9}')))
    cases.add(slug, "root-not-by-the-old", "2.root.json", both(rotate("root", keys=["new root"]), lambda r: r.signers.update(
        root=[Key("new root")])), root=2)
    cases.add(slug, "root-not-by-itself", "2.root.json", rotate("root", keys=["new root"]), root=2)
    cases.add(slug, "root-own-threshold-of-two", "2.root.json", edit("root", lambda s: s["roles"]["root"].update(threshold=2)), root=2)
    # The root of the case is a good one and stays; a third one goes back to the first keys.
    third = {"3.root.json": Repository("standard", 20, 3).files()["3.root.json"]}
    refused_by = lambda case, *changes: cases.add(slug, case, "timestamp.json", both(*changes), root=2, next=third)
    one_of_two = lambda r: r.signers.update(timestamp=[Key("t1")])
    refused_by("one-of-two", rotate("timestamp", 2, ["t1", "t2"]), one_of_two)
    twice = signatures("timestamp", lambda e, m, r: [dict(e[0], keyid="a"), dict(e[0], keyid="b")])
    refused_by("same-key-under-two-ids", rotate("timestamp", 2, ["t1", "t1"], ["a", "b"]), twice)
    upper = signatures("timestamp", lambda e, m, r: [dict(e[0], keyid="a"), dict(e[0], keyid="b")])
    def spelled(repository):
        repository.root["keys"]["b"]["keyval"]["public"] = repository.root["keys"]["b"]["keyval"]["public"].upper()
    refused_by("same-key-spelled-in-capitals", rotate("timestamp", 2, ["t1", "t1"], ["a", "b"]), spelled, upper)


def add_workflow(cases):
    past = "2025-12-31T23:59:59Z"
    for role, file in (("timestamp", "timestamp.json"), ("snapshot", "snapshot.json"), ("targets", "targets.json"), ("team", "team.json")):
        cases.add("metadata-expired", role, file, put(role, expires=past))
        cases.add("metadata-expired", f"{role}-at-the-second", file, put(role, expires=NOW))
        if role != "timestamp":
            cases.add("metadata-hash-mismatch", role, file, after=lambda f, file=file: f.update(
                {file: f[file].replace(b'"expires":"2030', b'"expires":"2031', 1)}))
            cases.add("fetch-too-large", role, file, after=lambda f, file=file: f.update({file: f[file] + b" "}))
            cases.add("metadata-length-mismatch", role, file, after=lambda f, file=file: f.update({file: f[file][:-1]}))
        cases.add("fetch-failed", role, file, after=lambda f, file=file: f.pop(file))
    cases.add("metadata-expired", "fio-timestamp", "timestamp.json", put("timestamp", expires=past), "fio")
    cases.add("metadata-hash-mismatch", "fio-targets", "targets.json", after=lambda f: f.update(
        {"targets.json": f["targets.json"].replace(b'"expires":"2030', b'"expires":"2031', 1)}), profile="fio")
    cases.add("metadata-hash-mismatch", "mix-and-match", "snapshot.json", after=lambda f: f.update(
        {"snapshot.json": both_versions("snapshot")}))
    cases.add("fetch-too-large", "timestamp-endless", "timestamp.json", after=lambda f: f.update(
        {"timestamp.json": f["timestamp.json"] + b" " * 16_384}))
    cases.add("metadata-rollback", "timestamp-names-older-snapshot", "timestamp.json",
              described("timestamp", lambda s: s.update(version=9) or s["meta"]["snapshot.json"].update(version=4)))
    cases.add("metadata-rollback", "timestamp-older", "timestamp.json", put("timestamp", version=4))
    cases.add("metadata-rollback", "targets-older", "snapshot.json",
              described("snapshot", lambda s: s["meta"]["targets.json"].update(version=4)))
    cases.add("metadata-rollback", "role-older", "snapshot.json",
              described("snapshot", lambda s: s["meta"]["team.json"].update(version=4)))
    cases.add("metadata-role-vanished", "team", "snapshot.json", described("snapshot", lambda s: s["meta"].pop("team.json")))
    cases.add("metadata-role-unlisted", "team", "-", edit("targets", lambda s: s["delegations"]["roles"][0].update(
        name="nobody")))
    cases.add("metadata-rollback", "root-same-version", "2.root.json", put("root", version=1),
              after=lambda f: f.update({"2.root.json": f.pop("1.root.json")}), root=2)
    cases.add("metadata-version-mismatch", "root-skips-one", "2.root.json", put("root", version=3),
              after=lambda f: f.update({"2.root.json": f.pop("3.root.json")}), root=2)
    highest = 2**63 - 1
    cases.add("metadata-version-mismatch", "root-fast-forward", "2.root.json", put("root", version=highest),
              after=lambda f: f.update({"2.root.json": f.pop(f"{highest}.root.json")}), root=2)
    bare = lambda s, file, version: s["meta"].update({file: {"version": version}})
    cases.add("metadata-version-mismatch", "snapshot-newer-than-named", "snapshot.json",
              both(put("snapshot", version=10), described("timestamp", lambda s: bare(s, "snapshot.json", 9))))
    cases.add("metadata-version-mismatch", "targets-older-than-named", "targets.json",
              described("snapshot", lambda s: bare(s, "targets.json", 9)))
    cases.add("metadata-version-mismatch", "role-older-than-named", "team.json",
              described("snapshot", lambda s: bare(s, "team.json", 9)))
    cases.add("metadata-version-mismatch", "mix-and-match", "snapshot.json", described("timestamp", lambda s: bare(s, "snapshot.json", 9)),
              after=lambda f: f.update({"snapshot.json": Repository("standard", 8).files()["snapshot.json"]}))
    content = lambda b: lambda f: f.update({"team/a.txt": b})
    cases.add("target-hash-mismatch", "content", "team/a.txt", after=content(b"the Content\n"))
    cases.add("target-length-mismatch", "longer", "team/a.txt", after=content(CONTENT + b"\n"))
    cases.add("target-length-mismatch", "shorter", "team/a.txt", after=content(CONTENT[:-1]))
    cases.add("fetch-failed", "target", "team/a.txt", after=lambda f: f.pop("team/a.txt"))
    cases.add("target-unknown", "not-delegated", "-", target="other/b.txt")
    cases.add("target-unknown", "looks-equal", "-", edit("targets", lambda s: s["targets"].update({"caf\u00e9": s["targets"]["top.txt"]})),
              target="cafe\u0301")


def both_versions(role):
    """A file that the repository signed for another snapshot, as long as the one it stands for."""
    other = Repository("standard", 8)
    other.snapshot["expires"] = "2030-01-02T00:00:00Z"
    return other.files()[f"{role}.json"]


def main():
    for folder in HERE.iterdir():
        if folder.is_dir():
            shutil.rmtree(folder)
    for profile in ("standard", "fio"):
        write(HERE / "repositories" / profile / "first", Repository(profile, 5).files())
        write(HERE / "repositories" / profile / "next", Repository(profile, 20, 2).files())
    cases = Cases()
    for add in (add_json, add_members, add_names, add_keys, add_thresholds, add_workflow):
        add(cases)


if __name__ == "__main__":
    main()
