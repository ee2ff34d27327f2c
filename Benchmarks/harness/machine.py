"""What the figures were measured on."""
import os
import platform
import re
import statistics
import time


def describe():
    """Lines of (what, value) about processor, memory and kernel."""
    with open("/proc/cpuinfo") as file:
        model = re.search(r"model name\s*:\s*(.+)", file.read())
    with open("/proc/meminfo") as file:
        memory = int(re.search(r"MemTotal:\s*(\d+)", file.read())[1])
    return [
        ("processor", f"{os.cpu_count()} cores, {model[1] if model else platform.machine()}"),
        ("memory", f"{memory / (1 << 20):.0f} GiB"),
        ("kernel", f"{platform.system()} {platform.release().split('-')[0]}"),
    ]


def disk(folder):
    """The kind of file system, and what one synced append costs there: rows i and j are bound by it."""
    folder = os.path.realpath(folder)
    best = ("", "unknown")
    with open("/proc/mounts") as file:
        for line in file:
            _, point, kind, *_ = line.split()
            inside = folder == point or folder.startswith(point.rstrip("/") + "/")
            if inside and len(point) >= len(best[0]):
                best = (point, kind)
    path = os.path.join(folder, "sync-probe")
    durations = []
    with open(path, "wb", buffering=0) as file:
        for _ in range(100):
            file.write(b"x" * 512)
            began = time.perf_counter()
            os.fdatasync(file.fileno())
            durations.append(time.perf_counter() - began)
    os.remove(path)
    return f"{best[1]}; one synced append of 512 bytes takes {statistics.median(durations) * 1000:.2f} ms (median)"
