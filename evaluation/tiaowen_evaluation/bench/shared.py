"""How busy the machine was while something was measured, and how much of it others took."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")
_STAT = Path("/proc/stat")
_NICE = 16  # the field of the niceness, counted from the state


@dataclass(frozen=True, slots=True)
class Used:
    """Processor seconds since the start: of the machine, and of this process group."""

    at: float
    all: float
    ours: float

    @classmethod
    def now(cls) -> Used | None:
        """Return it as it is now; None where the system does not say."""
        fields = _machine()
        if not fields:
            return None
        idle = fields[3] + fields[4]
        return cls(time.monotonic(), (sum(fields) - idle) / _TICKS, _ours() / _TICKS)

    def cores_since(self, before: Used) -> float:
        """Return how many cores were busy since ``before``, whoever kept them so."""
        return (self.all - before.all) / max(self.at - before.at, 1e-9)

    def others_since(self, before: Used) -> float:
        """Return how many cores others kept busy since ``before``."""
        others = (self.all - before.all) - (self.ours - before.ours)
        return max(0.0, others) / max(self.at - before.at, 1e-9)


def _machine() -> list[int]:
    """Return ticks: user, nice, system, idle, waiting, and what else counts as busy."""
    if not _STAT.is_file():
        return []
    with _STAT.open(encoding="ascii") as told:
        return [int(value) for value in told.readline().split()[1:9]]


def family(process: int) -> list[int]:
    """Return a process and those that it started, and these, less those that stand back (nicer)."""
    told = {int(path.parent.name): _fields(path) for path in Path("/proc").glob("[0-9]*/stat")}
    own = told.get(process)
    if not own:
        return []
    found = [process]
    for parent in found:
        found += [pid for pid, fields in told.items() if fields[1:2] == [str(parent)]]
    return [pid for pid in found if told[pid] and told[pid][_NICE] == own[_NICE]]


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
