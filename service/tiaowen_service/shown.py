"""A page of candidates as hits: fetched, marked and counted together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from operator import itemgetter
from typing import Any

from tiaowen_corpus.script import fold_all
from tiaowen_corpus.types import Span
from tiaowen_indexer.snapshot import Snapshot
from tiaowen_indexer.store import StoredClause
from tiaowen_models.protocols import Candidates, Embedder, Passages, QueryAnalysis, Ranking
from tiaowen_models.reading import Part
from tiaowen_models.tokens import Tokeniser

from tiaowen_service.catalogue import Catalogue
from tiaowen_service.duplicates import Duplicates
from tiaowen_service.hits import hit_of, legs_of, shares_of
from tiaowen_service.meaning import near_words
from tiaowen_service.passage import Mark, highlights


@dataclass(frozen=True, slots=True)
class Pages:
    """Shows candidates of one snapshot."""

    snapshot: Snapshot
    catalogue: Catalogue
    duplicates: Duplicates
    passages: Passages
    embedder: Embedder
    tokeniser: Tokeniser

    def hits(
        self,
        analysis: QueryAnalysis,
        candidates: Candidates,
        ranking: Ranking,
        page: Sequence[int],
        *,
        first: int,
        explain: bool,
    ) -> list[dict[str, Any]]:
        """Return the candidates at ``page`` as hits; the first of them has rank ``first``."""
        rows = candidates.rows[list(page)]
        added = self.snapshot.lexical.contributions([term.text for term in analysis.terms], rows)
        shown = rows.tolist()
        kin = self.duplicates.of(shown)
        stored = self.snapshot.store.clauses({*shown, *chain.from_iterable(kin)})
        clauses = [stored[row] for row in shown]
        passages = self.passages.best(analysis, candidates, ranking, page)
        parts = candidates.read(rows) if candidates.read else None
        marks = self._marks(analysis, clauses, passages, parts)
        legs = legs_of(page, analysis, candidates, added)
        entries, scores = self.catalogue.entries, ranking.scores
        return [
            hit_of(
                clause,
                entries[clause.document],
                rank=first + number,
                score=float(scores[page[number]]),
                passage=passages[number],
                marks=marks[number],
                legs=legs[number],
                duplicates=[stored[row].clause.clause_id for row in kin[number]],
                shares=shares_of(ranking, page[number]) if explain else None,
            )
            for number, clause in enumerate(clauses)
        ]

    def _marks(
        self,
        analysis: QueryAnalysis,
        clauses: Sequence[StoredClause],
        passages: Sequence[Span],
        parts: Sequence[Part] | None,
    ) -> list[list[Mark]]:
        """Return what matched; words near in meaning where the answer holds nothing else."""
        marks = highlights(clauses, analysis.terms, parts)
        bare = []
        for number, (passage, found) in enumerate(zip(passages, marks, strict=True)):
            first, last = passage.start, passage.end
            for mark in found:
                if first <= mark["start"] and mark["end"] <= last:
                    break
            else:
                bare.append(number)
        if not bare:
            return marks
        folded = fold_all([clauses[number].text for number in bare])
        near = near_words(
            [(text, passages[number]) for number, text in zip(bare, folded, strict=True)],
            analysis,
            embedder=self.embedder,
            tokeniser=self.tokeniser,
        )
        for number, places in zip(bare, near, strict=True):
            marks[number] += ({"start": a, "end": b, "match": "meaning"} for a, b in places)
            marks[number].sort(key=itemgetter("start", "end", "match"))
        return marks
