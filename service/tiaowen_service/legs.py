"""The two legs over one filter, and the union of what they find."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from tiaowen_indexer.snapshot import Snapshot
from tiaowen_indexer.stores.protocol import ClauseStore, Leg
from tiaowen_models.best import best
from tiaowen_models.protocols import Embedder, Floats, Integers, QueryAnalysis
from tiaowen_models.union import united

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
    return Found(
        *snapshot.vectors.union(query, scores, bm25_rows, (vector_rows, cosines)),
        scores=scores,
        nearest=vector_rows,
        empty=_empty(mode, bm25_rows, vector_rows),
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
    found = united(
        (words.rows, words.scores),
        (near.rows, near.scores),
        None if mode == "vector" else lambda missing: store.lexical_scores(terms, missing),
        None if mode == "bm25" else lambda missing: store.cosines(query, missing),
    )
    return Found(*found, scores=None, nearest=found.rows, empty=_empty(mode, words.rows, near.rows))


def _empty(mode: Mode, words: Integers, near: Integers) -> tuple[str, ...]:
    """Return the legs of ``mode`` that found nothing."""
    legs = (("bm25", "vector", words), ("vector", "bm25", near))
    return tuple(leg for leg, other, found in legs if mode != other and not len(found))


def _lexical(analysis: QueryAnalysis, snapshot: Snapshot, mask: Mask | None) -> Floats:
    scores = snapshot.lexical.scores({term.text: term.weight for term in analysis.terms})
    if mask is not None:
        scores[~mask] = 0.0
    return scores


def _nearest(
    query: Floats | None, snapshot: Snapshot, mask: Mask | None, depth: int
) -> tuple[Integers, Floats]:
    if query is None:
        return _NO_LEG.rows, _NO_LEG.scores
    return snapshot.vectors.search(query, depth, mask=mask, ties=snapshot.columns.order)


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
