"""The two legs over one filter, and the union of what they find."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from tiaowen_indexer.snapshot import Snapshot
from tiaowen_indexer.stores.protocol import ClauseStore, Leg
from tiaowen_models.best import best
from tiaowen_models.protocols import Embedder, Floats, Integers, QueryAnalysis

from tiaowen_service.catalogue import Mask
from tiaowen_service.request import Filters, Mode

DEPTH = 100  # candidates of each leg
_NONE = np.zeros(0, np.int32)
_NO_LEG = Leg(_NONE, np.zeros(0, np.float32))


@dataclass(frozen=True)
class Found:
    """The union of both legs as columns; rank 0 where a leg did not find a row.

    ``scores`` are the lexical scores of all clauses, None where that leg was not asked;
    ``nearest`` the rows of the vector leg, best first; ``beyond`` those of them that it reached
    only because a filter made room.
    """

    rows: Integers
    bm25: Floats
    bm25_rank: Integers
    vector: Floats
    vector_rank: Integers
    scores: Floats | None
    nearest: Integers
    empty: tuple[str, ...]  # legs that were asked and found nothing
    beyond: Integers = field(default_factory=lambda: np.zeros(0, np.int32))

    @property
    def total(self) -> int:
        """How many clauses either leg found; the vector leg finds at most its depth."""
        if self.scores is None:
            return len(self.nearest)
        alone = np.count_nonzero(self.scores[self.nearest] == 0)
        return int(np.count_nonzero(self.scores > 0) + alone)

    @property
    def matched(self) -> Integers:
        """The rows that ``total`` counts less those ``beyond``, in order.

        Unfiltered, it is what the facets count: a filter leaves of it what passes, no more.
        """
        near = np.setdiff1d(self.nearest, self.beyond)
        if self.scores is None:
            return near.astype(np.int32)
        return np.union1d(np.flatnonzero(self.scores > 0), near).astype(np.int32)


def find(
    analysis: QueryAnalysis,
    snapshot: Snapshot,
    embedder: Embedder,
    *,
    mode: Mode,
    mask: Mask | None,
    depth: int = DEPTH,
) -> Found:
    """Ask the legs of ``mode``; ties within a leg are ordered by clause id."""
    scores = _lexical(analysis, snapshot, mask) if mode != "vector" else None
    bm25_rows = _NONE if scores is None else best(scores, snapshot.columns.order, depth)
    query = embedder.encode_queries([analysis.query])[0] if mode != "bm25" else None
    vector_rows, cosines = _nearest(query, snapshot, mask, depth)
    beyond = _beyond(query, snapshot, vector_rows, scores, depth) if mask is not None else None
    rows = np.unique(np.concatenate([bm25_rows, vector_rows]))
    return Found(
        rows=rows,
        bm25=_zeros(rows) if scores is None else scores[rows],
        bm25_rank=_ranks(rows, bm25_rows),
        vector=_cosines(query, snapshot, rows, vector_rows, cosines),
        vector_rank=_ranks(rows, vector_rows),
        scores=scores,
        nearest=vector_rows,
        empty=tuple(
            leg
            for leg, asked, found in (
                ("bm25", mode != "vector", bm25_rows),
                ("vector", mode != "bm25", vector_rows),
            )
            if asked and not len(found)
        ),
        beyond=_NONE if beyond is None else beyond,
    )


def find_in(
    store: ClauseStore,
    analysis: QueryAnalysis,
    embedder: Embedder,
    *,
    mode: Mode,
    where: Filters,
    depth: int = DEPTH,
) -> Found:
    """Ask the legs of ``mode`` in a store elsewhere; ``total`` then counts what was fetched."""
    terms = {term.text: term.weight for term in analysis.terms}
    query = embedder.encode_queries([analysis.query])[0]
    words = store.lexical(terms, depth, where=where) if mode != "vector" else _NO_LEG
    near = store.nearest(query, depth, where=where) if mode != "bm25" else _NO_LEG
    rows = np.unique(np.concatenate([words.rows, near.rows]))
    return Found(
        rows=rows,
        bm25=_completed(
            rows, words, lambda missing: store.lexical_scores(terms, missing), mode != "vector"
        ),
        bm25_rank=_ranks(rows, words.rows),
        vector=_completed(
            rows, near, lambda missing: store.cosines(query, missing), mode != "bm25"
        ),
        vector_rank=_ranks(rows, near.rows),
        scores=None,
        nearest=rows,
        empty=tuple(
            leg
            for leg, asked, found in (
                ("bm25", mode != "vector", words),
                ("vector", mode != "bm25", near),
            )
            if asked and not len(found)
        ),
    )


def _completed(
    rows: Integers, leg: Leg, score: Callable[[Integers], Floats], asked: bool
) -> Floats:
    """Return the score of every row: of those that the other leg found, too."""
    scores = _zeros(rows)
    if asked:
        at = np.searchsorted(rows, leg.rows)
        scores[at] = leg.scores
        others = np.ones(len(rows), bool)
        others[at] = False
        if others.any():
            scores[others] = score(rows[others])
    return scores


def _lexical(analysis: QueryAnalysis, snapshot: Snapshot, mask: Mask | None) -> Floats:
    scores = snapshot.lexical.scores({term.text: term.weight for term in analysis.terms})
    if mask is not None:
        scores[~mask] = 0.0
    return scores


def _nearest(
    query: Floats | None, snapshot: Snapshot, mask: Mask | None, depth: int
) -> tuple[Integers, Floats]:
    if query is None:
        return np.zeros(0, np.int32), np.zeros(0, np.float32)
    rows, cosines = snapshot.vectors.search(query, depth, mask=mask)
    best = np.lexsort((snapshot.columns.order[rows], -cosines))
    return rows[best], cosines[best]


def _beyond(
    query: Floats | None,
    snapshot: Snapshot,
    nearest: Integers,
    scores: Floats | None,
    depth: int,
) -> Integers:
    """Return which of ``nearest`` no word and no search without the filter would have found."""
    unfiltered, _ = _nearest(query, snapshot, None, depth)
    further = nearest[~np.isin(nearest, unfiltered)]
    return further if scores is None else further[scores[further] == 0]


def _cosines(
    query: Floats | None, snapshot: Snapshot, rows: Integers, nearest: Integers, known: Floats
) -> Floats:
    """Return the cosine of every candidate; those of the vector leg are known already."""
    cosines = _zeros(rows)
    if query is not None:
        at = np.searchsorted(rows, nearest)
        cosines[at] = known
        others = np.ones(len(rows), bool)
        others[at] = False
        cosines[others] = snapshot.vectors.cosines(query, rows[others])
    return cosines


def _ranks(rows: Integers, ranked: Integers) -> Integers:
    ranks = np.zeros(len(rows), np.int32)
    ranks[np.searchsorted(rows, ranked)] = np.arange(1, len(ranked) + 1, dtype=np.int32)
    return ranks


def _zeros(rows: Integers) -> Floats:
    return np.zeros(len(rows), np.float32)
