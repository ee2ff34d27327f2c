"""The page that the benchmark writes."""
import dataclasses
import datetime
import os

REMARKS = "## Remarks"
_INTRODUCTION = """# Performance

Measured by `make bench` (`Benchmarks/run`); `Benchmarks/README.md` says how, and how to read it. This page is written anew by every run, but for the remarks at its end.
"""


def _number(value, digits=4):
    if value is None:
        return "–"
    return f"{value:.{digits}f}" if value < 10 else f"{value:.1f}"


def _latency(result, server):
    p50, p99 = result.median(server, "p50"), result.median(server, "p99")
    return "–" if p50 is None else f"{p50:.2f} / {p99:.2f}"


def _rate(result, server):
    rate = result.median(server, "requests_per_second")
    return "–" if rate is None else f"{rate:,.0f}" if rate >= 100 else f"{rate:.1f}"


def _verdict(result):
    if result.failures:
        return "failed"
    return {True: "yes", False: "**no**", None: "–"}[result.is_reached]


def comparison_table(results):
    lines = [
        "| row | requests | nginx | otaserve | × nginx (spread) | reach | reached | per second, nginx / otaserve | p50 / p99 ms, nginx"
        " | p50 / p99 ms, otaserve | others' CPU |",
        "|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    for result in results:
        ratio = f"{result.ratio:.2f} ({min(result.ratios):.2f}–{max(result.ratios):.2f})" if result.ratios else "–"
        others = [sample.others_share for samples in result.samples.values() for sample in samples]
        lines.append("| " + " | ".join([
            f"{result.row.group}. {result.row.title}",
            f"{result.count:,}",
            _number(result.cost("nginx")),
            _number(result.cost("otaserve")),
            ratio,
            f"≤ {result.row.reach}" if result.row.reach else "report",
            _verdict(result),
            f"{_rate(result, 'nginx')} / {_rate(result, 'otaserve')}",
            _latency(result, "nginx"),
            _latency(result, "otaserve"),
            f"{max(others):.0%}" if others else "–",
        ]) + " |")
    failures = [f"- {r.row.group}. {r.row.title}: {server} failed: {reason}" for r in results for server, reason in r.failures.items()]
    return "\n".join(lines + ([""] + failures if failures else []))


@dataclasses.dataclass
class Figures:
    """Lines of (what, figure) by the letters of their rows."""

    results: dict
    titles: dict

    def table(self):
        lines = ["| row | measured | figure |", "|---|---|---|"]
        for group in sorted(self.results):
            for what, figure in self.results[group]:
                lines.append(f"| {group}. {self.titles[group]} | {what} | {figure} |")
        return "\n".join(lines)


def kept_remarks(path):
    """What people wrote below the figures, such as the profile that explains a row; a new run must not lose it."""
    if path and os.path.exists(path):
        with open(path) as file:
            _, found, remarks = file.read().partition(f"\n{REMARKS}\n")
        if found:
            return remarks.strip()
    return "None yet. A row that is not reached is explained here by a profile."


def compose(surroundings, comparison, fleet, ingest, rounds, quick, remarks):
    parts = [_INTRODUCTION]
    today = datetime.date.today().isoformat()
    rows = [("date", today), *surroundings, ("rounds", f"{rounds}, the servers taking turns; medians{'; quick run with small counts' if quick else ''}")]
    parts.append("\n".join(["| | |", "|---|---|", *(f"| {what} | {value} |" for what, value in rows)]))
    if comparison:
        parts.append("## Beside nginx\n\nProcessor seconds of the server's process(es) per 1,000 requests; row h: KiB of memory per connection."
                     " Loopback, TLS 1.3, client certificates of EC P-256.\n\n" + comparison_table(comparison))
    if fleet.results:
        parts.append("## On its own\n\nAbsolute figures of otaserve on this machine and this disk.\n\n" + fleet.table())
    if ingest.results:
        parts.append("## Ingest and metadata\n\nProcessor seconds are user and system time of the process; medians of the rounds, with the lowest and the highest."
                     " In each round all commands take turns over the same content, so the ratios are of one run.\n\n" + ingest.table())
    parts.append(f"{REMARKS}\n\n{remarks}")
    return "\n\n".join(part.strip() for part in parts) + "\n"
