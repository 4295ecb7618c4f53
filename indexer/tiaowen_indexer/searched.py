"""What is searched of a clause: its terms by field, what is embedded and what ranking reads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from tiaowen_corpus.types import Document
from tiaowen_models.protocols import ClauseText
from tiaowen_models.reader import headings_above

from tiaowen_indexer.store import StoredClause
from tiaowen_indexer.terms import SearchTerms


def embedded_text(stored: StoredClause) -> str:
    """Return what is embedded of a clause: its nearest headings and its repaired wording."""
    headings = [heading for heading in stored.clause.headings[-2:] if heading != stored.text]
    return "\n".join([*headings, stored.searchable])


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
) -> dict[str, list[list[str]]]:
    """Return the terms of every clause by field; repaired terms stand beside the damaged ones."""
    titles = [terms.of(document.title) for document in documents]
    of_headings = lru_cache(maxsize=1 << 10)(lambda headings: terms.of("\n".join(headings)))
    context, body = [], []
    for stored in clauses:
        above = headings_above(stored.clause.headings, stored.clause.kind)
        context.append(titles[stored.document] + of_headings(above))
        body.append(_with_repairs(stored, terms))
    return {"body": body, "context": context}


def _with_repairs(stored: StoredClause, terms: SearchTerms) -> list[str]:
    found = terms.of(stored.text)
    if stored.repairs:
        added = Counter(terms.of(stored.searchable)) - Counter(found)
        found += added.elements()
    return found
