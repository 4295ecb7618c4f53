"""Load held: most of what saturates, while files come in, good and bad, and indexes change.

``python -m tiaowen_evaluation.bench.load [--minutes 10]``. Exits with 1 unless there was no
answer of 500 or above, p99 stayed within LIMIT of idle, and memory stayed flat.

Told beside it, so that it can be judged what a figure is owed to: the same load while nothing is
written, saturation before and after, how busy the machine was, how late the client itself was, what
others took, and p99 of the time when the machine was as fast as when saturation was measured.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import os
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Coroutine, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np
import uvloop
from tiaowen_corpus.places import shipped
from tiaowen_indexer.build import build

from tiaowen_evaluation.bench.client import Connection, Request, Told, saturate, steady
from tiaowen_evaluation.bench.served import CONNECTIONS, search_request, served
from tiaowen_evaluation.bench.shared import Used, family, worked
from tiaowen_evaluation.questions import load_questions, questions_folder

SHARE = 0.7  # of saturation
LIMIT = 3.0  # p99 under load, as a multiple of p99 of one request at a time
FLAT = 1.25  # memory of the last quarter, as a multiple of that of the second
UPLOAD_EVERY = 5.0  # seconds
ONE_BY_ONE = 1000  # requests; the ten slowest are beyond p99
SATURATING = 60.0  # seconds: a machine is not always as fast
WINDOW = 5  # seconds; of each it is told what a request cost
AS_FAST = 1.1  # most processor time of a request then, as a multiple of that at saturation
CONTROL = 0.25  # of the seconds of the run: the same load before anything is written
SEED = 7

# what is sent between the good files: none of it may cost more than a refusal
BAD: tuple[tuple[str, bytes], ...] = (
    ("empty.txt", b""),
    ("not.docx", b"PK\x03\x04" + b"\0" * 200),
    ("broken.pdf", b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 1 0 R >>\nendobj\ntrailer\n"),
    ("deep.html", b"<div>" * 50_000),
    ("../../escape.txt", "一、越界\n内容。".encode()),
    ("noise.bin", bytes(range(256)) * 64),
    ("lol.html", b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><p>&b;</p>'),
)


@dataclass
class Seen:
    """What was noticed beside the searches."""

    memory: list[float] = field(default_factory=list)  # MB, once a second
    uploads: dict[int, int] = field(default_factory=dict)
    versions: set[str] = field(default_factory=set)
    worked: list[tuple[int, float]] = field(default_factory=list)  # requests, processor seconds

    def second(self, told: Told, process: int) -> None:
        """Note what there is to note every second."""
        self.memory.append(_memory(process))
        self.worked.append((len(told.times), worked()))


def main(arguments: Sequence[str] | None = None) -> None:
    """Run, print the figures, and exit with 1 if one is not held."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--corpus", type=Path, default=shipped("corpus/documents"))
    parser.add_argument("--reindex-every", type=float, default=60.0, help="seconds")
    wanted = parser.parse_args(arguments)
    place = Path(tempfile.mkdtemp(prefix="tiaowen-load-"))
    try:
        shutil.copytree(wanted.corpus, place / "corpus")
        build(place / "corpus", place / "index")
        held = _under_load(place, wanted.minutes * 60, wanted.reindex_every)
    finally:
        shutil.rmtree(place, ignore_errors=True)
    sys.exit(0 if held else 1)


@dataclass(frozen=True)
class Measured:
    """One request at a time; saturation before and after; the load without writes and with them.

    ``busy``: cores that were, without writes and with them, of those other people's work took
    during the latter; None if not known. ``cost``: processor seconds of a request at saturation.
    """

    idle: Told
    most: Told
    after: Told
    control: Told
    held: Told
    busy: tuple[float, float, float] | None
    cost: float


def _under_load(place: Path, seconds: float, every: float) -> bool:
    seen = Seen()
    with served(place / "index", corpus=place / "corpus") as (port, process):
        measured = _run(_measured(_Beside(port, process, every, seen), seconds))
    return _verdict(measured, seen)


