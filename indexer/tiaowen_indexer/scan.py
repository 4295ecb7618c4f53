"""The quantised scan that finds candidates for exact cosines: product quantisation, read whole.

Every two dimensions of a row are one of 16 points, four bits (Jégou et al., TPAMI 2011), and a
query's products with them are looked up in registers, 32 rows at a time (André et al., "Quicker
ADC", TPAMI 2021). All rows stand in one list: of faiss's fast scans only those with lists take a
selector, and one list is read as fast as none. More lists would need probes, and lose recall.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

MOST_GONE = 0.1  # share of entries whose rows are gone, up to which a scan is kept
TRAINED = 2048  # rows that the points are found from: twenty times as many find no more
_ROUNDS = 10  # of k-means; recall is the same after 25
_AT_ONCE = 1 << 16  # rows unpacked from float16 at a time
_SEED = 7

_INDEX = "scan.faiss"
_ROWS = "scanned.npy"

Floats = NDArray[np.float32]
Rows = NDArray[np.int64]


class Scan:
    """Entries of a quantised index and the rows they stand for; never changed once made."""

    def __init__(self, index: Any, rows: Rows | None = None) -> None:
        """``rows`` int64: the row of each entry of ``index``, -1 for one that is gone.

        None if the entries are the rows in order.
        """
        self._index = index
        self._rows = rows
        self._there = None if rows is None or (rows >= 0).all() else rows >= 0

    @classmethod
    def of(cls, vectors: NDArray[np.float16]) -> Scan:
        """Quantise unit ``vectors`` float16 ``[n, d]``; equal rows, equal bytes."""
        import faiss

        count, dimensions = vectors.shape
        index: Any = faiss.index_factory(dimensions, kind(dimensions), faiss.METRIC_INNER_PRODUCT)
        index.pq.cp.niter = _ROUNDS
        draw = np.random.default_rng(_SEED)
        trained = np.sort(draw.choice(count, min(count, TRAINED), replace=False))
        index.train(np.asarray(vectors[trained], np.float32))
        _add(index, vectors)
        return cls(index)

    def candidates(
        self, query: Floats, count: int, mask: NDArray[np.bool_] | None = None
    ) -> NDArray[np.int64]:
        """Return the ``count`` rows that seem nearest to ``query``, in any order, or all there are.

        ``mask`` bool ``[n]`` limits them to its true rows.
        """
        chosen = self._chosen(mask)
        selector = None if chosen is None else _only(chosen)
        most = min(count, self._index.ntotal)
        found = self._index.search(query[None, :], most, params=selector)[1][0]
        entries = found[found >= 0]
        return np.asarray(entries if self._rows is None else self._rows[entries], np.int64)

    def _chosen(self, mask: NDArray[np.bool_] | None) -> NDArray[np.bool_] | None:
        """Return which entries may be found, bool ``[entries]``; None: any.

        Those that are gone may not: the old wordings of a clause that changes often would take
        the places of its neighbours.
        """
        if mask is None or self._rows is None:
            return self._there if mask is None else mask
        chosen = mask[self._rows]
        return chosen if self._there is None else chosen & self._there

    def spliced(self, old: Rows, added: NDArray[np.float16]) -> Scan | None:
        """Return the scan of other rows: ``old`` names each one's row here, -1 the next added.

        The points stay those of the rows that it was made of. None if too many entries are gone.
        """
        import faiss

        before = self._index.ntotal
        new = np.flatnonzero(old < 0)
        if before + len(new) > len(old) * (1 + MOST_GONE):
            return None
        kept = np.flatnonzero(old >= 0)
        places = np.full(before + 1, -1, np.int64)  # by row; the last one stands for row -1
        places[old[kept]] = kept
        rows = np.arange(before) if self._rows is None else self._rows
        index = faiss.clone_index(self._index)
        _add(index, added)
        return Scan(index, np.concatenate([places[rows], new]))

    def save(self, folder: Path) -> None:
        """Write the index and, unless its entries are the rows in order, their rows."""
        import faiss

        faiss.write_index(self._index, str(folder / _INDEX))
        if self._rows is not None:
            np.save(folder / _ROWS, self._rows)

    @classmethod
    def load(cls, folder: Path) -> Scan | None:
        """Read what `save` wrote; None if there is none."""
        if not (folder / _INDEX).is_file():
            return None
        import faiss

        rows = np.load(folder / _ROWS) if (folder / _ROWS).is_file() else None
        return cls(faiss.read_index(str(folder / _INDEX)), rows)


def kind(dimensions: int) -> str:
    """Return faiss's name of the index: four bits for two dimensions, or each of an odd number."""
    parts = dimensions if dimensions % 2 else dimensions // 2
    return f"IVF1,PQ{parts}x4fs"


def _only(entries: NDArray[np.bool_]) -> Any:
    """Return faiss's parameters of a search among the true ``entries``."""
    import faiss

    bits = np.packbits(entries, bitorder="little")
    # faiss's own stubs do not know that it takes arrays and keywords here
    selector = faiss.IDSelectorBitmap(bits)  # type: ignore[call-arg, arg-type]
    return faiss.SearchParametersIVF(sel=selector)  # type: ignore[call-arg]


def _add(index: Any, vectors: NDArray[np.float16]) -> None:
    for at in range(0, len(vectors), _AT_ONCE):
        index.add(np.asarray(vectors[at : at + _AT_ONCE], np.float32))
