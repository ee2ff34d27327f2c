"""Writes the compose app `shellhttpd` into an apps directory: make_app.py DIRECTORY GREETING.

The app is an OCI manifest whose first layer is a tgz with docker-compose.yml; its image is
index -> manifest -> config + layer. Everything is named by its SHA-256.
"""

import hashlib
import io
import struct
import sys
import tarfile
import zlib
from pathlib import Path

from fio_metadata import canonical

APP = "shellhttpd"
NAME = f"registry.example.com/factory/{APP}"
INDEX = "application/vnd.oci.image.index.v1+json"
MANIFEST = "application/vnd.oci.image.manifest.v1+json"
CONFIG = "application/vnd.oci.image.config.v1+json"
LAYER = "application/vnd.oci.image.layer.v1.tar+gzip"
CREATED = 1735689600  # 2025-01-01T00:00:00Z

SERVER = b"""#!/bin/sh
while true; do
  printf 'HTTP/1.0 200 OK\\r\\n\\r\\n%s\\n' "$MSG" | nc -l -p "${PORT:-8080}"
done
"""

COMPOSE = """version: "3.2"
services:
  httpd:
    image: {image}
    restart: always
    ports:
      - 8080:8080
    environment:
      MSG: "{greeting}"
"""


def tar(files):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, (mode, content) in sorted(files.items()):
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode, entry.mtime = len(content), mode, CREATED
            archive.addfile(entry, io.BytesIO(content))
    return buffer.getvalue()


def gzip(data):
    """Stored, not deflated, with a fixed header: the digest does not hang on the zlib in use."""
    stream = zlib.compressobj(0, zlib.DEFLATED, -15)
    body = stream.compress(data) + stream.flush()
    return b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + body + struct.pack("<II", zlib.crc32(data), len(data))


def main(apps, greeting):
    blobs = Path(apps, "blobs/sha256")
    blobs.mkdir(parents=True)

    def put(media_type, content, **more):
        digest = hashlib.sha256(content).hexdigest()
        (blobs / digest).write_bytes(content)
        return {"mediaType": media_type, "digest": f"sha256:{digest}", "size": len(content), **more}

    rootfs = tar({"bin/shellhttpd": (0o755, SERVER)})
    config = {
        "architecture": "amd64",
        "os": "linux",
        "created": "2025-01-01T00:00:00Z",
        "config": {"Cmd": ["/bin/shellhttpd"], "Env": ["PATH=/usr/bin:/bin"]},
        "rootfs": {"type": "layers", "diff_ids": [f"sha256:{hashlib.sha256(rootfs).hexdigest()}"]},
    }
    image = {
        "schemaVersion": 2,
        "mediaType": MANIFEST,
        "config": put(CONFIG, canonical(config)),
        "layers": [put(LAYER, gzip(rootfs))],
    }
    platform = {"architecture": "amd64", "os": "linux"}
    index = {
        "schemaVersion": 2,
        "mediaType": INDEX,
        "manifests": [put(MANIFEST, canonical(image), platform=platform)],
    }
    image_uri = f"{NAME}-image@{put(INDEX, canonical(index))['digest']}"

    compose = COMPOSE.format(image=image_uri, greeting=greeting).encode()
    app = {
        "schemaVersion": 2,
        "mediaType": MANIFEST,
        "annotations": {"compose-app": "v1"},
        "config": put(CONFIG, b"{}"),
        "layers": [put(LAYER, gzip(tar({"docker-compose.yml": (0o644, compose)})))],
    }
    digest = put(MANIFEST, canonical(app))["digest"]
    uri = Path(apps, "apps", APP, digest.removeprefix("sha256:"), "uri")
    uri.parent.mkdir(parents=True)
    uri.write_text(f"{NAME}@{digest}")


main(*sys.argv[1:])
