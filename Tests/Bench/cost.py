"""What processes have cost, as the kernel counts it."""

import dataclasses
import glob
import os


@dataclasses.dataclass
class Cost:
    #: Seconds of a core.
    cpu: float
    #: Bytes to the disk.
    written: int

    def __sub__(self, other: "Cost") -> "Cost":
        return Cost(self.cpu - other.cpu, self.written - other.written)


def cost(pids: list[int]) -> Cost:
    """Of the processes since their start, and of those children that they have waited for."""
    ticks = os.sysconf("SC_CLK_TCK")
    cpu, written = 0, 0
    for pid in pids:
        with open(f"/proc/{pid}/stat") as file:
            # utime, stime, cutime and cstime, counted from behind the name.
            cpu += sum(map(int, file.read().rpartition(")")[2].split()[11:15]))
        written += _field(f"/proc/{pid}/io", "write_bytes")
    return Cost(cpu / ticks, written)


def memory(pid: int) -> float:
    """MiB that are resident."""
    return _field(f"/proc/{pid}/status", "VmRSS") / 1024


def peak_memory(pid: int) -> float:
    return _field(f"/proc/{pid}/status", "VmHWM") / 1024


def switches(pid: int) -> int:
    """How often its threads have gone to sleep of their own will."""
    return sum(_field(file, "voluntary_ctxt_switches") for file in glob.glob(f"/proc/{pid}/task/*/status"))


def _field(path: str, name: str) -> int:
    try:
        with open(path) as file:
            for line in file:
                key, _, value = line.partition(":")
                if key == name:
                    return int(value.split()[0])
    except (FileNotFoundError, ProcessLookupError):
        return 0
    raise AssertionError(f"{path} has no {name}")
