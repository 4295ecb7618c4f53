"""What the service asks of wherever the legs are searched."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from tiaowen_models.best import best

from tiaowen_indexer.snapshot import Snapshot
from tiaowen_indexer.stores.filters import Filters

RRF_K = 60  # Cormack et al., SIGIR 2009; ranks start at 1
NO_FILTERS = Filters()

Floats = NDArray[np.float32]
Integers = NDArray[np.int32]
Progress = Callable[[int, int], None]  # clauses loaded, of how many


@dataclass(frozen=True, slots=True)
class Leg:
    """Rows of the snapshot with scores above 0, best first; ties in the order of clause ids."""

    rows: Integers
    scores: Floats

    def __len__(self) -> int:
        return len(self.rows)


class ClauseStore(Protocol):
    """The two legs over one version of the index; read-only, safe to share between threads.

    ``terms`` maps a term to its weight in the query; ``vector`` is float32 ``[d]`` of length 1.
    """

    @property
    def version(self) -> str:
        """The version of the snapshot that is searched, and no other."""
        ...

    def count(self) -> int:
        """How many clauses are held."""
        ...

    def lexical(self, terms: Mapping[str, float], k: int, *, where: Filters = NO_FILTERS) -> Leg:
        """Return the ``k`` best clauses by BM25."""
        ...

    def nearest(self, vector: Floats, k: int, *, where: Filters = NO_FILTERS) -> Leg:
        """Return the ``k`` clauses of largest cosine."""
        ...

    def fused(
        self,
        terms: Mapping[str, float],
        vector: Floats,
        k: int,
        *,
        where: Filters = NO_FILTERS,
    ) -> Leg:
        """Return the ``k`` best of both legs by reciprocal ranks, each asked for ``k``."""
        ...

    def lexical_scores(self, terms: Mapping[str, float], rows: Integers) -> Floats:
        """Return the BM25 score of each of ``rows``, 0 where no term matches."""
        ...

    def cosines(self, vector: Floats, rows: Integers) -> Floats:
        """Return the cosine of each of ``rows``."""
        ...


class StoreHost(Protocol):
    """Keeps versions, one of them live. A version is opened by name, so none is ever mixed."""

    def load(self, snapshot: Snapshot, *, progress: Progress = lambda done, of: None) -> int:
        """Bring a snapshot in, whole, and return how many clauses were sent; 0 if it is there."""
        ...

    def open(self, snapshot: Snapshot) -> ClauseStore:
        """Return the store of this snapshot's version. Raises NotLoaded."""
        ...

    def publish(self, version: str) -> None:
        """Make ``version`` the live one in one step. Raises NotLoaded."""
        ...

    def live(self) -> str | None:
        """Return the live version."""
        ...

    def versions(self) -> list[str]:
        """Return the versions that are whole, by name."""
        ...

    def drop(self, version: str) -> None:
        """Remove a version that is not live. Raises StillLive."""
        ...


def reciprocal(legs: list[Leg], k: int, order: NDArray[np.int32]) -> Leg:
    """Fuse legs by reciprocal ranks; ``order[row]`` settles ties."""
    fused: dict[int, float] = {}
    for leg in legs:
        for rank, row in enumerate(leg.rows.tolist(), 1):
            fused[row] = fused.get(row, 0.0) + 1.0 / (RRF_K + rank)
    rows = np.fromiter(fused, np.int32, len(fused))
    scores = np.fromiter(fused.values(), np.float32, len(fused))
    return best_first(rows, scores, k, order)


def best_first(rows: Integers, scores: Floats, k: int, order: NDArray[np.int32]) -> Leg:
    """Return the ``k`` best with a score above 0; ``order[row]`` settles ties."""
    at = best(scores, order[rows], k)
    return Leg(rows[at].astype(np.int32), scores[at].astype(np.float32))
