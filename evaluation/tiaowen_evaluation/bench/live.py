"""How long it takes from an accepted upload until the changed document is found.

``python -m tiaowen_evaluation.bench.live [--documents 10000] [--changes 20] [--searching]``: a
library of that many documents is indexed and served; one document after the other is replaced, and
its new wording is asked for as soon as another index answers. With ``--searching`` someone searches
meanwhile, and what the slowest search took is told.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
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
from tiaowen_indexer.build import build

from tiaowen_evaluation.bench.client import Connection, Request
from tiaowen_evaluation.bench.corpora import DATA, SEED, Material, material, noisy_rounds
from tiaowen_evaluation.bench.served import search_request, served

ARTICLES = 6  # of a document
PAUSE = 0.5  # seconds between changes, and before the first one twenty times that


@dataclass
class Times:
    """Seconds: until accepted, from then until found; of every search meanwhile."""

    accepted: list[float] = field(default_factory=list)
    live: list[float] = field(default_factory=list)
    searches: list[float] = field(default_factory=list)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=10_000)
    parser.add_argument("--changes", type=int, default=20)
    parser.add_argument("--searching", action="store_true")
    parser.add_argument("--data", type=Path, default=DATA, help="folder of statutes")
    wanted = parser.parse_args(arguments)
    place = Path(tempfile.mkdtemp(prefix="tiaowen-live-"))
    try:
        write_library(place / "corpus", material(wanted.data), wanted.documents)
        build(place / "corpus", place / "index")
        with served(place / "index", corpus=place / "corpus") as (port, _):
            changing = _changed(port, place / "corpus", wanted.changes, wanted.searching)
            times = asyncio.run(changing)
    finally:
        shutil.rmtree(place, ignore_errors=True)
    _tell(times, wanted.documents)


def write_library(folder: Path, source: Material, count: int) -> None:
    """Write ``count`` documents of ARTICLES articles each."""
    folder.mkdir(parents=True)
    for number, text in enumerate(itertools.islice(_texts(source), count)):
        (folder / f"{number:06}.txt").write_text(text, "utf-8")


def _texts(source: Material) -> Iterator[str]:
    for statute in noisy_rounds(source):
        for at in range(0, len(statute.articles) - ARTICLES + 1, ARTICLES):
            articles = statute.articles[at : at + ARTICLES]
            lines = [f"{label}　{''.join(wording.split())}" for label, wording in articles]
            yield f"{statute.title}之{at // ARTICLES + 1}\n\n" + "\n".join(lines) + "\n"


async def _changed(port: int, corpus: Path, changes: int, searching: bool) -> Times:
    times, draw = Times(), random.Random(SEED)
    files = sorted(corpus.glob("*.txt"))
    await asyncio.sleep(20 * PAUSE)  # what the service loads beside its start is loaded
    beside = asyncio.create_task(_searching(port, times)) if searching else None
    for number in range(changes):
        path = draw.choice(files)
        await _one_change(port, path.stem, path.read_bytes(), number, times)
        await asyncio.sleep(PAUSE)
    if beside is not None:
        beside.cancel()
    return times


async def _one_change(port: int, file_id: str, data: bytes, number: int, times: Times) -> None:
    connection = Connection(port)
    told = f"新增检查事项第{number}号"
    data += f"第九百九十九条　{told}，不得缺席。\n".encode()
    before = await _version(connection)
    began = time.perf_counter()
    request = Request(f"/v1/documents/{file_id}", "PUT", data, "application/octet-stream")
    status, body = await connection.ask(request)
    accepted = time.perf_counter()
    if status != 202:
        raise RuntimeError(body.decode("utf-8", "replace"))
    while await _version(connection) == before:
        await asyncio.sleep(0.02)
    times.accepted.append(accepted - began)
    times.live.append(time.perf_counter() - accepted)
    asked = Request(f"/v1/search?mode=bm25&limit=1&doc_ids={file_id}&q={quote(f'“{told}”')}")
    if not json.loads((await connection.ask(asked))[1])["hits"]:
        raise RuntimeError(f"{file_id} is live and not found")
    connection.close()


async def _version(connection: Connection) -> str:
    return str(json.loads((await connection.ask(Request("/readyz")))[1])["index_version"])


async def _searching(port: int, times: Times) -> None:
    connection = Connection(port)
    words = ("学校", "医疗机构", "水资源", "城市规划", "罚款", "食品安全", "建设单位", "消防")
    for number in itertools.count():
        began = time.perf_counter()
        await connection.ask(search_request(f"{words[number % len(words)]}{number}"))
        times.searches.append(time.perf_counter() - began)
        await asyncio.sleep(0.02)


def _tell(times: Times, documents: int) -> None:
    out = sys.stdout.write
    out(f"{documents:,} documents, {len(times.live)} changed one by one; seconds:\n")
    for name in ("accepted", "live", "searches"):
        values = getattr(times, name)
        if values:
            middle, late = np.percentile(values, [50, 95])
            out(f"- {name}: p50 {middle:.3f}, p95 {late:.3f}, most {max(values):.3f}\n")


if __name__ == "__main__":
    main()
