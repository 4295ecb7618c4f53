"""The product's own systems: each leg alone, and the results as served."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tiaowen_service.request import LONGEST_QUERY, Mode, SearchRequest
from tiaowen_service.searcher import Ordered, Searcher

from .runs import Answer

SHOWN = 10  # hits of a page: what a user waits for
TERMS = 4  # matched words listed per hit


@dataclass(frozen=True)
class Searched:
    """A searcher in one mode. ``pages`` also asks for the page: passage, confidence, reasons."""

    name: str
    searcher: Searcher
    mode: Mode
    ids: Sequence[str]  # clause_id of every row of the index
    pages: bool = True
    known: frozenset[str] | None = None  # if given, other clauses are passed over

    def answer(self, query: str, *, limit: int) -> Answer:
        """Return the ranking to ``limit`` and what the page says about its first hits."""
        request = SearchRequest(query[:LONGEST_QUERY], mode=self.mode, limit=SHOWN)
        analysis = self.searcher.analyser.analyse(request.query)
        ordered = self.searcher.order(analysis, replace(request, limit=limit))
        named = [(self.ids[row], row_at) for row_at, row in self._rows(ordered)]
        best = [each for each in named if self.known is None or each[0] in self.known][:limit]
        answer = Answer(
            tuple(clause_id for clause_id, _ in best),
            tuple(round(float(ordered.ranking.scores[at]), 6) for _, at in best),
        )
        if not self.pages:
            return answer
        page = self.searcher.search(request)
        hits = [h for h in page["hits"] if self.known is None or h["clause_id"] in self.known]
        return replace(
            answer,
            passage=hits[0]["passage"]["text"] if hits else "",
            confidence=float(page["confidence"]),
            took_ms=float(page["took_ms"]),
            why=tuple(reason(hit) for hit in hits[:3]),
        )

    @staticmethod
    def _rows(ordered: Ordered) -> list[tuple[int, int]]:
        """Return position among the candidates and row in the index, best first."""
        return [(at, int(ordered.candidates.rows[at])) for at in ordered.order]


def reason(hit: Mapping[str, Any]) -> str:
    """Say in one line why a hit came: rank, score and words of each leg."""
    parts = []
    if bm25 := hit["legs"]["bm25"]:
        terms = sorted(bm25["terms"].items(), key=lambda term: (-term[1], term[0]))[:TERMS]
        words = ", ".join(f"{term} {value:.1f}" for term, value in terms)
        parts.append(f"bm25 #{bm25['rank']} {bm25['score']:.1f} ({words})")
    if vector := hit["legs"]["vector"]:
        parts.append(f"vector #{vector['rank']} {vector['score']:.2f}")
    return " · ".join(parts) or "–"


def searched(
    searcher: Searcher, *, pages: bool = True, known: frozenset[str] | None = None
) -> Sequence[Searched]:
    """Both legs alone, and ``ranked``: what a user gets. Only ``known`` clauses if given."""
    rows = searcher.snapshot.store.clauses(range(searcher.clause_count))
    ids = [rows[row].clause.clause_id for row in range(len(rows))]
    return (
        Searched("bm25", searcher, "bm25", ids, False, known),
        Searched("vector", searcher, "vector", ids, False, known),
        Searched("ranked", searcher, "hybrid", ids, pages, known),
    )
