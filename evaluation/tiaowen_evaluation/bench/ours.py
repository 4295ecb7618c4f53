"""This program: built from clauses, opened, asked; what it takes, and how near it is to exact."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from tiaowen_indexer.build import build_collected
from tiaowen_indexer.collect import Collected
from tiaowen_indexer.snapshot import open_snapshot
from tiaowen_service.legs import find
from tiaowen_service.request import Mode, SearchRequest
from tiaowen_service.searcher import Searcher, open_searcher

from tiaowen_evaluation.bench.corpora import fingerprint
from tiaowen_evaluation.bench.timing import Stopwatch, Timing, timed

RECALL_QUERIES = 100
ROUNDING = 1e-6  # of a cosine in float32, whose sum depends on the order of its terms

# a fresh process: imports, opens the live index and answers once
_START = """
import sys, time
import tiaowen_service.live, tiaowen_service.request
from pathlib import Path
began = time.perf_counter(); used = time.process_time()
live = tiaowen_service.live.Live(Path(sys.argv[1]))
memory = [int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("RssAnon")]
print(time.perf_counter() - began, time.process_time() - used, (memory or [0])[0])
"""


@dataclass(frozen=True)
class Indexed:
    """An index built for the run; ``seconds`` of processor time, ``size`` bytes on disk."""

    place: Path
    searcher: Searcher
    seconds: float
    size: int


@dataclass(frozen=True, slots=True)
class Started:
    """A fresh process opening the index and answering once; imports are not counted.

    ``seconds`` by the clock, ``cpu`` of processor time, ``memory`` MB that the process holds for
    itself (mapped files are the system's to keep or drop).
    """

    seconds: float
    cpu: float
    memory: float


@contextmanager
def indexed(collected: Collected) -> Iterator[Indexed]:
    """Build an index in a temporary folder and open it."""
    place = Path(tempfile.mkdtemp(prefix="tiaowen-bench-"))
    try:
        watch = Stopwatch()
        built = build_collected(collected, place, fingerprint=fingerprint(collected))
        seconds = watch.seconds
        size = sum(path.stat().st_size for path in built.folder.rglob("*") if path.is_file())
        yield Indexed(place, open_searcher(open_snapshot(built.folder)), seconds, size)
    finally:
        shutil.rmtree(place, ignore_errors=True)


def timings(built: Indexed, asked: Sequence[str]) -> list[Timing]:
    """Time each leg as ranked clauses, and hybrid as the whole answer: ten hits with passages."""
    searcher = built.searcher

    def leg(mode: Mode) -> Callable[[str], object]:
        return lambda query: find(
            searcher.analyser.analyse(query),
            searcher.snapshot,
            searcher.embedder,
            mode=mode,
            mask=None,
        )

    def whole(query: str) -> object:
        return searcher.search(SearchRequest(query))

    return [
        timed("tiaowen bm25, 100 found", leg("bm25"), asked, build=built.seconds),
        timed("tiaowen vector, 100 found", leg("vector"), asked),
        timed("tiaowen hybrid, ranked, passages", whole, asked),
        timed("the same, clauses seen before", whole, asked),
    ]


def recall(searcher: Searcher, asked: Sequence[str], k: int = 10) -> float:
    """Return the share of the exact ``k`` nearest clauses that the vector leg finds.

    Clauses that repeat each other stand equally near: any of those at the k-th place is right.
    """
    vectors = searcher.snapshot.vectors
    base = np.asarray(vectors.stored, np.float32)
    found = wanted = 0
    for vector in searcher.embedder.encode_queries(list(asked[:RECALL_QUERIES])):
        cosines = base @ vector
        near = min(k, len(base))
        least = np.partition(cosines, len(base) - near)[len(base) - near] - ROUNDING
        found += int(np.count_nonzero(cosines[vectors.search(vector, 100)[0][:k]] >= least))
        wanted += near
    return found / wanted


def started(place: Path) -> Started:
    """Start a fresh process over the index, twice, and return the second: files are then warm."""
    for _ in range(2):
        run = subprocess.run(
            [sys.executable, "-c", _START, str(place)], capture_output=True, text=True, check=True
        )
    seconds, cpu, kilobytes = map(float, run.stdout.split())
    return Started(seconds, cpu, kilobytes / 1024)
