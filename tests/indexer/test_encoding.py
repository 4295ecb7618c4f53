"""Clauses are encoded by the words that were cut for reading as they are by their texts."""

from __future__ import annotations

import numpy as np
from tiaowen_corpus.types import Clause, Span
from tiaowen_indexer.encoding import encoder
from tiaowen_indexer.searched import embedded_text
from tiaowen_indexer.store import Repaired, StoredClause
from tiaowen_models.loading import load_embedder
from tiaowen_models.ranking_loading import load_reader

CLAUSES = (
    ("教師每學期聽課不少于10節。Open Week！", ("总则", "第二章 听课"), ()),
    ("第二章 听课", ("总则", "第二章 听课"), ()),
    ("发展听课活动；做好记录。", (), (Repaired(0, 2, "发展", "开展", "wording"),)),
    ("三次听课。", ("听课",), (Repaired(0, 2, "三次", "三至五次", "gap"),)),
    ("教师听课一百二十三次12.5%" * 30, ("一", "二", "三"), ()),
    ("", ("听课",), ()),
    ("。！", (), ()),
)


def _stored(
    row: int, text: str, headings: tuple[str, ...], fixes: tuple[Repaired, ...]
) -> StoredClause:
    span = Span(0, len(text))
    clause = Clause(f"d/{row}", "d", "", (), "", headings, "clause", span, span, "")
    return StoredClause(row, 0, clause, text, fixes)


def test_words_that_are_cut_already_give_the_same_vectors() -> None:
    clauses = [_stored(row, *each) for row, each in enumerate(CLAUSES)]
    embedder = load_embedder()
    reader = load_reader(embedder)
    assert reader is not None
    encode = encoder(embedder, clauses, reader.cut([stored.legible for stored in clauses]))
    assert encode is not None
    expected = embedder.encode_clauses([embedded_text(stored) for stored in clauses])
    assert np.array_equal(encode(list(range(len(clauses)))), expected)
    assert np.array_equal(encode([4, 2]), expected[[4, 2]])


def test_an_embedder_that_reads_texts_is_left_to_read_them() -> None:
    assert encoder(load_embedder(), [], None) is None
