"""A hit as DESIGN gives it, ready for JSON."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tiaowen_corpus.types import Span
from tiaowen_indexer.store import StoredClause
from tiaowen_models.protocols import Candidates, Floats, QueryAnalysis, Ranking

from tiaowen_service.catalogue import Entry
from tiaowen_service.citation import citation
from tiaowen_service.passage import Match, highlights

CONTEXT = 32  # characters on either side of an anchor (W3C text quote selector)
MOST_DUPLICATES = 50  # ids listed; the count is of all


Meanings = Callable[[str, Span], list[tuple[int, int]]]  # words near in meaning, see `meaning`


@dataclass(frozen=True, slots=True)
class Seen:
    """The search that hits are hits of."""

    analysis: QueryAnalysis
    candidates: Candidates
    ranking: Ranking
    meanings: Meanings


@dataclass(frozen=True, slots=True)
class Shown:
    """Where and how a candidate is shown; ``at`` is its position among the candidates.

    ``folded`` is its text, folded, ``passage`` the sentence that answers. ``added`` float32
    ``[n_terms]``: what each term of the query adds to its BM25 score.
    """

    rank: int
    at: int
    entry: Entry
    folded: str
    passage: Span
    added: Floats
    duplicates: list[str]
    explain: bool


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


def hit_of(stored: StoredClause, shown: Shown, seen: Seen) -> dict[str, Any]:
    """Return one hit. Offsets of passage, highlights and repairs lie in ``text``, those of the
    anchor in the document's text.
    """
    text, at, passage = stored.text, shown.at, shown.passage
    answer = passage.of(text)
    ranking = seen.ranking
    hit = {
        "rank": shown.rank,
        "score": round(float(ranking.scores[at]), 6),
        **clause_of(stored, shown.entry),
        "passage": {"text": answer, "start": passage.start, "end": passage.end},
        "highlights": _highlights(stored, shown, seen),
        "anchor": {
            "exact": answer,
            "prefix": text[max(0, passage.start - CONTEXT) : passage.start],
            "suffix": text[passage.end : passage.end + CONTEXT],
            "start": stored.clause.body.start + passage.start,
            "end": stored.clause.body.start + passage.end,
        },
        "legs": _legs(at, seen.analysis, seen.candidates, shown.added),
        "duplicates": {
            "count": len(shown.duplicates),
            "clause_ids": shown.duplicates[:MOST_DUPLICATES],
        },
    }
    if shown.explain:
        hit["explain"] = {
            name: round(float(share[at]), 6) for name, share in ranking.shares.items()
        }
    return hit


def _highlights(stored: StoredClause, shown: Shown, seen: Seen) -> list[dict[str, Any]]:
    """Return what matched; words near in meaning only where the answer holds none of those."""
    passage = shown.passage
    marks = highlights(shown.folded, seen.analysis.terms, stored.repairs)
    if not any(passage.start <= start and end <= passage.end for start, end, _ in marks):
        soft: list[tuple[int, int, Match]] = [
            (start, end, "meaning") for start, end in seen.meanings(shown.folded, passage)
        ]
        marks = sorted(marks + soft)
    return [{"start": start, "end": end, "match": match} for start, end, match in marks]


def _legs(
    at: int, analysis: QueryAnalysis, candidates: Candidates, added: Floats
) -> dict[str, Any]:
    legs: dict[str, Any] = {"bm25": None, "vector": None}
    if candidates.bm25_rank[at]:
        legs["bm25"] = {
            "rank": int(candidates.bm25_rank[at]),
            "score": round(float(candidates.bm25[at]), 4),
            "terms": {
                term.text: round(term.weight * value, 4)
                for term, value in zip(analysis.terms, added.tolist(), strict=True)
                if value > 0
            },
        }
    if candidates.vector_rank[at]:
        legs["vector"] = {
            "rank": int(candidates.vector_rank[at]),
            "score": round(float(candidates.vector[at]), 4),
        }
    return legs
