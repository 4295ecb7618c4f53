"""Clauses read one by one, together, or taken out of many are read the same."""

from __future__ import annotations

import numpy as np
import pytest
from tiaowen_models.loading import load_embedder
from tiaowen_models.protocols import ClauseText
from tiaowen_models.ranking_loading import load_reader
from tiaowen_models.reader import Reader
from tiaowen_models.reading import Joined, Reading, joined

WORDED = (
    ("教师每学期听课不少于10节。校长不少于20节；教务主任不少于15节。", "听课制度", ("要求",)),
    ("家长可以进課堂聽課。听课后填写意见表。", "开放周方案", ()),
    ("严禁体罚学生。", "规定", ("三、安全",)),
    ("", "听课制度", ("要求",)),
)


@pytest.fixture(scope="module")
def reader() -> Reader:
    found = load_reader(load_embedder())
    assert found is not None
    return found


@pytest.fixture(scope="module")
def texts() -> list[ClauseText]:
    return [
        ClauseText(f"d/{n}", "d", title, "clause", headings, *[text] * 3)
        for n, (text, title, headings) in enumerate(WORDED)
    ]


def _described(reading: Reading) -> list[tuple[object, ...]]:
    """What a reading says of each clause, whatever the numbers of its words."""
    vectors = reading.units * (reading.scales * reading.lengths)[:, None]
    clauses: list[tuple[object, ...]] = []
    for row in range(len(reading)):
        sentences = range(reading.sentences[row], reading.sentences[row + 1])
        context = reading.context[row]
        above = reading.around[reading.around_at[context] : reading.around_at[context + 1]]
        clauses.append(
            (
                reading.texts[row],
                reading.contexts[context],
                reading.spans[sentences].tolist(),
                [_summed(reading, vectors, sentence) for sentence in sentences],
                np.round(vectors[above].sum(axis=0), 3).tolist(),
            )
        )
    return clauses


def _summed(reading: Reading, vectors: np.ndarray, sentence: int) -> list[float]:
    inside = slice(reading.words_at[sentence], reading.words_at[sentence + 1])
    counts = np.sqrt(reading.counts[inside].astype(np.float32))
    vector = counts @ vectors[reading.words[inside]]
    assert np.linalg.norm(vector) == pytest.approx(reading.norms[sentence], abs=1e-3)
    return np.round(vector, 3).tolist()  # type: ignore[no-any-return]


def test_taken_joined_and_read_alone_are_the_same(reader: Reader, texts: list[ClauseText]) -> None:
    together = _described(reader.read(texts))
    alone = [_described(reader.read([text]))[0] for text in texts]
    parts = joined([reader.read(texts[:2]), reader.read(texts[2:])])
    rows = np.array([2, 0, 3])
    assert together == alone == _described(parts)
    assert [together[row] for row in rows] == _described(parts.take(rows))
    assert len(parts.take(rows).units) < len(parts.units), "words of others are left behind"


def test_every_clause_has_a_sentence(reader: Reader, texts: list[ClauseText]) -> None:
    reading = reader.read(texts)
    assert (np.diff(reading.sentences) == [3, 2, 1, 1]).all()
    assert (np.diff(reading.words_at) >= 1).all()
    assert reading.spans[-1].tolist() == [0, 0]
    assert reading.norms[-1] == 0.0


def test_places_are_told_by_sentence() -> None:
    text = Joined.of(["一二三四", "五六"], np.array([(0, 2), (2, 4), (0, 2)]), np.array([0, 2, 3]))
    assert text.holding([1], 1).tolist() == [True, False, False]
    assert text.holding([1], 2).tolist() == [False, False, False], "half in the next sentence"
    assert text.text.index("五") > 5
    assert text.holding([4, 5]).tolist() == [False] * 3, "between the texts"
    assert text.holding([text.text.index("六")]).tolist() == [False, False, True]
    assert not text.holding([]).any()
