"""What the legs find, by the compiled kernels and by numpy alike."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiaowen_indexer.vectors import VectorIndex
from tiaowen_models import kernels
from tiaowen_models.kernels import KernelError, features, postings, vectors
from tiaowen_models.protocols import Candidates
from tiaowen_models.ranking_features import fill_by_numpy

compiled = pytest.mark.skipif(
    kernels.LIBRARY is None, reason="no library: install with a C compiler at hand"
)


@compiled
@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from([0.0, 0.5, 0.5, 1.0, 2.0, 3.5]), max_size=60),
    st.integers(0, 70),
    st.integers(1, 20),
    st.randoms(),
)
def test_the_best_rows_in_order(values: list[float], k: int, often: int, random: object) -> None:
    values = values * often  # more than are gathered at a time
    scores = np.array(values, np.float32)
    order = np.arange(len(values), dtype=np.int32)
    random.shuffle(order)  # type: ignore[attr-defined]
    expected = [r for r in np.lexsort((order, -scores)).tolist() if scores[r] > 0][:k]
    assert postings.best(scores, order, k).tolist() == expected


@compiled
def test_columns_out_of_their_arrays_are_refused() -> None:
    data, indices = np.ones(3, np.float32), np.array([0, 1, 7], np.int32)
    columns = postings.Columns([(data, indices, np.array([0, 2, 3, 9]), 1.0)], 2)
    assert columns.scores([0], [2.0]).tolist() == [2.0, 2.0]
    for column in (1, 2, 3):  # a row too large, a range too long, no such column
        with pytest.raises(KernelError):
            columns.scores([column], [1.0])


@compiled
@settings(max_examples=60, deadline=None)
@given(st.lists(st.sets(st.integers(0, 40), max_size=25), min_size=1, max_size=4), st.data())
def test_what_columns_add_to_rows(held: list[set[int]], data: st.DataObject) -> None:
    dense = np.zeros((len(held), 41), np.float32)
    for column, rows in enumerate(held):
        dense[column, sorted(rows)] = np.arange(1, len(rows) + 1)
    indices = np.concatenate([np.flatnonzero(row) for row in dense]).astype(np.int32)
    indptr = np.concatenate([[0], np.cumsum([len(rows) for rows in held])])
    columns = postings.Columns([(dense[dense > 0], indices, indptr, 2.0)], 41)
    wanted = np.array(data.draw(st.lists(st.integers(0, 40), max_size=12)), np.int32)
    added = columns.contributions([-1, *range(len(held))], wanted)
    assert not added[0].any()
    np.testing.assert_array_equal(added[1:], 2.0 * dense[:, wanted])
    np.testing.assert_array_equal(columns.scores([0], [1.0]), 2.0 * dense[0])


@compiled
@pytest.mark.parametrize("dimensions", [1, 16, 21, 384])
def test_cosines_of_half_precision(dimensions: int) -> None:
    draw = np.random.default_rng(5)
    matrix = draw.standard_normal((40, dimensions)).astype(np.float16)
    matrix[3] = np.float16(6e-8)  # subnormal
    query = draw.standard_normal(dimensions).astype(np.float32)
    rows = np.array([39, 3, 3, 0])
    expected = matrix[rows].astype(np.float32) @ query
    np.testing.assert_allclose(
        vectors.HalfRows(matrix).cosines(query, rows), expected, rtol=1e-5, atol=1e-6
    )
    with pytest.raises(KernelError):
        vectors.HalfRows(matrix).cosines(query, np.array([40]))


def random_candidates(count: int) -> Candidates:
    draw = np.random.default_rng(count)
    floats = [draw.random(count).astype(np.float32) for _ in range(2)]
    ranks = [draw.permutation(count).astype(np.int32) for _ in range(2)]
    rows = np.arange(count, dtype=np.int32)
    return Candidates(rows, floats[0], ranks[0], floats[1], ranks[1], [], {})


@compiled
@pytest.mark.parametrize("count", [1, 2, 70])
@pytest.mark.parametrize("ideal", [0.0, 7.5])
def test_legs_say_alike_of_candidates(count: int, ideal: float) -> None:
    candidates, at = random_candidates(count), np.arange(0, count, 2)
    ours = np.random.default_rng(3).random((len(at), 9)).astype(np.float32)
    theirs = ours.copy()
    for fill, out in ((features.fill, ours), (fill_by_numpy, theirs)):
        fill(candidates, at, ideal, (7, 8), out)
    np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-6)


@compiled
def test_candidates_that_are_not_there_are_refused() -> None:
    for place in (-1, 3):
        with pytest.raises(KernelError):
            features.fill(
                random_candidates(3), np.array([place]), 1.0, (7, 8), np.zeros((1, 9), np.float32)
            )


@compiled
@settings(max_examples=60, deadline=None)
@given(
    *(st.lists(st.integers(0, 29), max_size=20, unique=True) for _ in range(2)),
    *(st.booleans() for _ in range(2)),
)
def test_legs_are_united_alike(
    words: list[int], near: list[int], with_scores: bool, with_query: bool
) -> None:
    draw = np.random.default_rng(5)
    matrix = draw.standard_normal((30, 8)).astype(np.float16)
    query = draw.standard_normal(8).astype(np.float32) if with_query else None
    scores = draw.random(30).astype(np.float32) if with_scores else None
    legs = [np.array(words * with_scores, np.int32), np.array(near * with_query, np.int32)]
    indexes = [VectorIndex(matrix, np.zeros((30, 16), np.uint8)) for _ in range(2)]
    known = np.zeros(0, np.float32) if query is None else indexes[0].cosines(query, legs[1])
    indexes[1]._rows = None
    ours, theirs = (index.union(query, scores, legs[0], (legs[1], known)) for index in indexes)
    for one, other in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-6)
        assert one.dtype == other.dtype


@compiled
def test_legs_of_rows_that_are_not_there_are_refused() -> None:
    rows, query = vectors.HalfRows(np.ones((3, 4), np.float16)), np.ones(4, np.float32)
    nothing = np.zeros(0, np.int32), np.zeros(0, np.float32)
    for row in (-1, 3):
        with pytest.raises(KernelError):
            rows.union(query, np.ones(3, np.float32), np.array([row], np.int32), nothing)
    with pytest.raises(KernelError):
        rows.union(query, np.ones(2, np.float32), *nothing[:1], nothing)
