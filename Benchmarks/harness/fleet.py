"""Rows i to m and q: absolute figures of the server alone."""
import os
import subprocess
import time
import uuid

from harness import proc


class FleetRows:
    """Each row gives lines of (what, figure); one that fails says so and lets the others go on."""

    def __init__(self, server, generator, datadir, devices, quick, say):
        self.server = server
        self.generator = generator
        self.datadir = datadir
        self.devices = devices
        self.quick = quick
        self.say = say
        self.fleet = []
        self.results = {}

    def attempt(self, group, row):
        self.say(f"\n{group}. {row.__doc__.strip().splitlines()[0]}")
        lines = self.results.setdefault(group, [])
        try:
            for what, figure in row():
                lines.append((what, figure))
                self.say(f"   {what}: {figure}")
        except (RuntimeError, OSError, KeyError, ValueError, subprocess.SubprocessError) as error:
            lines.append(("failed", str(error)))
            self.say(f"   failed: {error}")

    def first_contact(self):
        """First contact of distinct certificates, registered and synced."""
        count = 500 if self.quick else 5_000
        certs = os.path.join(self.datadir, "certs")
        sample = self.generator.measure(
            "first-contact", self.server, "--count", count, "--concurrency", 64, "--device-ca", os.path.join(certs, "device-ca.crt"),
            "--device-ca-key", os.path.join(certs, "device-ca.key"), identities=False)
        yield f"{count:,} certificates, 64 at a time", f"{sample.requests_per_second:,.0f} per second, {self._cost(sample)}"

    def events(self):
        """POST /events, one event each, acknowledged = synced."""
        for connections in (1, 16, 64):
            sample = self.generator.measure(
                "events", self.server, "--connections", connections, "--count", 20_000, "--seconds", 2 if self.quick else 6)
            yield (f"{connections} connection{'s' if connections > 1 else ''}",
                   f"{sample.requests_per_second:,.0f} per second, {self._cost(sample)}")

    def heartbeats(self):
        """POST /snaps/heartbeat of devices whose snaps do not change."""
        sample = self.generator.measure(
            "heartbeats", self.server, "--connections", 64, "--count", 200_000, "--seconds", 2 if self.quick else 6)
        # What a fleet with a heartbeat a minute costs.
        yield ("64 connections", f"{sample.requests_per_second:,.0f} per second, {self._cost(sample)};"
               f" 100,000 devices with one a minute: {sample.cpu_per_1000 * 100 / 60:.2f} cores")

    def listeners(self):
        """From POST /events to the listeners of the rollout's stream."""
        rollout = self.server.prepare_rollout(self.devices)
        self.server.start_rollout(rollout)
        for count in (1, 100, 400):
            sample = self.generator.measure(
                "listeners", self.server, "--admin-port", self.server.admin_port, "--path", f"/v1/rollouts/{rollout}/tail",
                "--token-file", self.server.token_file, "--listeners", count, "--count", 15 if self.quick else 100)
            missing = sample.report["missing"]
            yield (f"{count} listener{'s' if count > 1 else ''}, {sample.report['deliveries']:,} deliveries",
                   f"p50 {sample.p50:.2f} ms, p99 {sample.p99:.2f} ms, longest {sample.longest:.2f} ms, missing {missing}, errors {sample.errors}")

    def memory_of_a_fleet(self):
        """Resident memory with many devices known."""
        count = 10_000 if self.quick else 100_000
        self.fleet = [str(uuid.uuid4()) for _ in range(count)]
        file = os.path.join(self.server.folder, "fleet.txt")
        with open(file, "w") as output:
            output.writelines(device + "\n" for device in self.fleet)
        self.server.stop()
        began = time.monotonic()
        self.server.command("devices", "preregister", "--tag", "main", "--file", file)
        yield f"{count:,} devices preregistered by command", f"{time.monotonic() - began:.1f} s"
        began = time.monotonic()
        self.server.start()
        yield "start until both addresses are printed", f"{time.monotonic() - began:.2f} s"
        time.sleep(1)
        yield f"resident after the start with {count:,} devices known", self.mebibytes(self.server.memory_kib())

    def rollout_start(self):
        """Rollout start, and p99 of row a meanwhile."""
        if not self.fleet:
            raise RuntimeError("there is no fleet: row m, which makes it, failed")
        half = len(self.fleet) // 2
        quiet = self.server.prepare_rollout(self.fleet[:half])
        loaded = self.server.prepare_rollout(self.fleet[half:])
        cpu, began = proc.cpu_seconds(self.server.pids()), time.monotonic()
        self.server.start_rollout(quiet)
        seconds = time.monotonic() - began
        yield (f"start for {half:,} devices, nothing else going on",
               f"{seconds:.2f} s, {proc.cpu_seconds(self.server.pids()) - cpu:.2f} CPU s")
        row_a = ["--connections", 64, "--seconds", 4, "--path", "/repo/targets.json", "--expect-length", 2048, "--header", "x-ats-tags: main"]
        alone = self.generator.measure("requests", self.server, *row_a)
        yield "row a without it", f"p99 {alone.p99:.2f} ms, longest {alone.longest:.2f} ms, {alone.requests_per_second:,.0f} per second"

        process = self.generator.start("requests", self.server, *row_a)
        try:
            time.sleep(1.5)
            began = time.monotonic()
            self.server.start_rollout(loaded)
            seconds = time.monotonic() - began
        except RuntimeError:
            self.generator.processes.stop(process)
            raise
        sample = self.generator.sample(self.generator.finish(process))
        yield (f"row a while a rollout of {half:,} devices starts, 4 s in all",
               f"p99 {sample.p99:.2f} ms, longest {sample.longest:.2f} ms, {sample.requests_per_second:,.0f} per second, errors {sample.errors};"
               f" the start took {seconds:.2f} s")

    @staticmethod
    def _cost(sample):
        return (f"p50 {sample.p50:.2f} ms, p99 {sample.p99:.2f} ms, {sample.cpu_per_1000:.3f} CPU s per 1,000, errors {sample.errors}"
                f"{' ' + str(sample.reasons) if sample.errors else ''}, others {sample.others_share:.0%}")

    @staticmethod
    def mebibytes(kib):
        return f"{kib / 1024:.1f} MiB"
