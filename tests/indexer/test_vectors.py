"""The vector leg: order, filters, approximation, vectors taken over."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from tiaowen_indexer import vectors
from tiaowen_indexer.vectors import VectorIndex, embed


class Letters:
    """Counts letters: deterministic, and it tells what it was asked to encode."""

    name, fingerprint, dimensions = "letters", "00", 26

    def __init__(self) -> None:
        self.asked: list[str] = []

    def encode_clauses(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.asked += texts
        counts = np.zeros((len(texts), 26), np.float32)
        for row, text in enumerate(texts):
            for letter in text:
                counts[row, ord(letter) - 97] += 1
        lengths = np.linalg.norm(counts, axis=1, keepdims=True)
        return np.divide(counts, lengths, out=counts, where=lengths > 0)

    encode_queries = encode_clauses


def _random(count: int, dimensions: int, seed: int = 1) -> NDArray[np.float32]:
    drawn = np.random.default_rng(seed).standard_normal((count, dimensions)).astype(np.float32)
    return _unit(drawn)


def _unit(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def _index(rows: NDArray[np.float32]) -> VectorIndex:
    return VectorIndex(rows.astype(np.float16), np.zeros((len(rows), 16), np.uint8))


def test_nearest_first_and_only_what_is_near() -> None:
    index, _ = embed(["ab", "b", "zz", "abb"], Letters())
    rows, cosines = index.search(Letters().encode_queries(["ab"])[0], 10)
    assert rows.tolist() == [0, 3, 1]
    assert np.all(np.diff(cosines) <= 0)
    assert cosines[0] == pytest.approx(1.0, abs=1e-3)


def test_equal_cosines_keep_row_order_and_masks_hold() -> None:
    index, _ = embed(["a", "a", "a"], Letters())
    query = Letters().encode_queries(["a"])[0]
    assert index.search(query, 2)[0].tolist() == [0, 1]
    mask = np.array([False, True, True])
    assert index.search(query, 3, mask=mask)[0].tolist() == [1, 2]


def test_a_query_without_tokens_finds_nothing() -> None:
    index, _ = embed(["a"], Letters())
    assert len(index.search(np.zeros(26, np.float32), 3)[0]) == 0


def test_the_quantised_scan_finds_what_the_exact_one_finds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    topics = _random(60, 128, seed=3)
    base = _unit(np.repeat(topics, 60, axis=0) + 0.7 * _random(3600, 128))
    queries = _unit(topics[:40] + 0.7 * _random(40, 128, seed=2))
    exact = _index(base)
    monkeypatch.setattr(vectors, "EXACT_UP_TO", 1000)
    scan = _index(base)
    found, agreed = 0, 0
    for query in queries:
        want, got = exact.search(query, 10)[0], scan.search(query, 10)[0]
        agreed += len(set(want) & set(got))
        found += len(want)
    assert agreed / found >= 0.99


def test_filtered_searches_agree_scored_one_by_one_and_scanned(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(vectors, "EXACT_UP_TO", 1000)
    monkeypatch.setattr(vectors, "SPARSE", 0)
    base = _unit(np.repeat(_random(60, 64, seed=3), 60, axis=0) + 0.7 * _random(3600, 64))
    index = _index(base)
    mask = np.arange(3600) % 3 == 0
    for query in base[:100:5]:
        one_by_one = index.search(query, 10, mask=mask)[0]
        with monkeypatch.context() as patched:
            patched.setattr(vectors, "FEW", 0)
            scanned = index.search(query, 10, mask=mask)[0]
        assert scanned.tolist() == one_by_one.tolist()


def test_a_library_grows_from_exact_to_scanned_and_back(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(vectors, "EXACT_UP_TO", 1000)
    base = _random(1600, 32)
    small = _index(base[:900])
    grown = small.spliced(np.r_[np.arange(900), np.full(700, -1)], _index(base[900:]))
    small.save(tmp_path / "small")
    grown.save(tmp_path / "grown")
    assert not (tmp_path / "small" / "scan.faiss").exists()
    assert (tmp_path / "grown" / "scan.faiss").exists()
    assert VectorIndex.load(tmp_path / "grown").search(base[1500], 1)[0].tolist() == [1500]
    shrunk = grown.spliced(np.arange(700, 1600), _index(base[:0]))
    shrunk.save(tmp_path / "shrunk")
    assert not (tmp_path / "shrunk" / "scan.faiss").exists()
    assert shrunk.search(base[1500], 1)[0].tolist() == [800]


def test_known_texts_are_not_encoded_again(tmp_path: Path) -> None:
    first, embedded = embed(["a", "b"], Letters())
    assert embedded == 2
    first.save(tmp_path)
    asked = Letters()
    second, embedded = embed(["b", "c", "a"], asked, known=VectorIndex.load(tmp_path))
    assert (embedded, asked.asked) == (1, ["c"])
    np.testing.assert_array_equal(second.stored[0], first.stored[1])
    np.testing.assert_array_equal(second.stored[2], first.stored[0])
