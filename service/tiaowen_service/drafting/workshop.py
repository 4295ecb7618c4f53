"""What drafters ask of one snapshot beyond search, computed when first asked for and kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import cached_property, lru_cache
from threading import RLock
from typing import cast

import numpy as np
from tiaowen_corpus.types import Document, Norm, Span
from tiaowen_indexer.norms import StoredNorms
from tiaowen_indexer.store import StoredClause

from tiaowen_service.drafting.similar import Finder
from tiaowen_service.searcher import Searcher

KEPT_ANSWERS = 256  # profiles, topics and the like, encoded
KEPT_DOCUMENTS = 64  # decoded with their raw text


class Workshop:
    """Precedents, requirements and the corpus as a whole, over one searcher."""

    def __init__(self, searcher: Searcher) -> None:
        self.searcher = searcher
        self.lock = RLock()
        self._kept: dict[str, bytes] = {}

    def kept(self, name: str, made: Callable[[], bytes]) -> bytes:
        """Return what ``made`` gave for ``name`` before, or what it gives now."""
        with self.lock:
            if name not in self._kept:
                if len(self._kept) >= KEPT_ANSWERS:
                    self._kept.pop(next(iter(self._kept)))
                self._kept[name] = made()
            return self._kept[name]

    @cached_property
    def finder(self) -> Finder:
        """Finds like sentences."""
        return Finder(self.searcher)

    @cached_property
    def norms(self) -> tuple[Norm, ...]:
        """Every mined requirement, in the order of documents; none in an index without them."""
        snapshot = self.searcher.snapshot
        return StoredNorms(snapshot.folder, snapshot.store).all()

    @cached_property
    def clauses(self) -> tuple[StoredClause, ...]:
        """Every clause, in order."""
        rows = np.arange(self.searcher.snapshot.manifest.clauses, dtype=np.int32)
        return tuple(self.searcher.clauses(rows))

    @cached_property
    def rows(self) -> dict[str, int]:
        """Row of every clause id."""
        return {stored.clause.clause_id: stored.row for stored in self.clauses}

    @cached_property
    def word_counts(self) -> Counter[str]:
        """How often each content word stands in the corpus."""
        from tiaowen_service.drafting.terms import counts_of

        return counts_of(self, self.clauses)

    def document(self, doc_id: str) -> Document:
        """Return a document; the last few are kept. Raises KeyError."""
        return self._document(self.searcher.catalogue.rows[doc_id])

    @cached_property
    def _document(self) -> Callable[[int], Document]:
        return lru_cache(maxsize=KEPT_DOCUMENTS)(self.searcher.snapshot.store.document)

    def sentence_of(self, norm: Norm) -> str:
        """Return the sentence that a requirement stands in."""
        return norm.span.of(self.document(norm.doc_id).text)

    def raw_span(self, norm: Norm) -> Span:
        """Return the place of that sentence in the raw file."""
        return self.document(norm.doc_id).to_raw(norm.span)


_LOCK = RLock()


def workshop_of(searcher: Searcher) -> Workshop:
    """Return the one workshop of a searcher.

    It is kept on the searcher itself, so that both go together when a newer one takes over.
    """
    kept = vars(searcher)
    with _LOCK:
        if "workshop" not in kept:
            kept["workshop"] = Workshop(searcher)
        return cast(Workshop, kept["workshop"])
