"""The quantised scan: what it finds, among which rows, and that rows may come and go."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from tiaowen_indexer.scan import MOST_GONE, TRAINED, Scan

Halves = NDArray[np.float16]
Floats = NDArray[np.float32]


def _clustered(count: int, dimensions: int = 64, topics: int = 150, seed: int = 3) -> Halves:
    draw = np.random.default_rng(seed)
    centres = draw.standard_normal((topics, dimensions)).astype(np.float32)
    rows = centres[draw.integers(0, topics, count)]
    rows += 0.8 * draw.standard_normal(rows.shape).astype(np.float32)
    return _unit(rows).astype(np.float16)


def _unit(rows: Floats) -> Floats:
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def _asked(rows: Halves, count: int = 60) -> Floats:
    draw = np.random.default_rng(4)
    near = np.asarray(rows[draw.choice(len(rows), count)], np.float32)
    return _unit(near + 0.1 * draw.standard_normal(near.shape).astype(np.float32))


def _recall(
    scan: Scan, rows: Halves, mask: NDArray[np.bool_] | None = None, *, candidates: int = 60
) -> float:
    """The share of the exact first ten that are among the candidates."""
    asked = _asked(rows)
    cosines = asked @ rows.astype(np.float32).T
    if mask is not None:
        cosines[:, ~mask] = -2.0
    exact = np.argsort(-cosines, axis=1)[:, :10]
    found = [scan.candidates(query, candidates, mask) for query in asked]
    shares = [np.isin(best, near).mean() for best, near in zip(exact, found, strict=True)]
    return float(np.mean(shares))


@pytest.mark.parametrize("dimensions", [1, 2, 3, 26, 33, 128])
def test_any_number_of_dimensions(dimensions: int) -> None:
    rows = _clustered(2000, dimensions)
    found = Scan.of(rows).candidates(rows[7].astype(np.float32), 200)
    assert len(set(found.tolist())) == 200
    cosines = rows.astype(np.float32) @ rows[7].astype(np.float32)
    assert cosines[found].mean() > 0.9 * np.sort(cosines)[-200:].mean()


def test_the_nearest_are_among_the_candidates() -> None:
    rows = _clustered(6000)
    assert _recall(Scan.of(rows), rows) >= 0.99


def test_only_rows_of_the_mask_are_found_and_as_many_as_are_wanted() -> None:
    rows = _clustered(6000)
    scan = Scan.of(rows)
    for query in _asked(rows, 5):
        cosines = rows.astype(np.float32) @ query
        mask = cosines < np.median(cosines)  # none of those that it would find without a filter
        found = scan.candidates(query, 60, mask)
        assert len(set(found.tolist())) == 60 and mask[found].all()
    some = np.arange(6000) % 3 == 0
    assert _recall(scan, rows, some) >= 0.99
    few = np.arange(6000) < 20
    found = scan.candidates(rows[0].astype(np.float32), 60, few)
    assert sorted(found.tolist()) == list(range(20))


def test_equal_rows_give_equal_bytes_and_a_scan_outlives_its_file(tmp_path: Path) -> None:
    rows = _clustered(4000)
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        Scan.of(rows).save(tmp_path / name)
    one, two = ((tmp_path / name / "scan.faiss").read_bytes() for name in ("one", "two"))
    assert one == two
    opened = Scan.load(tmp_path / "one")
    assert opened is not None
    for query in _asked(rows, 5):
        found = opened.candidates(query, 20).tolist()
        assert sorted(found) == sorted(Scan.of(rows).candidates(query, 20).tolist())


def test_no_file_no_scan(tmp_path: Path) -> None:
    assert Scan.load(tmp_path) is None


def test_rows_come_and_go(tmp_path: Path) -> None:
    rows, new = _clustered(5000), _clustered(400, seed=8)
    old = np.delete(np.arange(5000), np.arange(1000, 1400))
    old = np.insert(old, 300, np.full(400, -1))
    scan = Scan.of(rows).spliced(old, new)
    assert scan is not None
    after = np.concatenate([rows[:300], new, rows[300:1000], rows[1400:]])
    assert _recall(scan, after) >= 0.99
    mask = np.arange(len(after)) % 2 == 1
    assert _recall(scan, after, mask) >= 0.99
    scan.save(tmp_path)
    opened = Scan.load(tmp_path)
    assert opened is not None
    assert _recall(opened, after, mask) >= 0.99


def test_a_scan_is_made_anew_when_too_much_of_it_is_gone() -> None:
    rows, new = _clustered(3000), _clustered(1, seed=8)
    scan = Scan.of(rows)
    kept = int(3000 / (1 + MOST_GONE)) + 1
    assert scan.spliced(np.arange(kept), new[:0]) is not None
    assert scan.spliced(np.arange(kept - 2), new[:0]) is None


def test_old_wordings_take_no_places() -> None:
    """The same hundred rows change again and again, a little each time."""
    rows = _clustered(4000)
    scan: Scan | None = Scan.of(rows)
    draw = np.random.default_rng(6)
    changed = rows[:100].astype(np.float32)
    old = np.arange(4000)
    old[:100] = -1
    for _ in range(3):
        noise = 0.02 * draw.standard_normal(changed.shape).astype(np.float32)
        rows = np.concatenate([_unit(changed + noise).astype(np.float16), rows[100:]])
        scan = scan and scan.spliced(old, rows[:100])
    assert scan is not None
    for query in changed[:20]:
        found = scan.candidates(query, 60).tolist()
        assert len(set(found)) == len(found) == 60
        assert min(found) >= 0


def test_other_rows_than_it_was_made_of_are_found_as_well() -> None:
    rows, others = _clustered(TRAINED), _clustered(6000, seed=9)
    old = np.concatenate([np.full(6000, -1), np.arange(TRAINED)])
    scan = Scan.of(rows).spliced(old, others)
    assert scan is not None
    everything = np.concatenate([others, rows])
    mask = np.arange(len(everything)) < 6000
    assert _recall(scan, everything, mask) >= 0.95


def test_threads_share_a_scan() -> None:
    rows = _clustered(4000)
    scan, asked = Scan.of(rows), _asked(rows, 40)
    masks = [np.arange(4000) % 7 != part for part in range(7)]

    def found(turn: int) -> list[int]:
        return sorted(scan.candidates(asked[turn % 40], 30, masks[turn % 7]).tolist())

    alone = [found(turn) for turn in range(280)]
    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(found, range(280))) == alone
