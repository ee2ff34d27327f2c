"""What maker and checker share of the fio TUF profile: canonical bytes, key ids, Ed25519 by the openssl program."""

import hashlib
import json
import subprocess
import tempfile
from pathlib import Path

# DER of SubjectPublicKeyInfo for Ed25519 (RFC 8410), up to the 32 bytes of the key.
SPKI_PREFIX = bytes.fromhex("302a300506032b6570032100")


def canonical(value):
    """Sorted members, no whitespace; only ASCII goes in, so every encoder writes the same bytes."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    if not text.isprintable():
        raise ValueError("only printable ASCII belongs into the sample")
    return text.encode("ascii")


def key_id(public):
    return hashlib.sha256(SPKI_PREFIX + public).hexdigest()


def generate(private_file):
    """Makes a private key in `private_file` and returns the 32 public bytes."""
    subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", private_file], check=True)
    spki = subprocess.run(
        ["openssl", "pkey", "-in", private_file, "-pubout", "-outform", "DER"], check=True, capture_output=True
    ).stdout
    if not spki.startswith(SPKI_PREFIX) or len(spki) != len(SPKI_PREFIX) + 32:
        raise ValueError("openssl wrote an unexpected public key")
    return spki[len(SPKI_PREFIX):]


def sign(private_file, message):
    # openssl signs Ed25519 only from a file: it needs the size beforehand.
    with tempfile.NamedTemporaryFile() as data:
        data.write(message)
        data.flush()
        return subprocess.run(
            ["openssl", "pkeyutl", "-sign", "-rawin", "-inkey", private_file, "-in", data.name],
            check=True, capture_output=True,
        ).stdout


def is_signed(public, message, signature):
    with tempfile.TemporaryDirectory() as directory:
        parts = {"key": SPKI_PREFIX + public, "data": message, "sig": signature}
        paths = {name: Path(directory, name) for name in parts}
        for name, content in parts.items():
            paths[name].write_bytes(content)
        return subprocess.run(
            ["openssl", "pkeyutl", "-verify", "-rawin", "-pubin", "-keyform", "DER", "-inkey", paths["key"],
             "-in", paths["data"], "-sigfile", paths["sig"]],
            capture_output=True,
        ).returncode == 0
