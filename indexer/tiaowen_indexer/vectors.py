"""The vector leg: cosine over unit vectors, exact while the collection is small.

Vectors are kept as float16 rows beside the key of the text they stand for, so that a re-index
takes over every vector whose text and model are unchanged.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tiaowen_models.kernels import vectors as kernels
from tiaowen_models.protocols import Embedder

from tiaowen_indexer.files import mapped
from tiaowen_indexer.scan import CANDIDATES, LISTS_FROM, SAMPLE, build_scan
from tiaowen_indexer.stretches import spliced

EXACT_UP_TO = 20_000  # rows; above it a query costs more than a millisecond
REFINED = 4  # candidates per wanted result that the quantised scan hands to exact scoring,
LEAST_REFINED = CANDIDATES  # and at least so many: one bit a dimension misplaces neighbours
SPARSE = 0.1  # share of rows that pass a filter, up to which those rows are scored one by one

MOST_GONE = 0.1  # share of entries of the scan whose rows are gone, up to which it is kept

_SCAN = "scan.faiss"
_SCANNED = "scanned.npy"

Floats = NDArray[np.float32]
Keys = NDArray[np.uint8]


class VectorIndex:
    """Unit vectors of all clauses; read-only and safe to share between threads."""

    def __init__(
        self,
        vectors: NDArray[np.float16],
        keys: Keys,
        *,
        scan: Any = None,
        scanned: NDArray[np.int64] | None = None,
        asked: Floats | None = None,
    ) -> None:
        """``scan`` is the quantised index of ``vectors``, built here if it is needed and None.

        ``scanned`` int64: the row of each of its entries, -1 for one that is gone; None if they
        are the rows in order. ``asked``: questions to measure the scan's recall with.
        """
        self.keys = keys
        self.stored = vectors
        self._exact: Floats | None = None
        self._scan: Any = scan
        self._scanned = scanned
        if len(vectors) <= EXACT_UP_TO:
            self._exact = np.ascontiguousarray(vectors, np.float32)
        elif scan is None:
            self._scan = build_scan(np.asarray(vectors, np.float32), asked)

    @property
    def dimensions(self) -> int:
        """Length of a vector."""
        return int(self.stored.shape[1])

    def search(
        self, query: Floats, k: int, *, mask: NDArray[np.bool_] | None = None
    ) -> tuple[NDArray[np.int32], Floats]:
        """Return the rows of the ``k`` largest cosines above 0, best first, and the cosines.

        ``mask`` bool ``[n]`` limits the search to its true rows. Ties keep row order.
        """
        if not len(self.stored) or not query.any():
            return np.zeros(0, np.int32), np.zeros(0, np.float32)
        if self._exact is not None:
            rows, scores = self._search_exact(query, k, mask)
        else:
            rows, scores = self._search_quantised(query, k, mask)
        order = np.lexsort((rows, -scores))[:k]
        order = order[scores[order] > 0]
        return rows[order].astype(np.int32), scores[order]

    def cosines(self, query: Floats, rows: NDArray[np.int32]) -> Floats:
        """Return the cosine of ``query`` with each of ``rows``, float32."""
        if kernels.AVAILABLE:
            return kernels.cosines(self.stored, query, rows)
        source = self.stored if self._exact is None else self._exact
        return np.asarray(np.asarray(source[rows], np.float32) @ query, np.float32)

    def spliced(self, old: NDArray[np.int64], added: VectorIndex) -> VectorIndex:
        """Return the index of other rows: ``old`` names each one's row here, -1 the next added."""
        vectors = spliced(old, self.stored, added.stored)
        keys = spliced(old, self.keys, added.keys)
        if self._exact is not None or len(old) <= EXACT_UP_TO:
            return VectorIndex(vectors, keys)
        return VectorIndex(vectors, keys, **self._scan_on(old, added))

    def _scan_on(self, old: NDArray[np.int64], added: VectorIndex) -> dict[str, Any]:
        """Return the scan with the new rows appended and the places that all entries have now."""
        entries = np.arange(len(self.stored)) if self._scanned is None else self._scanned
        if len(entries) > len(old) * (1 + MOST_GONE):
            return {}
        import faiss

        rows = np.full(len(self.stored) + 1, -1, np.int64)  # the last one stands for entry -1
        kept = np.flatnonzero(old >= 0)
        rows[old[kept]] = kept
        scan = faiss.deserialize_index(faiss.serialize_index(self._scan))  # a copy
        new = np.flatnonzero(old < 0)
        if len(new):
            scan.add(np.asarray(added.stored, np.float32))
        return {"scan": scan, "scanned": np.concatenate([rows[entries], new])}

    def save(self, folder: Path) -> None:
        """Write vectors (float16), keys (uint8 ``[n, 16]``) and, if there is one, the scan."""
        folder.mkdir(parents=True, exist_ok=True)
        np.save(folder / "vectors.npy", self.stored)
        np.save(folder / "keys.npy", self.keys)
        if self._exact is None:
            import faiss

            faiss.write_index(self._scan, str(folder / _SCAN))
            if self._scanned is not None:
                np.save(folder / _SCANNED, self._scanned)

    @classmethod
    def load(cls, folder: Path) -> VectorIndex:
        """Map what `save` wrote. Raises FileNotFoundError."""
        vectors = mapped(folder / "vectors.npy")
        scan = None
        if (folder / _SCAN).is_file():
            import faiss

            scan = faiss.read_index(str(folder / _SCAN))
        keys = mapped(folder / "keys.npy")
        scanned = np.load(folder / _SCANNED) if (folder / _SCANNED).is_file() else None
        return cls(vectors, keys, scan=scan, scanned=scanned)

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

    def _search_quantised(
        self, query: Floats, k: int, mask: NDArray[np.bool_] | None
    ) -> tuple[NDArray[np.int64], Floats]:
        wanted = max(k * REFINED, LEAST_REFINED)
        if mask is not None:
            kept = int(np.count_nonzero(mask))
            if kept <= max(EXACT_UP_TO, SPARSE * len(mask)):
                rows = np.flatnonzero(mask)
                return rows, self.cosines(query, rows.astype(np.int32))
            wanted = wanted * len(mask) // kept  # the scan takes no filter: look further instead
        _, found = self._scan.search(query[None, :], min(wanted, self._scan.ntotal))
        rows = found[0][found[0] >= 0]
        if self._scanned is not None:
            rows = self._scanned[rows]
            rows = rows[rows >= 0]
        if mask is not None:
            rows = rows[mask[rows]]
        return rows, self.cosines(query, rows.astype(np.int32))


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
    progress: Callable[[int, int], None] = lambda done, total: None,
    batch: int = 4096,  # most words of a batch stand in it many times, and are read once
) -> tuple[VectorIndex, int]:
    """Return the vectors of ``texts`` and how many were computed anew.

    ``known`` holds vectors of the same model; those whose key matches are taken over.
    """
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
        vectors[rows] = embedder.encode_clauses([texts[row] for row in rows]).astype(np.float16)
        progress(at + len(rows), len(missing))
    asked = None
    if len(texts) >= LISTS_FROM:
        asked = embedder.encode_queries([_opening(text) for text in texts[:: len(texts) // SAMPLE]])
    return VectorIndex(vectors, keys, asked=asked), len(missing)


def _opening(text: str) -> str:
    """A few words from the first third of a text: as short, and as far from it, as a question."""
    return text[len(text) // 3 :][:14]
