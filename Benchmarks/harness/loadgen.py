"""Calls the load generator and weighs what the server, the generator and the rest of the machine used meanwhile."""
import dataclasses
import json
import os
import resource
import subprocess
import time

from harness import proc

_FOLDER = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


@dataclasses.dataclass
class Sample:
    """One measured run."""

    requests: int
    errors: int
    reasons: dict
    seconds: float
    cpu_seconds: float
    cpu_per_1000: float
    requests_per_second: float
    p50: float
    p99: float
    longest: float
    generator_cpu_seconds: float
    others_share: float
    report: dict


class LoadGenerator:
    def __init__(self, processes, binary, trust_root, identities):
        self.processes = processes
        self.binary = binary
        self.trust_root = trust_root
        self.identities = identities

    def arguments(self, command, server, *options, identities=True):
        program = [os.path.join(_FOLDER, "resumed-handshakes")] if command == "resumed-handshakes" else [self.binary, command]
        own = ["--identities", self.identities] if identities else []
        watch = [word for pid in server.pids() for word in ("--watch", str(pid))]
        return [*program, "--port", str(server.port), "--trust-root", self.trust_root, *own, *watch, *map(str, options)]

    def measure(self, command, server, *options, identities=True):
        """Runs a command to its end; errors it counted are in the sample, a command that fails raises."""
        busy, others_own = proc.machine_busy_seconds(), proc.cpu_seconds(server.pids())
        children, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
        output = self.processes.run(self.arguments(command, server, *options, identities=identities))
        wall = time.monotonic() - began
        ended = resource.getrusage(resource.RUSAGE_CHILDREN)
        generator = ended.ru_utime + ended.ru_stime - children.ru_utime - children.ru_stime
        others = proc.machine_busy_seconds() - busy - (proc.cpu_seconds(server.pids()) - others_own) - generator
        return self.sample(output, others_share=max(0.0, others / (wall * os.cpu_count())))

    @staticmethod
    def sample(output, others_share=0.0):
        report = json.loads(output.strip().splitlines()[-1])
        # A run of listeners has deliveries instead of requests.
        requests = report.get("requests", report.get("events", 0))
        latency = report.get("latencyMilliseconds", report.get("delayMilliseconds"))
        cpu = report.get("watchedCPUSeconds") or 0.0
        return Sample(
            requests=requests,
            errors=report["errors"],
            reasons=report["errorReasons"],
            seconds=report["seconds"],
            cpu_seconds=cpu,
            cpu_per_1000=cpu / requests * 1000 if requests else 0.0,
            requests_per_second=requests / report["seconds"] if report["seconds"] else 0.0,
            p50=latency["p50"],
            p99=latency["p99"],
            longest=latency["max"],
            generator_cpu_seconds=report["ownCPUSeconds"],
            others_share=others_share,
            report=report,
        )

    def start(self, command, server, *options):
        """Starts a command that runs beside something else; see `finish`."""
        return self.processes.start(
            self.arguments(command, server, *options), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def finish(self, process, timeout=180):
        """Closes standard input, waits, and gives what the command printed that has not been read yet."""
        try:
            output, complaint = process.communicate(timeout=timeout)
        finally:
            # Ended or not, it is no longer among the running.
            self.processes.stop(process)
        if process.returncode != 0:
            raise RuntimeError(f"the load generator ended with {process.returncode}: {complaint.strip()[-1000:]}")
        return output
