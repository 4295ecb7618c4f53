"""The query pipeline over one snapshot: analyse, find, rank, choose, show."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from tiaowen_corpus import lexicon
from tiaowen_corpus.errors import TiaowenError
from tiaowen_corpus.lexicon import Lexicon
from tiaowen_corpus.script import fold
from tiaowen_indexer.manifest import IndexDamaged, IndexMismatch, ModelStamp
from tiaowen_indexer.snapshot import FITTED, Snapshot
from tiaowen_indexer.store import StoredClause
from tiaowen_indexer.stores.protocol import ClauseStore
from tiaowen_indexer.terms import terms_of
from tiaowen_models.loading import load_embedder
from tiaowen_models.protocols import (
    Candidates,
    ClauseText,
    Confidence,
    Embedder,
    Integers,
    QueryAnalysis,
    Ranker,
    Ranking,
    ReadRows,
)
from tiaowen_models.ranking_loading import Judges, load_judges

from tiaowen_service.catalogue import Catalogue
from tiaowen_service.duplicates import Duplicates
from tiaowen_service.hits import analysis_of
from tiaowen_service.legs import DEPTH, Found, find, find_in
from tiaowen_service.query.analysis import Analyser
from tiaowen_service.query.spelling import Speller
from tiaowen_service.request import SearchRequest
from tiaowen_service.shown import Pages
from tiaowen_service.texts import Texts

UNSURE = 0.95  # confidence below which a query with an unknown word may have been mistyped
PHRASE_DEPTH = 1000  # candidates when quoted phrases will strike most of them out

_EMPTY_LEG = {
    "bm25": "没有条文含有查询中的词 / no clause holds a word of the query",
    "vector": "没有条文与查询意思相近 / no clause is close in meaning to the query",
}


@dataclass(frozen=True, slots=True)
class Ordered:
    """Candidates with their ranking; ``order`` are positions in them, best first."""

    found: Found
    candidates: Candidates
    ranking: Ranking
    order: tuple[int, ...]
    confidence: float


class Searcher:
    """Answers searches over one snapshot; read-only and safe to share between threads."""

    def __init__(
        self,
        snapshot: Snapshot,
        embedder: Embedder,
        *,
        words: Lexicon | None = None,
        ranker: Ranker | None = None,
        confidence: Confidence | None = None,
        judges: Judges | None = None,
        store: ClauseStore | None = None,
    ) -> None:
        """Search the legs in ``store``, or in the snapshot itself.

        Raises IndexMismatch if the snapshot's vectors are another model's.
        """
        check_model(snapshot, embedder)
        self.snapshot = snapshot
        self.embedder = embedder
        self.store = store
        self.lexicon = words or lexicon.load()
        self.analyser = Analyser(terms_of(self.lexicon.words), self.lexicon)
        judges = judges or load_judges(embedder)
        self.ranker = ranker or judges.ranker
        self.confidence = confidence or judges.confidence
        self._read = _reading(snapshot, judges)
        self.catalogue = Catalogue(snapshot)
        self.duplicates = Duplicates(snapshot.columns.group)
        self._pages = Pages(
            *(snapshot, self.catalogue, self.duplicates, judges.passages),
            *(embedder, self.analyser.terms.tokeniser),
        )

    @property
    def version(self) -> str:
        """The version of the snapshot."""
        return self.snapshot.manifest.version

    @cached_property
    def speller(self) -> Speller:
        """Knows the lexicon by its sound."""
        return Speller.of(self.lexicon)

    @cached_property
    def clause_count(self) -> int:
        """How many clauses are searched."""
        return self.snapshot.manifest.clauses

    def search(self, request: SearchRequest) -> dict[str, Any]:
        """Return the answer of DESIGN's shape, ready for JSON."""
        started = time.perf_counter()
        analysis = self.analyser.analyse(request.query)
        ordered = self.order(analysis, request)
        if ordered.confidence < UNSURE:
            analysis, ordered = self._respelt(analysis, ordered, request)
        positions = self._collapsed(ordered, request)
        page = positions[request.offset : request.offset + request.limit]
        phrases = bool(analysis.phrases)
        return {
            "query": request.query,
            "analysis": analysis_of(analysis),
            "confidence": round(ordered.confidence, 4),
            "total": len(positions) if phrases else ordered.found.total,
            "beyond": 0 if phrases else len(ordered.found.beyond),
            "hits": self._pages.hits(
                *(analysis, ordered.candidates, ordered.ranking, page),
                first=request.offset + 1,
                explain=request.explain,
            ),
            "facets": self._facets(ordered, request, held=phrases),
            "warnings": [_warning(leg) for leg in ordered.found.empty],
            "index_version": self.version,
            "took_ms": round((time.perf_counter() - started) * 1000, 3),
        }

    def _respelt(
        self, analysis: QueryAnalysis, ordered: Ordered, request: SearchRequest
    ) -> tuple[QueryAnalysis, Ordered]:
        """Search for homophones instead, where a word is unknown and that makes it surer."""
        idf = self.snapshot.lexical.idf
        if all(len(word) > 1 and idf(word) > 0 for word in analysis.words):
            return analysis, ordered
        query, notes = self.speller.respelt(analysis.folded, lambda word: idf(word) > 0)
        if not notes:
            return analysis, ordered
        other = replace(self.analyser.analyse(query), query=analysis.query, notes=notes)
        found = self.order(other, request)
        better = found.confidence > ordered.confidence or not ordered.order
        return (other, found) if better else (analysis, ordered)

    def _facets(
        self, ordered: Ordered, request: SearchRequest, *, held: bool
    ) -> dict[str, dict[str, int]]:
        """Count over all that matched, or, with quoted phrases, over what holds them."""
        if not request.facets:
            return {}
        rows = ordered.candidates.rows[list(ordered.order)] if held else ordered.found.matched
        return self.catalogue.facets(request.facets, rows)

    def order(self, analysis: QueryAnalysis, request: SearchRequest) -> Ordered:
        """Find and rank the candidates of a query."""
        found = self._found(analysis, request)
        candidates = self._candidates(analysis, found)
        ranking = self._rank(analysis, candidates, request)
        tie = self.snapshot.columns.order[found.rows]
        order: list[int] = np.lexsort((tie, -ranking.scores)).tolist()
        if analysis.phrases:
            order = [at for at in order if _holds(candidates.texts[at], analysis.phrases)]
        confidence = self.confidence.confidence(analysis, candidates, ranking) if order else 0.0
        return Ordered(found, candidates, ranking, tuple(order), confidence)

    def _found(self, analysis: QueryAnalysis, request: SearchRequest) -> Found:
        depth = PHRASE_DEPTH if analysis.phrases else max(DEPTH, request.offset + request.limit)
        mode, where = request.mode, request.filters
        if self.store is not None:
            return find_in(self.store, analysis, self.embedder, mode=mode, where=where, depth=depth)
        mask = self.catalogue.mask(where)
        return find(analysis, self.snapshot, self.embedder, mode=mode, mask=mask, depth=depth)

    def clauses(self, rows: Integers) -> list[StoredClause]:
        """Return the clauses of ``rows``, in their order."""
        stored = self.snapshot.store.clauses(rows)
        return [stored[int(row)] for row in rows]

    def _rank(
        self, analysis: QueryAnalysis, candidates: Candidates, request: SearchRequest
    ) -> Ranking:
        """One leg alone is ordered by its own scores; both together by the ranking model."""
        if request.mode == "bm25":
            return Ranking(candidates.bm25, {"bm25": candidates.bm25})
        if request.mode == "vector":
            return Ranking(candidates.vector, {"vector": candidates.vector})
        return self.ranker.rank(analysis, candidates)

    def _candidates(self, analysis: QueryAnalysis, found: Found) -> Candidates:
        return Candidates(
            rows=found.rows,
            bm25=found.bm25,
            bm25_rank=found.bm25_rank,
            vector=found.vector,
            vector_rank=found.vector_rank,
            texts=Texts(self.snapshot.store, self.catalogue, found.rows),
            idf={term.text: self.snapshot.lexical.idf(term.text) for term in analysis.terms},
            read=self._read,
        )

    def _collapsed(self, ordered: Ordered, request: SearchRequest) -> list[int]:
        """Leave out of each group of near-duplicates all but the best."""
        if request.collapse == "none":
            return list(ordered.order)
        seen: set[int] = set()
        kept: list[int] = []
        for at in ordered.order:
            group = int(self.snapshot.columns.group[ordered.candidates.rows[at]])
            if group not in seen:
                seen.add(group)
                kept.append(at)
        return kept


