"""One document against the rest: its key terms, its skeleton, what it shares with others."""

from __future__ import annotations

from typing import Any

import numpy as np
from tiaowen_indexer.store import StoredClause

from tiaowen_service.drafting.align import longest_run
from tiaowen_service.drafting.outlines import missing, sections, skeleton
from tiaowen_service.drafting.precedents import COPIED
from tiaowen_service.drafting.terms import counts_of, key_terms
from tiaowen_service.drafting.workshop import Workshop

NEAREST = 8  # clauses of other documents that a clause is aligned with
MOST_SHARED = 50


def profile(workshop: Workshop, doc_id: str) -> dict[str, Any]:
    """Return key terms, sections, usual sections that lack, reuse. Raises KeyError."""
    catalogue = workshop.searcher.catalogue
    row = catalogue.rows[doc_id]
    entry = catalogue.entries[row]
    own = workshop.clauses[entry.first : entry.first + entry.clauses]
    headings = sections(workshop, doc_id)
    usual = skeleton(workshop, entry.kind)
    norms = [norm for norm in workshop.norms if norm.doc_id == doc_id]
    shared = _shared(workshop, own, row)
    return {
        "doc_id": doc_id,
        "title": entry.title,
        "kind": entry.kind,
        "clauses": entry.clauses,
        "characters": sum(len(stored.text) for stored in own),
        "requirements": len(norms),
        "key_terms": key_terms(counts_of(workshop, own), workshop.word_counts),
        "sections": [
            {"section": one.name, "heading": one.heading, "clause_id": one.clause_id}
            for one in headings
        ],
        "missing_sections": missing(usual, [one.heading for one in headings]),
        "reuse": {
            "clauses": len({one["clause_id"] for one in shared}),
            "documents": sorted({one["source"]["doc_id"] for one in shared}),
            "runs": shared[:MOST_SHARED],
        },
        "index_version": workshop.searcher.version,
    }


def _shared(workshop: Workshop, own: tuple[StoredClause, ...], document: int) -> list[Any]:
    """Return runs that stand word for word in other documents too, longest first."""
    snapshot = workshop.searcher.snapshot
    elsewhere = snapshot.columns.document != document
    found = []
    for stored in own:
        query = np.asarray(snapshot.vectors.stored[stored.row], np.float32)
        rows, _ = snapshot.vectors.search(query, NEAREST, mask=elsewhere)
        best: tuple[int, str, StoredClause] | None = None
        for other in workshop.searcher.clauses(rows):
            length, start, end = longest_run(stored.text, other.text)
            if length >= COPIED and (best is None or length > best[0]):
                best = (length, stored.text[start:end], other)
        if best is not None:
            length, text, other = best
            found.append(
                {
                    "clause_id": stored.clause.clause_id,
                    "characters": length,
                    "text": text,
                    "source": {"doc_id": other.clause.doc_id, "clause_id": other.clause.clause_id},
                }
            )
    return sorted(found, key=lambda one: (-int(str(one["characters"])), str(one["clause_id"])))
