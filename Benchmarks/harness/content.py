"""The update directory that both servers serve: 2 KiB of metadata and OSTree objects of three sizes."""
import json
import os
import secrets

UPDATE_NAME = "bench"
TAG = "main"
METADATA_BYTES = 2048
SMALL_OBJECT = 8 * 1024
MEDIUM_OBJECT = 64 * 1024
LARGE_OBJECT = 256 * 1024 * 1024
SMALL_OBJECTS = 256
MEDIUM_OBJECTS = 64


class Content:
    """Paths as a client asks for them, and the path lists that the load generator reads."""

    def __init__(self, datadir, lists):
        self.update = os.path.join(datadir, "updates", "ci", TAG, UPDATE_NAME)
        self.lists = lists
        self.targets_path = "/repo/targets.json"

    def make(self):
        self._write_metadata()
        repository = os.path.join(self.update, "ostree_repo")
        os.makedirs(os.path.join(repository, "objects"))
        with open(os.path.join(repository, "config"), "w") as file:
            file.write("[core]\nrepo_version=1\nmode=archive-z2\nindexed-deltas=true\n")
        os.makedirs(self.lists, exist_ok=True)
        self.small_list = self._write_objects(repository, "small", SMALL_OBJECT, SMALL_OBJECTS)
        self.medium_list = self._write_objects(repository, "medium", MEDIUM_OBJECT, MEDIUM_OBJECTS)
        self.large_list = self._write_objects(repository, "large", LARGE_OBJECT, 1)
        return self

    def _write_metadata(self):
        folder = os.path.join(self.update, "tuf")
        os.makedirs(folder)
        targets = {
            "signatures": [],
            "signed": {"_type": "Targets", "expires": "2099-01-01T00:00:00Z", "version": 1, "targets": {
                "intel-corei7-64-lmp-1": {"hashes": {"sha256": secrets.token_hex(32)}, "length": 0, "custom": {
                    "targetFormat": "OSTREE", "hardwareIds": ["intel-corei7-64"], "tags": [TAG], "version": "1",
                    "name": "intel-corei7-64-lmp", "docker_compose_apps": {}, "createdAt": "2025-01-01T00:00:00Z"}}}},
        }
        empty = len(json.dumps(targets | {"padding": ""}))
        targets["padding"] = "x" * (METADATA_BYTES - empty)
        self._write_json(folder, "targets.json", targets)
        for name, kind in [("timestamp.json", "Timestamp"), ("snapshot.json", "Snapshot"), ("1.root.json", "Root")]:
            self._write_json(folder, name, {"signatures": [], "signed": {"_type": kind, "expires": "2099-01-01T00:00:00Z", "version": 1}})

    @staticmethod
    def _write_json(folder, name, value):
        with open(os.path.join(folder, name), "w") as file:
            json.dump(value, file)

    def _write_objects(self, repository, name, size, count):
        """Writes objects of random bytes under valid names, and the list of their paths and lengths."""
        lines = []
        block = secrets.token_bytes(min(size, 1 << 20))
        for _ in range(count):
            digest = secrets.token_hex(32)
            relative = f"objects/{digest[:2]}/{digest[2:]}.filez"
            path = os.path.join(repository, relative)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "wb") as file:
                for _ in range(size // len(block)):
                    file.write(block)
            lines.append(f"/ostree/{relative} {size}\n")
        path = os.path.join(self.lists, name + ".paths")
        with open(path, "w") as file:
            file.writelines(lines)
        return path
