"""Inverted lists: how many, how many of them are read, and the recall that is reached."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from tiaowen_indexer import scan, vectors
from tiaowen_indexer.vectors import VectorIndex


def _clustered(count: int, dimensions: int = 64, topics: int = 150) -> NDArray[np.float32]:
    draw = np.random.default_rng(3)
    centres = draw.standard_normal((topics, dimensions)).astype(np.float32)
    rows = centres[draw.integers(0, topics, count)]
    rows += 0.8 * draw.standard_normal(rows.shape).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def _exact(base: NDArray[np.float32], asked: NDArray[np.float32]) -> list[set[int]]:
    return [set(scan.best(base @ query).tolist()) for query in asked]


def test_lists_begin_where_a_whole_scan_is_slow() -> None:
    assert scan.list_count(scan.LISTS_FROM - 1) == 0
    assert scan.list_count(100_000) == 512
    assert scan.list_count(500_000) == scan.list_count(1_100_000) // 2 == 1024


def test_as_many_lists_are_read_as_recall_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan, "LISTS_FROM", 3000)
    base = _clustered(6000)
    built = scan.build_scan(base)
    asked = scan.questions(base)
    exact = _exact(base, asked)
    assert built.nlist == 128
    assert scan.recall(built, base, asked, exact) >= scan.RECALL or built.nprobe == built.nlist
    if built.nprobe > 8:
        built.nprobe //= 2
        assert scan.recall(built, base, asked, exact) < scan.RECALL


def test_equal_rows_give_equal_bytes_and_a_scan_outlives_its_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(scan, "LISTS_FROM", 3000)
    monkeypatch.setattr(vectors, "EXACT_UP_TO", 1000)
    base = _clustered(4000).astype(np.float16)
    keys = np.zeros((len(base), 16), np.uint8)
    for name in ("one", "two"):
        VectorIndex(base, keys).save(tmp_path / name)
    bytes_of = [(tmp_path / name / "scan.faiss").read_bytes() for name in ("one", "two")]
    assert bytes_of[0] == bytes_of[1]
    built, opened = VectorIndex(base, keys), VectorIndex.load(tmp_path / "one")
    for query in scan.questions(base.astype(np.float32), 5):
        assert built.search(query, 20)[0].tolist() == opened.search(query, 20)[0].tolist()
