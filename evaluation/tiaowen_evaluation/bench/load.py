"""Load held: most of what saturates, while files come in, good and bad, and indexes change.

``python -m tiaowen_evaluation.bench.load [--minutes 10]``. Exits with 1 unless there was no
answer of 500 or above, p99 stayed within LIMIT of idle, and memory stayed flat.

It goes in rounds of a minute. Each begins idle and with saturation, for a machine is not always as
fast: what is 70 % of it at one time is all of it at another. Idle are a few requests a second,
asked as those of the load are.

Told beside it, so that it can be judged what a figure is owed to: every round, with the same load
while nothing is written, and with requests one right after the other, for which caches are warm;
how busy the machine was, what others took of it, how late the client was.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import os
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import numpy as np
import uvloop
from tiaowen_corpus.places import shipped
from tiaowen_indexer.build import build
from tiaowen_service.library.tasks import FINISHED

from tiaowen_evaluation.bench.client import Connection, Request, Told, joined, saturate, steady
from tiaowen_evaluation.bench.served import CONNECTIONS, search_request, served
from tiaowen_evaluation.bench.shared import Used, family
from tiaowen_evaluation.questions import load_questions, questions_folder

SHARE = 0.7  # of saturation
LIMIT = 3.0  # p99 under load, as a multiple of p99 when idle
FLAT = 1.25  # memory of the last quarter, as a multiple of that of the second
UPLOAD_EVERY = 5.0  # seconds
ROUND = 60.0  # seconds of load, with one re-index
IDLE = 10.0  # requests a second, for so many seconds of a round:
IDLE_SECONDS = 15.0
ONE_BY_ONE = 200  # requests a round
SATURATING = 10.0  # seconds a round
CONTROL = 15.0  # seconds a round: the same load before anything is written
PATIENCE = 120.0  # seconds for what was begun in one round to end before the next
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


@dataclass(frozen=True, slots=True)
class Round:
    """Idle; one request after the other; saturation; the load without writes and with them.

    ``busy``: cores that were, without writes and with them, and those that other people's work
    took during the latter; None if not known.
    """

    idle: Told
    in_turn: Told
    most: Told
    control: Told
    held: Told
    busy: tuple[float, float, float] | None

    @property
    def slower(self) -> float:
        """P99 under load, as a multiple of idle."""
        return _slower(self.held, self.idle)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run, print the figures, and exit with 1 if one is not held."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=int, default=10)
    parser.add_argument("--corpus", type=Path, default=shipped("corpus/documents"))
    wanted = parser.parse_args(arguments)
    place = Path(tempfile.mkdtemp(prefix="tiaowen-load-"))
    try:
        shutil.copytree(wanted.corpus, place / "corpus")
        build(place / "corpus", place / "index")
        held = _under_load(place, wanted.minutes)
    finally:
        shutil.rmtree(place, ignore_errors=True)
    sys.exit(0 if held else 1)


def _under_load(place: Path, minutes: int) -> bool:
    seen = Seen()
    # the faster loop: what the client takes, the service on the same cores lacks
    with (
        served(place / "index", corpus=place / "corpus") as (port, process),
        asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
    ):
        rounds = runner.run(_rounds(port, process, minutes, seen))
    return _verdict(rounds, seen)


async def _rounds(port: int, process: int, minutes: int, seen: Seen) -> list[Round]:
    requests, files = _searches(), _files()
    await saturate(port, itertools.islice(requests, 100), connections=1)
    rounds = []
    for number in range(minutes):
        rounds.append(await _round(port, process, requests, files, seen))
        sys.stdout.write(f"Round {number + 1}: {_told(rounds[-1])}\n")
        sys.stdout.flush()
        await _quiet(port)
    return rounds


async def _round(
    port: int, process: int, requests: Iterator[Request], files: Iterator[Request], seen: Seen
) -> Round:
    idle = await steady(port, requests, rate=IDLE, seconds=IDLE_SECONDS, connections=4)
    in_turn = await saturate(port, itertools.islice(requests, ONE_BY_ONE), connections=1)
    most = await saturate(port, _for(SATURATING, requests), connections=CONNECTIONS)
    rate, connections = SHARE * most.rate, 4 * CONNECTIONS
    first = Used.now()
    control = await steady(port, requests, rate=rate, seconds=CONTROL, connections=connections)
    second = Used.now()
    writing = asyncio.create_task(_upload(port, files, seen))
    indexing = asyncio.create_task(_reindex(port, seen))
    held = await steady(
        port,
        requests,
        rate=rate,
        seconds=ROUND,
        connections=connections,
        every=lambda: seen.memory.append(_memory(process)),
    )
    third = Used.now()
    writing.cancel()
    await indexing
    busy = None
    if first and second and third:
        busy = second.cores_since(first), third.cores_since(second), third.others_since(second)
    return Round(idle, in_turn, most, control, held, busy)


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


def _files() -> Iterator[Request]:
    """Yield uploads, a bad file and a good one in turns."""
    for number in itertools.count():
        name, data = BAD[number // 2 % len(BAD)]
        if number % 2:
            name = f"load-{number}.txt"
            data = f"关于第{number}次检查的通知\n\n一、内容\n每学期不少于{number}次。\n".encode()
        path = f"/v1/documents?name={quote(name)}"
        yield Request(path, "POST", data or b" ", "application/octet-stream")


async def _upload(port: int, files: Iterator[Request], seen: Seen) -> None:
    connection = Connection(port)
    for request in files:
        status, _ = await connection.ask(request)
        seen.uploads[status] = seen.uploads.get(status, 0) + 1
        await asyncio.sleep(UPLOAD_EVERY)


async def _reindex(port: int, seen: Seen) -> None:
    """Ask for one in the middle of the round."""
    connection = Connection(port)
    await asyncio.sleep(ROUND / 2)
    await connection.ask(Request("/v1/indexes", "POST", b"{}"))
    _, body = await connection.ask(Request("/v1/indexes"))
    seen.versions.add(body[:4000].decode("utf-8", "replace"))
    connection.close()


async def _quiet(port: int) -> None:
    """Wait until nothing is built any more. Raises TimeoutError."""
    connection = Connection(port)
    async with asyncio.timeout(PATIENCE):
        while True:
            _, body = await connection.ask(Request("/v1/tasks"))
            if all(task["state"] in FINISHED for task in json.loads(body)["tasks"]):
                break
            await asyncio.sleep(0.2)
    connection.close()


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


def _verdict(rounds: Sequence[Round], seen: Seen) -> bool:
    idle, held = (joined(getattr(each, name) for each in rounds) for name in ("idle", "held"))
    quarter = max(1, len(seen.memory) // 4)
    early, late = seen.memory[quarter : 2 * quarter], seen.memory[-quarter:]
    grown = (sum(late) / len(late)) / max(sum(early) / max(len(early), 1), 1.0)
    slower = _slower(held, idle)
    failed = held.failures + sum(n for s, n in seen.uploads.items() if s == 0 or s >= 500)
    verdicts = {
        f"answers of 500 and above: {failed}": failed == 0,
        f"p99 {held.percentile(99):.1f} ms, {slower:.1f} × of idle": slower <= LIMIT,
        f"memory {sum(late) / len(late):.0f} MB, {grown:.2f} × of early": grown <= FLAT,
    }
    out = sys.stdout.write
    out(f"Idle: {_times(idle)}. While written to: {_times(held)}; ")
    out(f"{len(held.times):,} searches in {held.seconds:.0f} s, statuses {held.statuses}; ")
    out(f"uploads {seen.uploads}; index lists seen {len(seen.versions)}.\n")
    out(f"Nothing written: {_times(joined(each.control for each in rounds))}. ")
    out(f"One after the other: {_times(joined(each.in_turn for each in rounds))}.\n")
    ratios = [each.slower for each in rounds]
    out(f"Middle round: {np.median(ratios):.1f} × of idle; within {LIMIT:g} × ")
    out(f"{sum(ratio <= LIMIT for ratio in ratios)} of {len(ratios)}.\n")
    out(f"The client sent late by {np.percentile(held.late, 99):.1f} ms (p99), ")
    out(f"at most {max(held.late):.0f} ms.\n")
    for said, kept in verdicts.items():
        out(f"- {'held' if kept else 'NOT HELD'}: {said}\n")
    return all(verdicts.values())


def _slower(held: Told, idle: Told) -> float:
    return held.percentile(99) / max(idle.percentile(99), 1e-6)


def _told(done: Round) -> str:
    told = (
        f"idle {_times(done.idle)}; one after the other {_times(done.in_turn)}; "
        f"saturation {done.most.rate:.0f} req/s; "
        f"{SHARE:.0%} of it, nothing written {_times(done.control)}, "
        f"written to {_times(done.held)}, {done.slower:.1f} × of idle"
    )
    if done.busy is None:
        return told
    quiet, busy, others = done.busy
    cores = f"cores busy {quiet:.2f} and {busy:.2f} of {os.cpu_count()}"
    return f"{told}; {cores}, by others {others:.2f}"


def _times(told: Told) -> str:
    percentiles = (f"p{share:g} {told.percentile(share):.1f}" for share in (50, 90, 99))
    return f"{' '.join(percentiles)} ms"


if __name__ == "__main__":
    main()
