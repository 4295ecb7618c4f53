"""Times of one contestant, and what is said of one that could not run."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from tiaowen_service.crew_member import SELDOM

WARM_UP = 5  # queries asked before any is timed


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds to build (None: nothing is built), and milliseconds a query.

    ``cpu`` is the median of processor time, of all threads of this process: what a query costs
    where other processes hold the machine, so that its waiting is not counted.
    """

    name: str
    build: float | None
    p50: float
    p99: float
    cpu: float
    note: str = ""

    @property
    def throughput(self) -> float:
        """Queries a second, one after another, of processor time."""
        return 1000 / max(self.cpu, 1e-6)


@dataclass(frozen=True, slots=True)
class Skipped:
    """A contestant that did not run, and why."""

    name: str
    reason: str


def timed(
    name: str,
    ask: Callable[[str], object],
    asked: Sequence[str],
    *,
    build: float | None = None,
    note: str = "",
) -> Timing:
    """Ask every query once, one after another, after a warm-up with the first ones."""
    for query in asked[:WARM_UP]:
        ask(query)
    gc.collect()
    # as in the processes that search: what other systems hold is not looked through at our expense
    gc.freeze()
    gc.set_threshold(SELDOM)
    wall, cpu = [], []
    for query in asked[WARM_UP:]:
        began, used = time.perf_counter(), time.process_time()
        ask(query)
        cpu.append((time.process_time() - used) * 1000)
        wall.append((time.perf_counter() - began) * 1000)
    p50, p99 = (float(value) for value in np.percentile(wall, [50, 99]))
    return Timing(name, build, p50, p99, float(np.median(cpu)), note)


class Stopwatch:
    """Seconds of processor time of this process since it was made."""

    def __init__(self) -> None:
        self._began = time.process_time()

    @property
    def seconds(self) -> float:
        """Seconds until now."""
        return time.process_time() - self._began