def _run(measuring: Coroutine[Any, Any, Measured]) -> Measured:
    """Run with the faster loop: what the client takes, the service on the same cores lacks."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(measuring)


async def _measured(beside: _Beside, seconds: float) -> Measured:
    port, requests = beside.port, _searches()
    await saturate(port, itertools.islice(requests, 100), connections=1)
    idle = await saturate(port, itertools.islice(requests, ONE_BY_ONE), connections=1)
    before = worked()
    most = await saturate(port, _for(SATURATING, requests), connections=CONNECTIONS)
    cost = (worked() - before) / max(len(most.times), 1)
    rate = SHARE * most.rate
    first = Used.now()
    control = await steady(
        port, requests, rate=rate, seconds=CONTROL * seconds, connections=4 * CONNECTIONS
    )
    second = Used.now()
    held = await _held(beside, requests, rate=rate, seconds=seconds)
    third = Used.now()
    busy = None
    if first and second and third:
        busy = second.cores_since(first), third.cores_since(second), third.others_since(second)
    after = await saturate(port, _for(SATURATING, requests), connections=CONNECTIONS)
    return Measured(idle, most, after, control, held, busy, cost)


@dataclass(frozen=True)
class _Beside:
    """What goes on beside the searches: port, process, seconds between re-indexes, notes."""

    port: int
    process: int
    every: float
    seen: Seen


async def _held(
    beside: _Beside, requests: Iterator[Request], *, rate: float, seconds: float
) -> Told:
    writing = asyncio.create_task(_uploads(beside.port, beside.seen))
    indexing = asyncio.create_task(_reindexes(beside.port, beside.every, beside.seen))
    told = await steady(
        beside.port,
        requests,
        rate=rate,
        seconds=seconds,
        connections=4 * CONNECTIONS,
        every=lambda told: beside.seen.second(told, beside.process),
    )
    for task in (writing, indexing):
        task.cancel()
    return told


def _searches() -> Iterator[Request]:
    """Yield questions, most of them never asked before, in an order that does not change."""
    queries = [question.query for question in load_questions(questions_folder())[0]]
    draw = random.Random(SEED)
    for number in itertools.count():
        query = draw.choice(queries)
        yield search_request(query if number % 4 == 0 else f"{query} {number}")


def _for(seconds: float, requests: Iterator[Request]) -> Iterator[Request]:
    end = time.monotonic() + seconds
    return itertools.takewhile(lambda request: time.monotonic() < end, requests)


async def _uploads(port: int, seen: Seen) -> None:
    connection = Connection(port)
    for number in itertools.count():
        name, data = BAD[number // 2 % len(BAD)]
        if number % 2:
            name = f"load-{number % 20}.txt"
            data = f"关于第{number}次检查的通知\n\n一、内容\n每学期不少于{number}次。\n".encode()
        path = f"/v1/documents?name={quote(name)}"
        request = Request(path, "POST", data or b" ", "application/octet-stream")
        status, _ = await connection.ask(request)
        seen.uploads[status] = seen.uploads.get(status, 0) + 1
        await asyncio.sleep(UPLOAD_EVERY)


async def _reindexes(port: int, every: float, seen: Seen) -> None:
    connection = Connection(port)
    while True:
        await asyncio.sleep(every)
        await connection.ask(Request("/v1/indexes", "POST", b"{}"))
        _, body = await connection.ask(Request("/v1/indexes"))
        seen.versions.add(body[:4000].decode("utf-8", "replace"))


def _memory(process: int) -> float:
    """Return what the service and the processes that search hold, MB; 0 where nobody says.

    What they share counts with each of them; builds, which come and go, do not count.
    """
    return sum(map(_held_by, family(process)))


def _held_by(process: int) -> float:
    try:
        status = Path(f"/proc/{process}/status").read_text("ascii")
    except OSError:
        return 0.0
    found = [line for line in status.splitlines() if line.startswith("RssAnon")]
    return int(found[0].split()[1]) / 1024 if found else 0.0


def _verdict(measured: Measured, seen: Seen) -> bool:
    idle, held = measured.idle, measured.held
    quarter = max(1, len(seen.memory) // 4)
    early, late = seen.memory[quarter : 2 * quarter], seen.memory[-quarter:]
    grown = (sum(late) / len(late)) / max(sum(early) / max(len(early), 1), 1.0)
    slower = held.percentile(99) / max(idle.percentile(99), 1e-6)
    failed = held.failures + sum(n for s, n in seen.uploads.items() if s == 0 or s >= 500)
    verdicts = {
        f"answers of 500 and above: {failed}": failed == 0,
        f"p99 {held.percentile(99):.1f} ms, {slower:.1f} × of idle": slower <= LIMIT,
        f"memory {sum(late) / len(late):.0f} MB, {grown:.2f} × of early": grown <= FLAT,
    }
    _tell(measured, seen)
    for said, kept in verdicts.items():
        sys.stdout.write(f"- {'held' if kept else 'NOT HELD'}: {said}\n")
    return all(verdicts.values())


def _tell(measured: Measured, seen: Seen) -> None:
    out, held = sys.stdout.write, measured.held
    out(f"One by one: {_times(measured.idle)}.\n")
    out(f"Saturation {measured.most.rate:.0f} req/s, afterwards {measured.after.rate:.0f}.\n")
    out(f"{SHARE:.0%} of it, nothing written: {_times(measured.control)}.\n")
    out(f"While written to: {_times(held)}; {len(held.times):,} searches in {held.seconds:.0f} s, ")
    out(f"statuses {held.statuses}; uploads {seen.uploads}; ")
    out(f"index lists seen {len(seen.versions)}.\n")
    out(f"The client woke late by {np.percentile(held.late, 99):.1f} ms (p99), ")
    out(f"at most {max(held.late):.0f} ms.\n")
    if measured.busy is not None:
        quiet, busy, others = measured.busy
        out(f"Cores busy: {quiet:.2f} while nothing was written, then {busy:.2f} ")
        out(f"of {os.cpu_count()}; ")
        out(f"other work on this machine: {others:.2f}.\n")
        share, as_fast = _as_fast(measured, seen)
        out(f"As fast as at saturation ({measured.cost * 1000:.1f} ms of processor a request) ")
        out(f"in {share:.0%} of the time: {_times(as_fast)} then.\n")


def _as_fast(measured: Measured, seen: Seen) -> tuple[float, Told]:
    """Return the share of the windows where a request cost no more than at saturation, and what
    was answered in them: a machine is slower for minutes, and then the rate is beyond it.
    """
    marks, found, kept = seen.worked[::WINDOW], Told(), 0
    for (first, before), (last, after) in pairwise(marks):
        if after - before <= AS_FAST * measured.cost * (last - first):
            found.times += measured.held.times[first:last]
            kept += 1
    return kept / max(len(marks) - 1, 1), found


def _times(told: Told) -> str:
    percentiles = (f"p{share:g} {told.percentile(share):.1f}" for share in (50, 90, 99))
    return f"{' '.join(percentiles)} ms"


if __name__ == "__main__":
    main()
