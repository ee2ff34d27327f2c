"""The rows in which the server is set beside nginx."""
import dataclasses


@dataclasses.dataclass(frozen=True)
class Row:
    """One line of the table; `group` is the letter that `--rows` names."""

    group: str
    title: str
    command: str
    content: str
    protocol: str = "h1"
    connections: int = 64
    streams: int = 1
    count: int = 0
    quick_count: int = 0
    # Times nginx; None is measured and reported only.
    reach: float | None = None

    def options(self, content, quick):
        """What the load generator is told, beside server and identities."""
        count = self.quick_count if quick else self.count
        if self.content == "targets":
            wanted = ["--path", content.targets_path, "--expect-length", 2048, "--header", "x-ats-tags: main"]
        else:
            # No client sends its tag with OSTree requests.
            wanted = ["--paths", {"small": content.small_list, "medium": content.medium_list, "large": content.large_list}[self.content]]
        match self.command:
            case "requests":
                warm_up = 0 if self.content == "large" else 10
                return ["--protocol", self.protocol, "--connections", self.connections, "--streams", self.streams, "--count", count,
                        "--warm-up", warm_up, *wanted]
            case "idle":
                return ["--protocol", self.protocol, "--connections", count, *wanted]
            case _:
                return ["--count", count, "--concurrency", self.connections, *wanted]


# Counts are chosen so that a run costs the server a second or more of processor time, a hundred ticks of its clock.
ROWS = [
    Row("a", "2 KiB JSON, h1 keep-alive, 64 connections", "requests", "targets", count=150_000, quick_count=40_000, reach=1.0),
    Row("b", "2 KiB JSON, h2, 64 connections, 1 stream each", "requests", "targets", "h2", count=100_000, quick_count=30_000, reach=1.7),
    Row("b", "2 KiB JSON, h2, 64 connections, 10 streams each", "requests", "targets", "h2", streams=10, count=120_000, quick_count=30_000,
        reach=1.5),
    Row("c", "full mutual-TLS handshake + one request", "handshakes", "targets", connections=16, count=3_000, quick_count=800, reach=0.5),
    Row("d", "resumed handshake + one request", "resumed-handshakes", "targets", connections=16, count=4_000, quick_count=1_000, reach=0.5),
    Row("e", "8 KiB file, h1, 64 connections", "requests", "small", count=100_000, quick_count=30_000, reach=0.95),
    Row("e", "8 KiB file, h2, 64 connections, 10 streams each", "requests", "small", "h2", streams=10, count=100_000, quick_count=30_000,
        reach=1.3),
    Row("f", "64 KiB file, h1, 64 connections", "requests", "medium", count=40_000, quick_count=10_000, reach=0.55),
    Row("f", "64 KiB file, h2, 64 connections, 10 streams each", "requests", "medium", "h2", streams=10, count=40_000, quick_count=10_000,
        reach=0.75),
    Row("g", "256 MiB file, h1, 1 connection", "requests", "large", connections=1, count=12, quick_count=4, reach=0.65),
    Row("g", "256 MiB file, h1, 8 connections", "requests", "large", connections=8, count=24, quick_count=8, reach=0.65),
    Row("g", "256 MiB file, h2, 8 connections", "requests", "large", "h2", connections=8, count=24, quick_count=8, reach=0.65),
    Row("h", "idle mutual-TLS connections, h1, KiB each", "idle", "targets", count=5_000, quick_count=1_000, reach=1.0),
    Row("h", "idle mutual-TLS connections, h2, KiB each", "idle", "targets", "h2", count=5_000, quick_count=1_000),
]
