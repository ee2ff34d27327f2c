"""OSTree repositories of a made-up system: always the same content, committed by the real ostree."""
import math
import os
import random

REF = "intel-corei7-64-lmp"
_FOLDERS = 100
# Bytes of one file, as evenly spread over the powers of two as in a system's image; 20,000 of them make an image of 0.8 GB,
# about what a Yocto image with a container engine has.
_SMALLEST, _LARGEST = 512, 256 << 10


class System:
    """One version of the system: files, and a repository with one commit of them."""

    def __init__(self, processes, folder, version, files):
        self.processes = processes
        self.version = version
        self.files = files
        self.root = os.path.join(folder, f"system-{version}")
        # What `updates import` is given.
        self.content = os.path.join(folder, f"content-{version}")
        self.repository = os.path.join(self.content, "ostree_repo")

    def make(self, changed_share=0.0):
        """Writes the files and commits them; `changed_share` of the files differ from those without it."""
        for number in range(_FOLDERS):
            os.makedirs(os.path.join(self.root, "usr", "share", f"{number:02}"))
        os.makedirs(os.path.join(self.root, "usr", "lib"))
        every = round(1 / changed_share) if changed_share else 0
        for number in range(self.files):
            seed = f"{number} {self.version}" if every and number % every == 0 else f"{number}"
            path = os.path.join(self.root, "usr", "share", f"{number % _FOLDERS:02}", f"file-{number}")
            with open(path, "wb") as file:
                file.write(_content(seed, number))
        with open(os.path.join(self.root, "usr", "lib", "os-release"), "w") as file:
            file.write(f'ID=lmp\nIMAGE_VERSION="{self.version}"\nLMP_MACHINE="intel-corei7-64"\n')
        os.makedirs(self.content)
        self._ostree("init", "--mode=archive")
        self._ostree("config", "set", "core.fsync", "false")
        self._ostree("commit", f"--branch={REF}", f"--tree=dir={self.root}", "--canonical-permissions", "--timestamp=2026-01-01 00:00:00 +0000")

    def objects(self):
        """How many objects the repository has, and their bytes."""
        count = size = 0
        for folder, _, names in os.walk(os.path.join(self.repository, "objects")):
            count += len(names)
            size += sum(os.path.getsize(os.path.join(folder, name)) for name in names)
        return count, size

    def _ostree(self, *arguments):
        return self.processes.run(["ostree", f"--repo={self.repository}", *arguments])


def _content(seed, number):
    """As compressible as programs are: about two to one."""
    size = int(math.exp(random.Random(f"size {number}").uniform(math.log(_SMALLEST), math.log(_LARGEST))))
    return random.Random(seed).randbytes(size // 2 + 1).hex().encode()[:size]