def open_searcher(
    snapshot: Snapshot, *, model: str | None = None, store: ClauseStore | None = None
) -> Searcher:
    """Load the embedder that made the snapshot's vectors and return a searcher.

    Legs are searched in ``store``, or in the snapshot itself. Raises IndexMismatch if another
    embedder is wanted now, IndexDamaged if the one that was fitted on the corpus is spoilt.
    """
    fitted = snapshot.folder / FITTED
    try:
        embedder = load_embedder(model, fitted=fitted)
    except TiaowenError:
        raise
    except Exception as error:  # over damaged bytes the libraries raise anything
        if not fitted.is_dir():
            raise
        raise IndexDamaged(f"{snapshot.folder.name}/{FITTED}: {error}") from error
    return Searcher(snapshot, embedder, store=store)


def check_model(snapshot: Snapshot, embedder: Embedder) -> None:
    """Raise IndexMismatch unless ``embedder`` made the vectors of ``snapshot``."""
    built = snapshot.manifest.model
    loaded = ModelStamp(embedder.name, embedder.fingerprint, embedder.dimensions)
    if built != loaded:
        raise IndexMismatch(
            f"{built.name} {built.fingerprint[:8]} ≠ {loaded.name} {loaded.fingerprint[:8]}"
        )


def _holds(text: ClauseText, phrases: Sequence[str]) -> bool:
    where = fold("\n".join([text.body, text.searchable, *text.headings]))
    return all(phrase in where for phrase in phrases)


def _reading(snapshot: Snapshot, judges: Judges) -> ReadRows | None:
    """Return what the index has read, if the judges read by the same words."""
    stored, reader = snapshot.readings, judges.reader
    if stored is None or reader is None or reader.fingerprint != snapshot.manifest.words:
        return None
    return stored.of


def _warning(leg: str) -> dict[str, str]:
    return {"code": f"empty_leg_{leg}", "message": _EMPTY_LEG[leg]}
