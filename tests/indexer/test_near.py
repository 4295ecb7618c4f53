"""Shingles, their minima, and the groups of near copies that they find."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiaowen_corpus.script import fold
from tiaowen_indexer.near import grouped, near_groups
from tiaowen_indexer.shingles import HASHES, NOTHING, SHINGLE, SHORTEST, jaccards, minima_of

TEXTS = st.lists(st.text(alphabet="教师每学期聽課不少于，。 2次_ab", max_size=40) | st.text())
ONE = "每学期至少召开家长会2次,由班主任主持并做好记录。"
COPY = "每學期至少召開家長會2次，由班主任主持並做好記錄！"
OTHER = "完全不同的另一条,说的是校园卫生和垃圾分类工作。"


def test_near_copies_are_grouped_whatever_their_script_and_figures() -> None:
    assert near_groups([ONE, OTHER, COPY, "短句", "短句"]).tolist() == [0, 1, 0, 3, 4]


def test_groups_are_named_by_their_first_row_and_kept_to_the_rows_asked_for() -> None:
    texts = [OTHER, ONE, COPY, ONE + "并归档", OTHER]
    minima = minima_of(texts)
    assert grouped(minima, texts.__getitem__).tolist() == [0, 1, 1, 1, 0]
    rows = np.array([1, 2, 3])
    assert grouped(minima, texts.__getitem__, rows=rows).tolist() == [0, 1, 1, 1, 4]


@settings(deadline=None)
@given(TEXTS)
def test_minima_do_not_depend_on_the_texts_beside(texts: list[str]) -> None:
    together = minima_of(texts)
    assert together.shape == (len(texts), HASHES)
    for text, row in zip(texts, together, strict=True):
        assert row.tolist() == minima_of([text])[0].tolist()
        assert (row == NOTHING).all() == (len(_grams(text)) == 0)


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from([ONE, COPY, OTHER]), st.text(max_size=20)), min_size=1))
def test_overlap_is_that_of_the_sets(parts: list[tuple[str, str]]) -> None:
    texts = [known + added for known, added in parts]
    pairs = [(one, other) for one in range(len(texts)) for other in range(one)]
    if pairs:
        expected = [_overlap(texts[one], texts[other]) for one, other in pairs]
        assert jaccards(texts, np.array(pairs)).tolist() == pytest.approx(expected)


def test_more_copies_than_are_compared_at_once_make_one_group() -> None:
    assert near_groups([ONE, OTHER] * 600).tolist() == [0, 1] * 600


def _grams(text: str) -> set[str]:
    wording = "".join(each for each in fold(text) if each.isalnum())
    if len(wording) < SHORTEST:
        return set()
    return {wording[at : at + SHINGLE] for at in range(len(wording) - SHINGLE + 1)}


def _overlap(one: str, other: str) -> float:
    return len(_grams(one) & _grams(other)) / len(_grams(one) | _grams(other))
