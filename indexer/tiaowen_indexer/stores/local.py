"""The snapshot folder of this machine as a store: mapped postings and vectors, exact scores."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tiaowen_indexer import snapshot as folders
from tiaowen_indexer.modality import bits
from tiaowen_indexer.snapshot import Snapshot
from tiaowen_indexer.stores.errors import NotLoaded, StillLive
from tiaowen_indexer.stores.filters import Filters, passes
from tiaowen_indexer.stores.protocol import (
    NO_FILTERS,
    Floats,
    Integers,
    Leg,
    Progress,
    best_first,
    reciprocal,
)


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """What filters ask of a document."""

    doc_id: str
    kind: str
    issuer: str
    region: str
    issued: str


def document_facts(snapshot: Snapshot) -> list[DocumentFacts]:
    """Return the facts of every document, by row."""
    return [
        DocumentFacts(*(str(row[at]) for at in (0, 4, 5, 6, 8)))
        for row in snapshot.store.document_rows()
    ]


class LocalStore:
    """Searches one open snapshot."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    @property
    def version(self) -> str:
        """The version of the snapshot."""
        return self._snapshot.manifest.version

    def count(self) -> int:
        """How many clauses are held."""
        return self._snapshot.manifest.clauses

    def lexical(self, terms: Mapping[str, float], k: int, *, where: Filters = NO_FILTERS) -> Leg:
        """Return the ``k`` best clauses by BM25."""
        scores = self._snapshot.lexical.scores(terms)
        mask = self._mask(where)
        if mask is not None:
            scores[~mask] = 0.0
        rows = np.flatnonzero(scores > 0).astype(np.int32)
        return best_first(rows, scores[rows], k, self._order)

    def nearest(self, vector: Floats, k: int, *, where: Filters = NO_FILTERS) -> Leg:
        """Return the ``k`` clauses of largest cosine."""
        rows, cosines = self._snapshot.vectors.search(vector, k, mask=self._mask(where))
        return best_first(rows, cosines, k, self._order)

    def fused(
        self,
        terms: Mapping[str, float],
        vector: Floats,
        k: int,
        *,
        where: Filters = NO_FILTERS,
    ) -> Leg:
        """Return the ``k`` best of both legs by reciprocal ranks."""
        legs = [self.lexical(terms, k, where=where), self.nearest(vector, k, where=where)]
        return reciprocal(legs, k, self._order)

    def lexical_scores(self, terms: Mapping[str, float], rows: Integers) -> Floats:
        """Return the BM25 score of each of ``rows``."""
        added = self._snapshot.lexical.contributions(list(terms), rows)
        weights = np.fromiter(terms.values(), np.float32, len(terms))
        return np.asarray(weights @ added, np.float32)

    def cosines(self, vector: Floats, rows: Integers) -> Floats:
        """Return the cosine of each of ``rows``."""
        return self._snapshot.vectors.cosines(vector, rows)

    @property
    def _order(self) -> NDArray[np.int32]:
        return self._snapshot.columns.order

    @cached_property
    def _facts(self) -> list[DocumentFacts]:
        return document_facts(self._snapshot)

    def _mask(self, where: Filters) -> NDArray[np.bool_] | None:
        if not where:
            return None
        columns = self._snapshot.columns
        keep = np.array([passes(facts, where) for facts in self._facts], bool)
        mask: NDArray[np.bool_] = keep[columns.document]
        if where.modality:
            mask &= (columns.modality & np.uint8(bits(where.modality))) > 0
        return mask


class LocalHost:
    """The versions of one index folder."""

    def __init__(self, index: Path) -> None:
        self.index = index

    def load(self, snapshot: Snapshot, *, progress: Progress = lambda done, of: None) -> int:
        """Copy a sealed snapshot that stands elsewhere; one of this folder is there already."""
        version, count = snapshot.manifest.version, snapshot.manifest.clauses
        if version in self.versions():
            return 0
        copied = folders.building_folder(self.index)
        shutil.copytree(snapshot.folder, copied, dirs_exist_ok=True)
        folders.seal(copied, self.index, snapshot.manifest)
        progress(count, count)
        return count

    def open(self, snapshot: Snapshot) -> LocalStore:
        """Return the store of this snapshot's version. Raises NotLoaded."""
        version = snapshot.manifest.version
        if version not in self.versions():
            raise NotLoaded(version)
        return LocalStore(folders.open_snapshot(self.index / version))

    def publish(self, version: str) -> None:
        """Make ``version`` the live one by one rename. Raises NotLoaded."""
        if version not in self.versions():
            raise NotLoaded(version)
        folders.publish(self.index, version)

    def live(self) -> str | None:
        """Return the live version."""
        return folders.current_version(self.index)

    def versions(self) -> list[str]:
        """Return the versions that are whole, by name."""
        return folders.versions(self.index)

    def drop(self, version: str) -> None:
        """Remove a version that is not live. Raises StillLive."""
        if version == self.live():
            raise StillLive(version)
        shutil.rmtree(self.index / version, ignore_errors=True)
