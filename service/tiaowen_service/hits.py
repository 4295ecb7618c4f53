"""A hit as DESIGN gives it, ready for JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from tiaowen_corpus.types import Span
from tiaowen_indexer.store import StoredClause
from tiaowen_models.protocols import Candidates, Floats, QueryAnalysis, Ranking

from tiaowen_service.catalogue import Entry
from tiaowen_service.citation import citation
from tiaowen_service.passage import Mark

CONTEXT = 32  # characters on either side of an anchor (W3C text quote selector)
MOST_DUPLICATES = 50  # ids listed; the count is of all


@dataclass(frozen=True, slots=True)
class Shown:
    """Where and how a clause is shown.

    ``passage`` is the sentence that answers, ``marks`` what matched in its text, ``legs`` its
    ranks and scores, ``shares`` what its score is made of, None where that is not asked.
    """

    rank: int
    score: float
    entry: Entry
    passage: Span
    marks: list[Mark]
    legs: dict[str, Any]
    duplicates: list[str]
    shares: dict[str, float] | None


def analysis_of(analysis: QueryAnalysis) -> dict[str, Any]:
    """Return what is told of the analysis."""
    return {
        "language": analysis.language,
        "script": analysis.script,
        "words": list(analysis.words),
        "phrases": list(analysis.phrases),
        "numbers": list(analysis.numbers),
        "asks": list(analysis.asks),
        "expansions": [
            {"term": term.text, "for": term.source, "origin": term.origin}
            for term in analysis.terms
            if term.origin in {"synonym", "translation"}
        ],
        "notes": list(analysis.notes),
    }


def clause_of(stored: StoredClause, entry: Entry) -> dict[str, Any]:
    """Return what is told of a clause wherever it appears."""
    clause = stored.clause
    return {
        "clause_id": clause.clause_id,
        "doc_id": clause.doc_id,
        "title": entry.title,
        "kind": entry.kind,
        "label": clause.label,
        "path": list(clause.path),
        "heading_path": list(clause.headings),
        "text": stored.text,
        "metadata": entry.metadata | {"clause_kind": clause.kind, "modality": stored.modalities},
        "repairs": [
            {
                "start": repair.start,
                "end": repair.end,
                "text": repair.text,
                "replacement": repair.replacement,
                "reason": repair.reason,
            }
            for repair in stored.repairs
        ],
        "citation": citation(
            title=entry.title,
            issuer=entry.issuer,
            doc_number=entry.doc_number,
            issued=entry.issued,
            path=clause.path,
        ),
    }


def hit_of(stored: StoredClause, shown: Shown) -> dict[str, Any]:
    """Return one hit. Offsets of passage, highlights and repairs lie in ``text``, those of the
    anchor in the document's text.
    """
    text, passage = stored.text, shown.passage
    answer = passage.of(text)
    hit = {
        "rank": shown.rank,
        "score": round(shown.score, 6),
        **clause_of(stored, shown.entry),
        "passage": {"text": answer, "start": passage.start, "end": passage.end},
        "highlights": [
            {"start": start, "end": end, "match": match} for start, end, match in shown.marks
        ],
        "anchor": {
            "exact": answer,
            "prefix": text[max(0, passage.start - CONTEXT) : passage.start],
            "suffix": text[passage.end : passage.end + CONTEXT],
            "start": stored.clause.body.start + passage.start,
            "end": stored.clause.body.start + passage.end,
        },
        "legs": shown.legs,
        "duplicates": {
            "count": len(shown.duplicates),
            "clause_ids": shown.duplicates[:MOST_DUPLICATES],
        },
    }
    if shown.shares is not None:
        hit["explain"] = shown.shares
    return hit


def legs_of(
    page: Sequence[int], analysis: QueryAnalysis, candidates: Candidates, added: Floats
) -> list[dict[str, Any]]:
    """Return rank and score in either leg of the candidates at ``page``.

    ``added`` float32 ``[n_terms, n]``: what each term of the query adds to their BM25 scores.
    """
    at = np.asarray(page, np.int64)
    ranks, scores = candidates.bm25_rank[at].tolist(), candidates.bm25[at].tolist()
    nearness, cosines = candidates.vector_rank[at].tolist(), candidates.vector[at].tolist()
    weighed = [(term.text, term.weight) for term in analysis.terms]
    legs: list[dict[str, Any]] = []
    for number, values in enumerate(added.T.tolist()):
        bm25 = {
            "rank": ranks[number],
            "score": round(scores[number], 4),
            "terms": {
                text: round(weight * value, 4)
                for (text, weight), value in zip(weighed, values, strict=True)
                if value > 0
            },
        }
        vector = {"rank": nearness[number], "score": round(cosines[number], 4)}
        legs.append(
            {
                "bm25": bm25 if ranks[number] else None,
                "vector": vector if nearness[number] else None,
            }
        )
    return legs


def shares_of(ranking: Ranking, at: int) -> dict[str, float]:
    """Return what each measurement adds to the score of the candidate at ``at``."""
    return {name: round(float(share[at]), 6) for name, share in ranking.shares.items()}
