"""What matched is found alike in the texts and where the index has read them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiaowen_corpus.types import Clause, Span
from tiaowen_indexer.searched import clause_text
from tiaowen_indexer.store import Repaired, StoredClause
from tiaowen_models import kernels
from tiaowen_models.kernels import KernelError
from tiaowen_models.loading import load_embedder
from tiaowen_models.packed_texts import PackedTexts
from tiaowen_models.protocols import QueryTerm
from tiaowen_models.ranking_loading import load_reader
from tiaowen_models.reader import Reader
from tiaowen_models.reading import Part
from tiaowen_service.passage import highlights, looked_through

compiled = pytest.mark.skipif(
    kernels.LIBRARY is None, reason="no library: install with a C compiler at hand"
)
PIECES = [*"教師师學学听聽课 ＡA1。；", "教学", "学教学", "𠮷", "\ud800"]
texts = st.lists(st.sampled_from(PIECES), max_size=30).map("".join)
terms = st.lists(
    st.builds(
        QueryTerm,
        st.sampled_from(
            ["教", "师", "教学", "学教", "教学教", "听课", "a1", "𠮷教", "\ud800", "。"]
        ),
        st.just("教"),
        st.just(1.0),
        st.sampled_from(["word", "part", "synonym", "translation"]),
    ),
    max_size=6,
)


@pytest.fixture(scope="module")
def reader() -> Reader:
    found = load_reader(load_embedder())
    assert found is not None
    return found


def stored(row: int, text: str, *, mended: bool) -> StoredClause:
    clause = Clause(
        f"d/{row}", "d", "", (), "", (), "clause", Span(0, len(text)), Span(0, len(text)), ""
    )
    repairs = (Repaired(0, 1, text[0], "教", "damaged"),) if mended and text else ()
    return StoredClause(row, 0, clause, text, repairs)


def part_of(reader: Reader, clauses: list[StoredClause], at: list[int]) -> Part:
    reading = reader.read([clause_text(clauses[number], "制度") for number in at])
    return Part(reading, np.arange(len(at)), np.array(at))


@compiled
@settings(max_examples=120, deadline=None)
@given(st.lists(st.tuples(texts, st.booleans()), min_size=1, max_size=5), terms, st.integers(0, 5))
def test_marks_are_found_alike(
    reader: Reader, bodies: list[tuple[str, bool]], asked: list[QueryTerm], cut: int
) -> None:
    clauses = [stored(row, body, mended=mended) for row, (body, mended) in enumerate(bodies)]
    order = [*range(len(clauses))]
    parts = [part_of(reader, clauses, at) for at in (order[cut:], order[:cut]) if at]
    assert highlights(clauses, asked, parts) == looked_through(clauses, asked)


@compiled
def test_there_may_be_many_marks(reader: Reader) -> None:
    clauses = [stored(row, "教" * 500, mended=False) for row in range(2)]
    asked = [QueryTerm("教", "教", 1.0, "synonym")]
    found = highlights(clauses, asked, [part_of(reader, clauses, [0, 1])])
    marks = [{"start": at, "end": at + 1, "match": "meaning"} for at in range(500)]
    assert found == [marks, marks]


def test_marks_that_overlap_are_one() -> None:
    asked = [QueryTerm("教学", "教学", 1.0, "word"), QueryTerm("学校", "教学", 0.4, "synonym")]
    [found] = looked_through([stored(0, "教學校的学校学校", mended=False)], asked)
    places = [tuple(mark.values()) for mark in found]
    assert places == [(0, 3, "word"), (4, 6, "meaning"), (6, 8, "meaning")]


@compiled
@pytest.mark.parametrize("value", [-1, 10**9])
def test_texts_out_of_their_array_are_refused(reader: Reader, value: int) -> None:
    clauses = [stored(row, "教师听课。", mended=False) for row in range(2)]
    part = part_of(reader, clauses, [0, 1])
    spoilt = PackedTexts(part.reading.texts.data, part.reading.texts.at.copy())
    spoilt.at[1] = value
    asked = [QueryTerm("教", "教", 1.0, "word")]
    with pytest.raises(KernelError):
        highlights(clauses, asked, [replace(part, reading=replace(part.reading, texts=spoilt))])
    with pytest.raises(KernelError):
        highlights(clauses, asked, [replace(part, rows=np.array([0, 2]))])
