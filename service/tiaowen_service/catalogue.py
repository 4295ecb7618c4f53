"""The documents of a snapshot in memory: filters, facets, metadata."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from tiaowen_indexer.modality import MODALITIES, bits
from tiaowen_indexer.snapshot import Snapshot
from tiaowen_indexer.stores.filters import passes

from tiaowen_service.request import Filters

Mask = NDArray[np.bool_]


class Entry(NamedTuple):
    """What the catalogue knows of one document; ``first`` is its first clause row.

    A tuple is made in a sixth of the time of a dataclass: every index has one a document.
    """

    doc_id: str
    file_id: str
    part: int
    title: str
    kind: str
    issuer: str
    region: str
    doc_number: str
    issued: str
    script: str
    source: str
    first: int
    clauses: int

    @property
    def metadata(self) -> dict[str, str]:
        """What every hit says of its document."""
        return {
            "issuer": self.issuer,
            "region": self.region,
            "doc_number": self.doc_number,
            "issued": self.issued,
            "script": self.script,
            "source": self.source,
        }


_FACET: Mapping[str, Callable[[Entry], str]] = {
    "doc_ids": lambda entry: entry.doc_id,
    "kinds": lambda entry: entry.kind,
    "issuers": lambda entry: entry.issuer,
    "regions": lambda entry: entry.region,
    "years": lambda entry: entry.issued[:4],
}


class Catalogue:
    """Documents by row, and the columns of clauses that filters ask."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.entries = [Entry._make(row) for row in snapshot.store.document_rows()]
        self._columns = snapshot.columns

    @cached_property
    def rows(self) -> dict[str, int]:
        """Row of every doc_id."""
        return {entry.doc_id: row for row, entry in enumerate(self.entries)}

    def mask(self, filters: Filters) -> Mask | None:
        """Return which clauses pass, bool ``[n_clauses]``; None if every one does."""
        if not filters:
            return None
        keep = np.array([passes(entry, filters) for entry in self.entries], bool)
        mask: Mask = keep[self._columns.document]
        if filters.modality:
            mask &= (self._columns.modality & np.uint8(bits(filters.modality))) > 0
        return mask

    def facets(self, names: Iterable[str], rows: NDArray[np.int32]) -> dict[str, dict[str, int]]:
        """Count the clauses of ``rows`` by each facet's value, most frequent first."""
        documents = np.bincount(self._columns.document[rows], minlength=len(self.entries))
        found: dict[str, dict[str, int]] = {}
        for name in names:
            counts: Counter[str] = Counter()
            if name == "modality":
                for position, modality in enumerate(MODALITIES):
                    held = self._columns.modality[rows] & np.uint8(1 << position)
                    counts[modality] = int(np.count_nonzero(held))
            else:
                for row in np.flatnonzero(documents):
                    counts[_FACET[name](self.entries[row])] += int(documents[row])
            ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
            found[name] = {value: count for value, count in ordered if value and count}
        return found
