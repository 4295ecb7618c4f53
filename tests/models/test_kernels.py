"""The compiled kernels compute what numpy computes, and refuse arrays that cannot be."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiaowen_models import kernels
from tiaowen_models.kernels import KernelError, build
from tiaowen_models.kernels.wording import CompiledWording
from tiaowen_models.loading import load_embedder
from tiaowen_models.protocols import ClauseText, QueryAnalysis, QueryTerm
from tiaowen_models.ranking_loading import load_reader
from tiaowen_models.ranking_query import asked
from tiaowen_models.reader import Reader
from tiaowen_models.reading import Part, Reading
from tiaowen_models.static import StaticEmbedder
from tiaowen_models.wording import WORDING, Matrix, Wording
from tiaowen_models.wording_reference import ReferenceWording

compiled = pytest.mark.skipif(
    kernels.LIBRARY is None, reason="no library: install with a C compiler at hand"
)
PIECES = [*"教师家长听课次每学期两10%校a 。；,\n", "教学开放周", "不少于", "𠮷", "\ud800"]
texts = st.lists(st.sampled_from(PIECES), max_size=60).map("".join)
words = st.lists(st.sampled_from(PIECES[:14] + PIECES[-4:]), min_size=1, max_size=3).map("".join)
ASKS = ("who", "how_often", "whether", "penalty")


@pytest.fixture(scope="module")
def reader() -> Reader:
    found = load_reader(load_embedder())
    assert found is not None
    return found


@st.composite
def analyses(draw: st.DrawFn) -> QueryAnalysis:
    sources = draw(st.lists(words, max_size=4, unique=True))
    terms = [QueryTerm(source, source, 1.0, "word") for source in sources]
    for source in sources:
        for other in draw(st.lists(words, max_size=2, unique=True)):
            terms.append(QueryTerm(other, source, 0.4, "synonym"))
    query = draw(texts)
    return QueryAnalysis(
        query=query,
        folded=query,
        language="zh",
        script="simplified",
        words=tuple(sources),
        terms=tuple(terms),
        numbers=tuple(draw(st.lists(st.sampled_from(["2次", "10%"]), max_size=2, unique=True))),
        asks=tuple(draw(st.lists(st.sampled_from(ASKS), max_size=3, unique=True))),
    )


def clause(number: int, body: str, title: str, kind: str) -> ClauseText:
    return ClauseText(f"d/{number}", "d", title, kind, ("一、听课",), body, body, body)


clauses = st.lists(
    st.tuples(
        texts,
        st.sampled_from(["听课制度", "", "家长开放周"]),
        st.sampled_from(["clause", "heading"]),
    ),
    min_size=1,
    max_size=6,
)


def parts_of(readings: list[Reading], order: list[int]) -> list[Part]:
    """The clauses of all readings, those of each where ``order`` puts them."""
    whose = np.array([n for n, reading in enumerate(readings) for _ in range(len(reading))])[order]
    rows = np.concatenate([np.arange(len(reading)) for reading in readings])[order]
    return [
        Part(readings[n], rows[whose == n], np.flatnonzero(whose == n)) for n in np.unique(whose)
    ]


def clauses_by(wording: Wording, count: int) -> Matrix:
    """What is measured of the clauses, written between columns that stay."""
    found = np.zeros((count, len(WORDING) + 2), np.float32)
    wording.clauses(found[:, 1:-1])
    assert not found[:, [0, -1]].any()
    return found[:, 1:-1]


@compiled
@settings(max_examples=120, deadline=None)
@given(analyses(), st.lists(clauses, min_size=1, max_size=2), st.data())
def test_wording_is_measured_alike(
    reader: Reader,
    analysis: QueryAnalysis,
    packs: list[list[tuple[str, str, str]]],
    data: st.DataObject,
) -> None:
    readings = [reader.read([clause(n, *each) for n, each in enumerate(pack)]) for pack in packs]
    total = sum(map(len, readings))
    parts = parts_of(readings, data.draw(st.permutations(range(total))))
    query = asked(analysis, {term.text: 2.5 for term in analysis.terms[::2]})
    meaning = reader.meaning(query.terms, analysis.folded)
    both: list[Wording] = [
        kind(analysis, query, meaning, parts) for kind in (CompiledWording, ReferenceWording)
    ]
    ours, theirs = (clauses_by(each, total) for each in both)
    np.testing.assert_allclose(ours, theirs, atol=2e-4)
    numbers = data.draw(st.lists(st.integers(0, total - 1), min_size=1, max_size=4, unique=True))
    for pieces in (False, True):
        ours, theirs = (each.sentences(numbers, pieces=pieces) for each in both)
        assert (ours.first == theirs.first).all()
        assert (ours.spans == theirs.spans).all()
        np.testing.assert_allclose(ours.rows, theirs.rows, atol=2e-4)


@compiled
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("words", 10**6),
        ("words", -1),
        ("around", 10**6),
        ("context", 99),
        ("spans", -5),
        ("sentences", 10**9),
        ("words_at", 10**12),
        ("words_at", -3),
        ("around_at", 10**12),
    ],
)
def test_offsets_that_lead_nowhere_are_refused(reader: Reader, name: str, value: int) -> None:
    reading = reader.read(
        [clause(n, "教师每学期听课两次。家长开放周。", "制度", "clause") for n in range(3)]
    )
    spoilt = getattr(reading, name).copy()
    spoilt.reshape(-1)[1:] = value
    parts = [Part(replace(reading, **{name: spoilt}), np.arange(3), np.arange(3))]
    analysis = QueryAnalysis("听课", "听课", "zh", "simplified", ("听课",), ())
    query = asked(analysis, {})
    with pytest.raises(KernelError):
        measured = CompiledWording(analysis, query, reader.meaning(query.terms, "听课"), parts)
        clauses_by(measured, len(parts[0].rows))


@compiled
def test_arrays_of_other_heights_are_refused(reader: Reader) -> None:
    reading = reader.read([clause(0, "教师听课。", "制度", "clause")])
    parts = [Part(replace(reading, norms=reading.norms[:0]), np.arange(1), np.arange(1))]
    analysis = QueryAnalysis("听课", "听课", "zh", "simplified", ("听课",), ())
    query = asked(analysis, {})
    with pytest.raises(KernelError):
        measured = CompiledWording(analysis, query, reader.meaning(query.terms, "听课"), parts)
        clauses_by(measured, len(parts[0].rows))


@compiled
def test_words_asked_have_the_vectors_of_words_indexed() -> None:
    embedder = load_embedder()
    assert isinstance(embedder, StaticEmbedder)
    asked_for = ["教学开放周", "听课", "10%", "teacher", "\0"]
    ours, theirs = (
        vectors(asked_for, "query") for vectors in (embedder._few_vectors, embedder._token_vectors)
    )
    np.testing.assert_allclose(ours, theirs, atol=1e-4)


def test_without_a_compiler_nothing_is_built(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for source in Path(build.__file__).parent.glob("*.[ch]"):
        shutil.copy(source, tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CC", raising=False)
    assert build.build(tmp_path) is None
    monkeypatch.setenv("CC", "/bin/false")
    assert build.build(tmp_path) is None
    assert not list(tmp_path.glob("*.so"))


def test_another_source_is_another_library(tmp_path: Path) -> None:
    (tmp_path / "kernels.c").write_text("int tiaowen;", "utf-8")
    before = build.library_path(tmp_path)
    (tmp_path / "kernels.c").write_text("int tiaowens;", "utf-8")
    assert build.library_path(tmp_path) != before


def test_numpy_serves_where_kernels_are_off() -> None:
    code = "from tiaowen_models import kernels; print(kernels.LIBRARY)"
    environment = os.environ | {kernels.VARIABLE: "off"}
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment
    )
    assert run.stdout.strip() == "None"
