"""The vector leg: cosine over unit vectors, exact while the collection is small.

Vectors are kept as float16 rows beside the key of the text they stand for, so that a re-index
takes over every vector whose text and model are unchanged.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tiaowen_models.best import best
from tiaowen_models.kernels import AVAILABLE
from tiaowen_models.kernels.vectors import HalfRows
from tiaowen_models.protocols import Embedder
from tiaowen_models.union import Union, united

from tiaowen_indexer.files import mapped
from tiaowen_indexer.scan import Scan
from tiaowen_indexer.stretches import spliced

EXACT_UP_TO = 5_000  # rows; up to there exact takes no longer than scanning does
REFINED = 4  # candidates per wanted result that the quantised scan hands to exact scoring,
LEAST_REFINED = 200  # and at least so many: four bits for two dimensions misplace neighbours
FEW = 2_000  # rows that pass a filter, or
SPARSE = 0.02  # their share, up to which they are scored one by one

Floats = NDArray[np.float32]
Keys = NDArray[np.uint8]
_NONE = np.zeros(0, np.float32)


class VectorIndex:
    """Unit vectors of all clauses; read-only and safe to share between threads."""

    def __init__(
        self, vectors: NDArray[np.float16], keys: Keys, *, scan: Scan | None = None
    ) -> None:
        """``scan`` is the quantised index of ``vectors``, built here if it is needed and None."""
        self.keys = keys
        self.stored = vectors
        self._rows = HalfRows(vectors) if AVAILABLE else None
        self._exact: Floats | None = None
        self._scan: Scan | None = None
        if len(vectors) <= EXACT_UP_TO:
            self._exact = np.ascontiguousarray(vectors, np.float32)
        else:
            self._scan = scan or Scan.of(vectors)

    @property
    def dimensions(self) -> int:
        """Length of a vector."""
        return int(self.stored.shape[1])

    def search(
        self,
        query: Floats,
        k: int,
        *,
        mask: NDArray[np.bool_] | None = None,
        ties: NDArray[np.int32] | None = None,
    ) -> tuple[NDArray[np.int32], Floats]:
        """Return the rows of the ``k`` largest cosines above 0, best first, and the cosines.

        ``mask`` bool ``[n]`` limits the search to its true rows. Ties are in the order of ``ties``
        int32 ``[n]``, or of the rows.
        """
        if not len(self.stored) or not query.any():
            return np.zeros(0, np.int32), np.zeros(0, np.float32)
        if self._scan is None:
            rows, scores = self._search_exact(query, k, mask)
        else:
            rows, scores = self._search_scan(self._scan, query, k, mask)
        found = rows.astype(np.int32)
        order = best(scores, found if ties is None else ties[found], k)
        return found[order], scores[order]

    def cosines(self, query: Floats, rows: NDArray[np.integer]) -> Floats:
        """Return the cosine of ``query`` with each of ``rows``, float32."""
        if self._rows is not None:
            return self._rows.cosines(query, rows)
        source = self.stored if self._exact is None else self._exact
        return np.asarray(np.asarray(source[rows], np.float32) @ query, np.float32)

    def union(
        self,
        query: Floats | None,
        scores: Floats | None,
        words: NDArray[np.int32],
        near: tuple[NDArray[np.int32], Floats],
    ) -> Union:
        """Put together the rows of the lexical leg, ``words``, and of the vector leg, ``near``.

        ``scores`` float32 ``[n]`` are the lexical ones of all rows; None, as None for ``query``:
        that leg was not asked.
        """
        if self._rows is not None:
            return self._rows.union(query, scores, words, near)
        return united(
            (words, _NONE if scores is None else scores[words]),
            near,
            None if scores is None else scores.__getitem__,
            None if query is None else lambda rows: self.cosines(query, rows),
        )

    def spliced(self, old: NDArray[np.int64], added: VectorIndex) -> VectorIndex:
        """Return the index of other rows: ``old`` names each one's row here, -1 the next added."""
        vectors = spliced(old, self.stored, added.stored)
        keys = spliced(old, self.keys, added.keys)
        scan = self._scan.spliced(old, added.stored) if self._scan else None
        return VectorIndex(vectors, keys, scan=scan)

    def save(self, folder: Path) -> None:
        """Write vectors (float16), keys (uint8 ``[n, 16]``) and, if there is one, the scan."""
        folder.mkdir(parents=True, exist_ok=True)
        np.save(folder / "vectors.npy", self.stored)
        np.save(folder / "keys.npy", self.keys)
        if self._scan is not None:
            self._scan.save(folder)

    @classmethod
    def load(cls, folder: Path) -> VectorIndex:
        """Map what `save` wrote. Raises FileNotFoundError."""
        vectors, keys = mapped(folder / "vectors.npy"), mapped(folder / "keys.npy")
        return cls(vectors, keys, scan=Scan.load(folder))

    def _search_exact(
        self, query: Floats, k: int, mask: NDArray[np.bool_] | None
    ) -> tuple[NDArray[np.int64], Floats]:
        assert self._exact is not None
        scores = self._exact @ query
        if mask is not None:
            scores = np.where(mask, scores, np.float32(-1.0))
        if len(scores) <= k:
            return np.arange(len(scores)), scores
        rows = np.argpartition(-scores, k)[:k]
        return rows, scores[rows]

    def _search_scan(
        self, scan: Scan, query: Floats, k: int, mask: NDArray[np.bool_] | None
    ) -> tuple[NDArray[np.int64], Floats]:
        if mask is not None and np.count_nonzero(mask) <= max(FEW, SPARSE * len(mask)):
            rows = np.flatnonzero(mask)
        else:
            rows = scan.candidates(query, max(k * REFINED, LEAST_REFINED), mask)
        return rows, self.cosines(query, rows)


def _like(keys: Keys, wanted: Keys) -> list[int]:
    """Return the rows of ``keys`` that may be among ``wanted``: their first 8 bytes are."""
    ours, theirs = (
        np.ascontiguousarray(some[:, :8]).view(np.uint64).ravel() for some in (keys, wanted)
    )
    found: list[int] = np.flatnonzero(np.isin(ours, theirs)).tolist()
    return found


def embed(
    texts: Sequence[str],
    embedder: Embedder,
    *,
    known: VectorIndex | None = None,
    encode: Callable[[list[int]], Floats] | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
    batch: int = 4096,  # most words of a batch stand in it many times, and are read once
) -> tuple[VectorIndex, int]:
    """Return the vectors of ``texts`` and how many were computed anew.

    ``known`` holds vectors of the same model; those whose key matches are taken over. ``encode``
    gives the vectors of rows of ``texts`` where the embedder need not read these themselves.
    """
    encode = encode or (lambda rows: embedder.encode_clauses([texts[row] for row in rows]))
    keys = np.zeros((len(texts), 16), np.uint8)
    for row, text in enumerate(texts):
        keys[row] = np.frombuffer(
            hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=16).digest(), np.uint8
        )
    vectors = np.zeros((len(texts), embedder.dimensions), np.float16)
    cached = {known.keys[row].tobytes(): row for row in _like(known.keys, keys)} if known else {}
    missing: list[int] = []
    for row, key in enumerate(keys):
        found = cached.get(key.tobytes())
        if found is None or known is None:
            missing.append(row)
        else:
            vectors[row] = known.stored[found]
    for at in range(0, len(missing), batch):
        rows = missing[at : at + batch]
        vectors[rows] = encode(rows).astype(np.float16)
        progress(at + len(rows), len(missing))
    return VectorIndex(vectors, keys), len(missing)
