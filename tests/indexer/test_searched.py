"""What is searched of clauses: terms of what stands there and of what it stands for, vectors."""

from __future__ import annotations

import numpy as np
from tiaowen_corpus.types import Clause, Span
from tiaowen_evaluation.beir import plain_document
from tiaowen_indexer.encoding import encoder
from tiaowen_indexer.searched import embedded_text, search_fields
from tiaowen_indexer.store import Repaired, StoredClause
from tiaowen_indexer.terms import SearchTerms
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


def test_terms_of_repairs_stand_beside_those_of_the_damage() -> None:
    text, fixes = "发展听课，听课发展，听课", (Repaired(0, 2, "发展", "开展听课", "wording"),)
    stored = _stored(0, text, ("一、听课", text), fixes)
    document = plain_document("d", "听课制度", text, kind="方案")
    counted = search_fields([document], [stored], SearchTerms())
    body, context = (
        dict(zip(counted.terms, field.toarray()[0].tolist(), strict=True))
        for field in (counted.fields["body"], counted.fields["context"])
    )
    assert {term: n for term, n in body.items() if n} == {"发展": 2, "听课": 4, "开展": 1}
    assert context["听课"] == 5, "once each in title and heading, three times in the clause as one"
    assert context["制度"] == 1
    assert not context["开展"]


def test_an_embedder_that_reads_texts_is_left_to_read_them() -> None:
    assert encoder(load_embedder(), [], None) is None
