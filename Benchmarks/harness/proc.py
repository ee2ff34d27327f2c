"""What the kernel says about processes and the machine, from /proc."""
import os

TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


def cpu_seconds(pids):
    """`utime + stime` of the processes; the kernel counts it in ticks of 10 ms."""
    ticks = 0
    for pid in pids:
        with open(f"/proc/{pid}/stat") as file:
            # The command name, second field, may hold blanks and brackets: count from the last closing one.
            fields = file.read().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / TICKS_PER_SECOND


def machine_busy_seconds():
    """Processor seconds that all processors spent on anything, time stolen by a hypervisor included."""
    with open("/proc/stat") as file:
        user, nice, system, _idle, _iowait, irq, softirq, steal = map(int, file.readline().split()[1:9])
    return (user + nice + system + irq + softirq + steal) / TICKS_PER_SECOND


def children(pid):
    with open(f"/proc/{pid}/task/{pid}/children") as file:
        return [int(child) for child in file.read().split()]


def _kib(path, field):
    with open(path) as file:
        for line in file:
            if line.startswith(field + ":"):
                return int(line.split()[1])
    return 0


def resident_kib(pids):
    return sum(_kib(f"/proc/{pid}/status", "VmRSS") for pid in pids)


def forget_peak(pids):
    """Lets the kernel's record of the highest resident memory begin anew."""
    for pid in pids:
        with open(f"/proc/{pid}/clear_refs", "w") as file:
            file.write("5")


def peak_resident_kib(pids):
    return sum(_kib(f"/proc/{pid}/status", "VmHWM") for pid in pids)


def proportional_kib(pids):
    """PSS: pages shared between the processes count once, not once per process."""
    return sum(_kib(f"/proc/{pid}/smaps_rollup", "Pss") for pid in pids)
