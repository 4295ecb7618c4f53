"""Texts built to make a careless pattern take hours: none may take more than seconds."""

from __future__ import annotations

import contextlib
import time

import pytest
from tiaowen_corpus.errors import TiaowenError
from tiaowen_corpus.facts import facts
from tiaowen_corpus.readers import read
from tiaowen_corpus.repair import repairs

_PIECES = [
    "\n",
    " ",
    "　",
    "(",
    "[",
    "**a ",
    "|",
    "- ",
    "“",
    "?方案",
    "根据",
    "〔2014〕",
    "2014年3月2日",
]
_SECONDS = 20.0  # a quadratic pattern takes many minutes on this length, a sound one under three


@pytest.mark.parametrize("piece", _PIECES)
def test_repetition_costs_seconds_at_most(piece: str) -> None:
    text = f"标题{piece * (100_000 // len(piece))}末"
    start = time.monotonic()
    facts(text, "")
    repairs(text[:30_000])
    for name in ("a.txt", "a.md", "a.html"):
        with contextlib.suppress(TiaowenError):
            read(text.encode(), name)
    assert time.monotonic() - start < _SECONDS
