"""How much of the machine other people's work took while something was measured."""

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


def _ours() -> int:
    """Return ticks of this process group; a process that has ended counts in its parent."""
    group, ticks = os.getpgrp(), 0
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text("utf-8", "replace").rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[2]) == group:
            ticks += sum(int(value) for value in fields[11:15])
    return ticks
