"""The legs in Milvus: dense vectors beside our own sparse ones, by inner product.

A sparse vector holds what each term adds to the clause's BM25 score, as the local postings do, so
both stores give the same scores. Milvus' own BM25 is not used: its analyser, its idf by segment
and its constants differ from release to release.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tiaowen_indexer.snapshot import Snapshot
from tiaowen_indexer.stores.filters import Filters
from tiaowen_indexer.stores.milvus_schema import expression
from tiaowen_indexer.stores.protocol import (
    NO_FILTERS,
    RRF_K,
    Floats,
    Integers,
    Leg,
    best_first,
    reciprocal,
)

# the engine's results: read by the field's name, since only some releases call the key "id"
ROW = "row"
_LOOK_UPS = 1000  # rows of one query by key


class MilvusStore:
    """Searches the collection of one version. The snapshot gives vocabulary and order of ties."""

    def __init__(self, client: Any, collection: str, snapshot: Snapshot) -> None:
        """``client`` is a pymilvus MilvusClient; it is safe to share between threads."""
        self._client = client
        self._collection = collection
        self._vocabulary = snapshot.lexical.vocabulary
        self._order: NDArray[np.int32] = snapshot.columns.order
        self._count = snapshot.manifest.clauses
        self._version = snapshot.manifest.version

    @property
    def version(self) -> str:
        """The version of the snapshot."""
        return self._version

    def count(self) -> int:
        """How many clauses are held."""
        found = self._client.query(self._collection, filter="", output_fields=["count(*)"])
        return int(found[0]["count(*)"])

    def lexical(self, terms: Mapping[str, float], k: int, *, where: Filters = NO_FILTERS) -> Leg:
        """Return the ``k`` best clauses by BM25."""
        sparse = self._sparse(terms)
        return self._search("sparse", sparse, k, where) if sparse else _nothing()

    def nearest(self, vector: Floats, k: int, *, where: Filters = NO_FILTERS) -> Leg:
        """Return the ``k`` clauses of largest cosine."""
        if not vector.any():
            return _nothing()
        return self._search("dense", vector.tolist(), k, where)

    def fused(
        self,
        terms: Mapping[str, float],
        vector: Floats,
        k: int,
        *,
        where: Filters = NO_FILTERS,
    ) -> Leg:
        """Return the ``k`` best of both legs by reciprocal ranks, fused by the engine."""
        sparse = self._sparse(terms)
        if not sparse or not vector.any():
            legs = [self.lexical(terms, k, where=where), self.nearest(vector, k, where=where)]
            return reciprocal(legs, k, self._order)
        from pymilvus import AnnSearchRequest, RRFRanker

        asked = {"limit": self._most(k), "expr": expression(where) or None}
        requests = [
            AnnSearchRequest([sparse], "sparse", {"metric_type": "IP"}, **asked),
            AnnSearchRequest([vector.tolist()], "dense", {"metric_type": "IP"}, **asked),
        ]
        found = self._client.hybrid_search(
            self._collection, requests, RRFRanker(RRF_K), limit=self._most(k), output_fields=[ROW]
        )
        return self._leg(found[0], k)

    def lexical_scores(self, terms: Mapping[str, float], rows: Integers) -> Floats:
        """Return the BM25 score of each of ``rows``."""
        sparse = self._sparse(terms)
        held = self._fetch("sparse", rows) if sparse else {}
        return np.array([_inner(sparse, held.get(row, {})) for row in rows.tolist()], np.float32)

    def cosines(self, vector: Floats, rows: Integers) -> Floats:
        """Return the cosine of each of ``rows``."""
        if not len(rows):
            return np.zeros(0, np.float32)
        held = self._fetch("dense", rows)
        return np.asarray(np.array([held[row] for row in rows.tolist()], np.float32) @ vector)

    def _search(self, field: str, asked: Any, k: int, where: Filters) -> Leg:
        found = self._client.search(
            self._collection,
            data=[asked],
            anns_field=field,
            limit=self._most(k),
            filter=expression(where),
            output_fields=[ROW],
            search_params={"metric_type": "IP"},
        )
        return self._leg(found[0], k)

    def _leg(self, found: Iterable[Mapping[str, Any]], k: int) -> Leg:
        pairs = [(hit[ROW], hit["distance"]) for hit in found]
        rows = np.array([row for row, _ in pairs], np.int32)
        return best_first(rows, np.array([s for _, s in pairs], np.float32), k, self._order)

    def _fetch(self, field: str, rows: Integers) -> dict[int, Any]:
        held: dict[int, Any] = {}
        for at in range(0, len(rows), _LOOK_UPS):
            part = rows[at : at + _LOOK_UPS].tolist()
            for entity in self._client.query(
                self._collection, filter=f"{ROW} in {part}", output_fields=[ROW, field]
            ):
                held[int(entity[ROW])] = entity[field]
        return held

    def _sparse(self, terms: Mapping[str, float]) -> dict[int, float]:
        numbers = ((self._number(term), float(weight)) for term, weight in terms.items())
        return {number: weight for number, weight in numbers if number is not None and weight > 0}

    def _number(self, term: str) -> int | None:
        """The vocabulary is sorted: its positions number the terms."""
        at = bisect_left(self._vocabulary, term)
        return at if at < len(self._vocabulary) and self._vocabulary[at] == term else None

    def _most(self, k: int) -> int:
        return max(1, min(k, self._count))


def _inner(asked: Mapping[int, float], held: Mapping[int, float]) -> float:
    return sum(weight * held.get(number, 0.0) for number, weight in asked.items())


def _nothing() -> Leg:
    return Leg(np.zeros(0, np.int32), np.zeros(0, np.float32))
