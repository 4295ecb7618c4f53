"""Every reader under many thousand inputs: bytes made up, and good files damaged."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tiaowen_corpus.errors import ReadingError
from tiaowen_corpus.readers import read

DOCUMENTS = Path(__file__).resolve().parents[2] / "corpus" / "documents"
LONGEST = 5.0  # seconds that one input may take
TOKENS = [
    *(b"<div>", b"</p>", b"<!--", b"<table><tr>", b"&#x", b"<![CDATA[", b"\x00", b"\xff\xfe"),
    *(b"PK\x03\x04", b"PK\x05\x06", b"%PDF-1.7", b"obj", b"stream", b"xref", b"/Kids[", b"<<"),
    *("第一条".encode(), "一、".encode("gb18030"), "學".encode("big5"), b"\r", b"# ", b"|--|"),
]
SUFFIXES = (".txt", ".md", ".html", ".docx", ".pdf")


def _seeds() -> dict[str, list[bytes]]:
    found: dict[str, list[bytes]] = {suffix: [] for suffix in SUFFIXES}
    for path in sorted(DOCUMENTS.rglob("*")):
        if path.suffix in found and len(found[path.suffix]) < 3:
            found[path.suffix].append(path.read_bytes()[:60_000])
    return found


def _inputs(choose: random.Random) -> Iterator[tuple[str, bytes]]:
    seeds = _seeds()
    while True:
        suffix = choose.choice(SUFFIXES)
        if seeds[suffix] and choose.random() < 0.3:
            data = bytearray(choose.choice(seeds[suffix]))
            for _ in range(choose.randrange(1, 30)):
                _damage(data, choose)
        else:
            data = bytearray().join(choose.choices(TOKENS, k=choose.randrange(1, 60)))
            data += choose.randbytes(choose.randrange(40))
        yield f"x{suffix}", bytes(data)


def _damage(data: bytearray, choose: random.Random) -> None:
    at = choose.randrange(len(data) or 1)
    what: Callable[[], object] = choose.choice(
        [
            lambda: data.__setitem__(slice(at, at + 1), choose.randbytes(1)),
            lambda: data.__delitem__(slice(at, at + choose.randrange(1, 200))),
            lambda: data.__setitem__(slice(at, at), choose.choice(TOKENS)),
            lambda: data.__setitem__(slice(at, at), data[at : at + choose.randrange(1, 500)]),
        ]
    )
    what()


def _attack(count: int, seed: int) -> None:
    slow = []
    for (name, data), _ in zip(_inputs(random.Random(seed)), range(count), strict=False):
        started = time.perf_counter()
        try:
            assert read(data, name).text.strip()
        except ReadingError as error:
            assert error.code and " / " in error.remedy
        if time.perf_counter() - started > LONGEST:
            slow.append((name, data[:80]))
    assert not slow


def test_readers_give_text_or_a_reading_error() -> None:
    _attack(300, seed=1)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10))
def test_readers_under_a_hundred_thousand_inputs(seed: int) -> None:
    _attack(10_000, seed=100 + seed)
