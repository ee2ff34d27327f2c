"""Rows n to p: reading metadata, and bringing updates in."""
import json
import os
import shutil
import statistics
import subprocess
import time

from harness.system import System

TITLES = {"n": "100,000 targets", "o": "ingest", "p": "ingest of nearly the same"}
_CHANGED_SHARE = 0.05
_REFUSED = 65


class Run:
    """What one command took."""

    def __init__(self, wall, cpu):
        self.wall = wall
        self.cpu = cpu


class IngestRows:
    """Each row gives lines of (what, figure); one that fails says so and lets the others go on."""

    def __init__(self, processes, binary, metadata_benchmark, folder, rounds, quick, say):
        self.processes = processes
        self.binary = binary
        self.metadata_benchmark = metadata_benchmark
        self.folder = os.path.join(folder, "ingest")
        self.rounds = rounds
        self.quick = quick
        self.say = say
        self.results = {}
        self.runs = {}
        self.copies = 0

    def measure(self, wanted):
        if "n" in wanted:
            self._attempt(["n"], self._metadata)
        if wanted & {"o", "p"}:
            self._attempt(sorted(wanted & {"o", "p"}), self._ingest)
        return self.results

    def _attempt(self, groups, row):
        self.say(f"\n{', '.join(groups)}. {row.__doc__.strip().splitlines()[0]}")
        try:
            for group, what, figure in row():
                if group in groups:
                    self.results.setdefault(group, []).append((what, figure))
                    self.say(f"   {group}. {what}: {figure}")
        except (RuntimeError, OSError, KeyError, ValueError, subprocess.SubprocessError) as error:
            for group in groups:
                self.results.setdefault(group, []).append(("failed", str(error)))
            self.say(f"   failed: {error}")

    def _metadata(self):
        """Targets metadata of the fio profile with one Ed25519 signature, read in one process."""
        report = json.loads(self.processes.run([self.metadata_benchmark, "--rounds", str(3 if self.quick else 9)]))
        self.runs["n"] = report["rounds"]
        bare = [1000 * sample["bareSeconds"] for sample in report["rounds"]]
        verified = [1000 * (sample["verifiedSeconds"] - sample["bareSeconds"]) for sample in report["rounds"]]
        images = [1000 * (sample["imagesSeconds"] - sample["verifiedSeconds"]) for sample in report["rounds"]]
        yield "n", f"{report['targets']:,} targets, {report['bytes'] / 1e6:.1f} MB: the bare signature check", f"{_spread(bare)} CPU ms"
        yield "n", "parsed and every target checked, beyond that", f"{_spread(verified)} CPU ms"
        yield "n", "every target read as an image, beyond both", f"{_spread(images)} CPU ms"
        yield "n", "highest resident memory of it all", f"{report['peakResidentKiB'] / 1024:.0f} MiB"

    def _ingest(self):
        """A tree of real ostree objects: checked, imported, and imported again with a twentieth changed."""
        count = 3_800 if self.quick else 19_700
        first, second = System(self.processes, self.folder, "1", count), System(self.processes, self.folder, "2", count)
        first.make()
        second.make(_CHANGED_SHARE)
        objects, size = first.objects()
        template = self._template()
        metadata = self._metadata_of(template, first)
        runs = {name: [] for name in ("fsck", "check", "accept", "first", "second", "share")}
        self.runs["op"] = {name: [] for name in runs}
        for number in range(self.rounds):
            fsck = self._timed(["ostree", f"--repo={first.repository}", "fsck", "--quiet"])
            # Under a tag that its metadata do not name, an update is checked as a whole and then refused: the check alone.
            check = self._by_hand(template, first, metadata, tag="other", status=_REFUSED)
            accept = self._by_hand(template, first, metadata, tag="main")
            data = self._copy(template)
            empty = _disk(data)
            imported = self._import(data, first, "1")
            one = _disk(data) - empty
            again = self._import(data, second, "2")
            share = (_disk(data) - empty - one) / one
            for name, run in (("fsck", fsck), ("check", check), ("accept", accept), ("first", imported), ("second", again)):
                runs[name].append(run)
                self.runs["op"][name].append({"wall": run.wall, "cpu": run.cpu})
            runs["share"].append(share)
            self.runs["op"]["share"].append(share)
            self.say(f"   round {number + 1}: fsck {fsck.cpu:.2f}, check {check.cpu:.2f}, import {imported.cpu:.2f}, again {again.cpu:.2f} CPU s")
        yield from self._lines(runs, objects, size)

    @staticmethod
    def _lines(runs, objects, size):
        def ratios(over, under, part="cpu"):
            return [getattr(a, part) / getattr(b, part) for a, b in zip(runs[over], runs[under])]

        def median(name, part="cpu"):
            return statistics.median(getattr(run, part) for run in runs[name])

        def took(name):
            return f"{median(name):.2f} CPU s, {median(name, 'wall'):.2f} s"

        check = ratios("fsck", "check")
        yield "o", f"{objects:,} objects, {size / 1e6:.0f} MB: `ostree fsck`", f"{took('fsck')}; {objects / median('fsck'):,.0f} objects per CPU second"
        yield "o", "the check of the update alone", f"{took('check')}; {objects / median('check'):,.0f} objects per CPU second"
        yield "o", "rate per core, × `ostree fsck`", f"{_spread(check)}; goal ≥ 0.8: {_verdict(statistics.median(check) >= 0.8)}"
        yield "o", "`otaserve updates import`, all of it", f"{took('first')}; × `ostree fsck` {_spread(ratios('fsck', 'first'))}"
        yield "o", "of that: sharing and syncing, beyond the check", f"{median('accept') - median('check'):.2f} CPU s"
        yield "o", "of that: copying, beyond both", f"{median('first') - median('accept'):.2f} CPU s"
        wall = ratios("first", "second", "wall")
        yield "p", f"a second import, {_CHANGED_SHARE:.0%} of the files changed", took("second")
        yield "p", "times faster than the first, CPU", _spread(ratios("first", "second"))
        yield "p", "times faster than the first, wall", f"{_spread(wall)}; goal ≥ 10: {_verdict(statistics.median(wall) >= 10)}"
        yield "p", "disk that it takes, of the first's", f"{statistics.median(runs['share']):.1%}"

    # Data directories

    def _template(self):
        """A data directory with keys of its own and nothing else."""
        template = os.path.join(self.folder, "template")
        os.makedirs(template)
        self._command(template, "tuf", "init", "--channel", "ci")
        return template

    def _metadata_of(self, template, system):
        """The metadata that an import of the system makes, for trees that are put there by hand."""
        data = self._copy(template)
        self._import(data, system, system.version)
        return os.path.join(data, "updates", "ci", "main", system.version, "tuf")

    def _by_hand(self, template, system, metadata, tag, status=0):
        """Puts the system into the tree as a copy and has it checked there."""
        data = self._copy(template)
        update = os.path.join(data, "updates", "ci", tag, system.version)
        shutil.copytree(system.repository, os.path.join(update, "ostree_repo"))
        shutil.copytree(metadata, os.path.join(update, "tuf"))
        os.sync()
        return self._timed([self.binary, "--datadir", data, "updates", "verify", f"ci/{tag}/{system.version}"], status)

    def _import(self, data, system, name):
        os.sync()
        return self._timed([self.binary, "--datadir", data, "updates", "import", system.content, "--channel", "ci", "--tag", "main", "--name", name])

    def _copy(self, template):
        """A fresh one each time. All stay until the end: ext4 searches long for an inode where many files were removed just before."""
        self.copies += 1
        data = os.path.join(self.folder, f"data-{self.copies}")
        shutil.copytree(template, data)
        return data

    def _command(self, data, *arguments):
        return self.processes.run([self.binary, "--datadir", data, *arguments])

    def _timed(self, arguments, status=0):
        """Runs to the end; the processor time is user and system of the process and of its children."""
        with open(os.path.join(self.folder, "output"), "w+") as output:
            began = time.perf_counter()
            process = self.processes.start(arguments, stdout=output, stderr=output, stdin=subprocess.DEVNULL)
            _, code, usage = os.wait4(process.pid, 0)
            wall = time.perf_counter() - began
            process.returncode = os.waitstatus_to_exitcode(code)
            self.processes.stop(process)
            if process.returncode != status:
                output.seek(0)
                raise RuntimeError(f"`{os.path.basename(arguments[0])} …` ended with {process.returncode}: {output.read().strip()[-1000:]}")
        return Run(wall, usage.ru_utime + usage.ru_stime)


def _disk(folder):
    """Bytes that the folder takes on the disk, each file once whatever names it has."""
    seen = {}
    for place, _, names in os.walk(folder):
        for path in (place, *(os.path.join(place, name) for name in names)):
            status = os.lstat(path)
            seen[status.st_ino] = status.st_blocks * 512
    return sum(seen.values())


def _spread(values):
    middle = statistics.median(values)
    digits = 2 if middle < 10 else 1 if middle < 100 else 0
    return f"{middle:.{digits}f} ({min(values):.{digits}f}–{max(values):.{digits}f})"


def _verdict(is_reached):
    return "reached" if is_reached else "**not reached**"
