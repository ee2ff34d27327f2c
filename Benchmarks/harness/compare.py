"""Rows a to h: the servers take turns, A B A B …, and medians are taken."""
import dataclasses
import json
import statistics
import subprocess
import time


@dataclasses.dataclass
class RowResult:
    """What came of one row: samples per server, in the order of the rounds."""

    row: object
    count: int
    # Processor seconds per 1,000 requests, or KiB per connection in row h.
    costs: dict
    samples: dict
    memory_kib: dict
    failures: dict

    def cost(self, server):
        return statistics.median(self.costs[server]) if self.costs.get(server) else None

    def median(self, server, field):
        samples = self.samples.get(server)
        return statistics.median(getattr(sample, field) for sample in samples) if samples else None

    def total(self, server, field):
        return sum(getattr(sample, field) for sample in self.samples.get(server, []))

    @property
    def ratios(self):
        """Round by round: neighbours in time share the machine's mood."""
        return [ours / theirs for ours, theirs in zip(self.costs.get("otaserve", []), self.costs.get("nginx", [])) if theirs > 0]

    @property
    def ratio(self):
        return statistics.median(self.ratios) if self.ratios else None

    @property
    def is_reached(self):
        """None when there is nothing to compare, or nothing to reach."""
        if self.failures or self.ratio is None or self.row.reach is None:
            return None
        return self.ratio <= self.row.reach


class Comparison:
    def __init__(self, generator, content, servers, rounds, quick, say):
        self.generator = generator
        self.content = content
        self.servers = servers
        self.rounds = rounds
        self.quick = quick
        self.say = say

    def run(self, row):
        names = [server.name for server in self.servers]
        result = RowResult(row, row.quick_count if self.quick else row.count, {n: [] for n in names}, {n: [] for n in names},
                           {n: 0 for n in names}, {})
        self.say(f"\n{row.group}. {row.title}")
        for number in range(1, self.rounds + 1):
            for server in self.servers:
                if server.name in result.failures:
                    continue
                try:
                    measure = self._idle if row.command == "idle" else self._load
                    self.say(f"   round {number} {server.name:9} " + measure(row, server, result))
                # OSError: a server that died has no entry in /proc and refuses connections.
                except (RuntimeError, OSError, ValueError, subprocess.SubprocessError) as error:
                    result.failures[server.name] = str(error)
                    self.say(f"   round {number} {server.name:9} failed: {error}")
        if result.ratio is not None:
            reached = {True: "reached", False: "NOT reached", None: "reported only"}[result.is_reached]
            spread = f"{min(result.ratios):.2f}…{max(result.ratios):.2f}"
            self.say(f"   → {result.ratio:.2f} × nginx ({spread}), to reach {row.reach or '–'}: {reached}")
        return result

    def _load(self, row, server, result):
        server.forget_peak()
        sample = self.generator.measure(row.command, server, *row.options(self.content, self.quick))
        # A server that answers wrongly is not compared: its cost says nothing.
        if sample.errors:
            raise RuntimeError(f"{sample.errors} errors: {sample.reasons}")
        result.samples[server.name].append(sample)
        result.costs[server.name].append(sample.cpu_per_1000)
        result.memory_kib[server.name] = max(result.memory_kib[server.name], server.peak_kib())
        return (f"{sample.cpu_per_1000:9.4f} CPU s/1000  {sample.requests_per_second:9.1f}/s  p50 {sample.p50:8.3f}  p99 {sample.p99:8.3f} ms"
                f"  server {sample.cpu_seconds:5.2f} s  generator {sample.generator_cpu_seconds:5.2f} s  others {sample.others_share:.0%}")

    def _idle(self, row, server, result):
        # A server fresh from its start: memory freed by earlier rows would be used again and hide the cost.
        server.stop()
        server.start()
        warm_up = ["--protocol", row.protocol, "--connections", 16, "--count", 320, "--path", self.content.targets_path]
        self.generator.measure("requests", server, *warm_up, "--header", "x-ats-tags: main")
        time.sleep(1)
        before = server.memory_kib()
        process = self.generator.start("idle", server, *row.options(self.content, self.quick))
        try:
            if process.stdout.readline():
                time.sleep(1)
                after = server.memory_kib()
            closing = self.generator.finish(process)
        finally:
            self.generator.processes.stop(process)
        # The second line counts those that were still there after the memory was read.
        opened = json.loads(closing.strip().splitlines()[-1])["connections"]
        if opened != result.count:
            raise RuntimeError(f"only {opened} of {result.count} connections stayed open")
        each = (after - before) / opened
        result.costs[server.name].append(each)
        result.memory_kib[server.name] = max(result.memory_kib[server.name], after)
        return f"{each:9.1f} KiB each  ({before / 1024:.1f} MiB before, {after / 1024:.1f} MiB with {opened})"
