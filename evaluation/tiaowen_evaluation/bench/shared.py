"""How busy a process was, and how much of the machine others took, while something was measured."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")
_STAT = Path("/proc/stat")


@dataclass(frozen=True, slots=True)
class Used:
    """Processor seconds since the start: of the machine, and of this process group."""

    at: float
    all: float
    ours: float

    @classmethod
    def now(cls) -> Used | None:
        """Return it as it is now; None where the system does not say."""
        if not _STAT.is_file():
            return None
        fields = [int(value) for value in _STAT.read_text("ascii").splitlines()[0].split()[1:9]]
        idle = fields[3] + fields[4]
        return cls(time.monotonic(), (sum(fields) - idle) / _TICKS, _ours() / _TICKS)

    def others_since(self, before: Used) -> float:
        """Return how many cores others kept busy since ``before``."""
        others = (self.all - before.all) - (self.ours - before.ours)
        return max(0.0, others) / max(self.at - before.at, 1e-9)


def spent(process: int) -> float:
    """Return processor seconds of a process without its children; 0 where nobody says."""
    fields = _fields(Path(f"/proc/{process}/stat"))
    return sum(int(value) for value in fields[11:13]) / _TICKS


def _ours() -> int:
    """Return ticks of this process group; a process that has ended counts in its parent."""
    group, ticks = str(os.getpgrp()), 0
    for path in Path("/proc").glob("[0-9]*/stat"):
        fields = _fields(path)
        if fields[2:3] == [group]:
            ticks += sum(int(value) for value in fields[11:15])
    return ticks


def _fields(stat: Path) -> list[str]:
    """Return what stands behind the name of a process, its state first; [] if it is gone."""
    try:
        return stat.read_text("utf-8", "replace").rpartition(")")[2].split()
    except OSError:
        return []
