"""What is searched of a clause: its terms by field, what is embedded and what ranking reads."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from tiaowen_corpus.script import fold_all
from tiaowen_corpus.types import Document
from tiaowen_models.bags import Words
from tiaowen_models.cut import Cut
from tiaowen_models.protocols import ClauseText
from tiaowen_models.reader import context_of

from tiaowen_indexer.counted import Counted, Counting
from tiaowen_indexer.store import StoredClause
from tiaowen_indexer.terms import SearchTerms


def embedded_text(stored: StoredClause) -> str:
    """Return what is embedded of a clause: its nearest headings and its repaired wording."""
    return "\n".join([*_nearest(stored), stored.searchable])


def embedded_words(clauses: Sequence[StoredClause], cut: Cut) -> Words:
    """Return the words of what is embedded; ``cut`` are the legible texts of the clauses."""
    headings, rows = _different(["\n".join(_nearest(stored)) for stored in clauses])
    repaired = [row for row, stored in enumerate(clauses) if stored.repairs]
    texts = fold_all([clauses[row].searchable for row in repaired])
    bodies = cut.whole().replaced(np.array(repaired, np.int64), cut.words_of(texts))
    return cut.words_of(fold_all(headings)).take(rows).before(bodies)


def _nearest(stored: StoredClause) -> list[str]:
    return [heading for heading in stored.clause.headings[-2:] if heading != stored.text]


def clause_text(stored: StoredClause, title: str) -> ClauseText:
    """Return what ranking models read of a clause."""
    clause = stored.clause
    return ClauseText(
        clause_id=clause.clause_id,
        doc_id=clause.doc_id,
        title=title,
        kind=clause.kind,
        headings=clause.headings,
        body=stored.text,
        searchable=stored.searchable,
        legible=stored.legible,
    )


def search_fields(
    documents: Sequence[Document], clauses: Sequence[StoredClause], terms: SearchTerms
) -> Counted:
    """Return the terms of every clause by field; repaired terms stand beside the damaged ones."""
    counting = Counting(terms)
    body = counting.terms([stored.text for stored in clauses])
    repaired = counting.terms([stored.searchable if stored.repairs else "" for stored in clauses])
    context = _context(documents, clauses, counting)
    found, mended = counting.matrix(body), counting.matrix(repaired)
    return Counted(
        counting.vocabulary,
        {
            "body": found.maximum(mended) if mended.nnz else found,
            "context": counting.matrix(context),
        },
    )


def _context(
    documents: Sequence[Document], clauses: Sequence[StoredClause], counting: Counting
) -> Words:
    """Return the terms of what stands over each clause; many stand under the same."""
    over = [
        context_of(documents[stored.document].title, stored.clause.headings, stored.clause.kind)
        for stored in clauses
    ]
    different, rows = _different(over)
    return counting.terms(different).take(rows)


def _different(texts: Sequence[str]) -> tuple[list[str], NDArray[np.int64]]:
    """Return the different texts in order and, of every text, which of them it is."""
    numbers = {text: number for number, text in enumerate(dict.fromkeys(texts))}
    return [*numbers], np.fromiter(map(numbers.__getitem__, texts), np.int64, len(texts))
