"""The kernel chooses the sentence that numpy chooses."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiaowen_models import kernels
from tiaowen_models.kernels import KernelError
from tiaowen_models.kernels.choice import chosen
from tiaowen_models.kernels.wording import CompiledWording
from tiaowen_models.loading import load_embedder
from tiaowen_models.passage_choice import NAMES, placed, weighed
from tiaowen_models.protocols import ClauseText, QueryAnalysis
from tiaowen_models.ranking_loading import load_reader
from tiaowen_models.ranking_query import asked
from tiaowen_models.reading import Part, offsets_of
from tiaowen_models.wording import WORDING, Sentences

compiled = pytest.mark.skipif(
    kernels.LIBRARY is None, reason="no library: install with a C compiler at hand"
)
sizes = st.lists(st.integers(1, 12), min_size=1, max_size=6)


def measured(counts: list[int], rows: np.ndarray) -> Sentences:
    spans = np.zeros((len(rows), 2), np.int32)
    return Sentences(np.asarray(rows, np.float32), spans, offsets_of(counts))


@compiled
@settings(max_examples=120, deadline=None)
@given(sizes, st.integers(0, 2**32 - 1), st.booleans())
def test_the_sentence_of_most_weight(counts: list[int], seed: int, alike: bool) -> None:
    draw = np.random.default_rng(seed)
    rows = draw.random((sum(counts), len(WORDING)))
    if alike:  # sentences that come as near as one another
        rows[:, :] = rows[0]
    found = measured(counts, rows)
    weights = draw.standard_normal(len(NAMES)).astype(np.float32)
    scores = placed(found).rows @ weights
    ours = chosen(found, weights)
    np.testing.assert_allclose(scores[ours], scores[weighed(found, weights)], atol=1e-4)
    for at, (first, last) in zip(ours.tolist(), pairwise(found.first.tolist()), strict=True):
        assert first <= at < last


@compiled
def test_of_equals_the_earlier() -> None:
    found = measured([3, 1, 4], np.ones((8, len(WORDING))))
    weights = np.zeros(len(NAMES), np.float32)
    assert chosen(found, weights).tolist() == weighed(found, weights) == [0, 3, 4]


@compiled
def test_what_stands_before_a_sentence_counts() -> None:
    held = WORDING.index("terms held")
    rows = np.zeros((3, len(WORDING)))
    rows[1, held] = 1.0
    weights = np.zeros(len(NAMES), np.float32)
    weights[NAMES.index("terms held before")] = 1.0
    found = measured([3], rows)
    assert chosen(found, weights).tolist() == weighed(found, weights) == [2]


@compiled
@pytest.mark.parametrize("value", [0, 99])
def test_sentences_out_of_their_array_are_refused(value: int) -> None:
    reader = load_reader(load_embedder())
    assert reader is not None
    body = "教师每学期听课两次。家长开放周。"
    reading = reader.read([ClauseText("d/1", "d", "制度", "clause", (), body, body, body)] * 3)
    spoilt = reading.sentences.copy()
    spoilt[2] = value
    parts = [Part(replace(reading, sentences=spoilt), np.arange(3), np.arange(3))]
    analysis = QueryAnalysis("听课", "听课", "zh", "simplified", ("听课",), ())
    query = asked(analysis, {})
    wording = CompiledWording(analysis, query, reader.meaning(query.terms, "听课"), parts)
    assert len(wording.sentences([0]).rows) == 2
    with pytest.raises(KernelError):
        wording.sentences([1])
