"""What ranking models read of the candidates, fetched when they read it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import overload

from tiaowen_indexer.searched import clause_text
from tiaowen_indexer.store import Store
from tiaowen_models.protocols import ClauseText, Integers

from tiaowen_service.catalogue import Catalogue


class Texts(Sequence[ClauseText]):
    """The wording of ``rows``. Whoever reads one is given that one; whoever reads on has all of
    them fetched at once, since a query to the store costs more than a clause.
    """

    def __init__(self, store: Store, catalogue: Catalogue, rows: Integers) -> None:
        self._store = store
        self._catalogue = catalogue
        self._rows: list[int] = rows.tolist()
        self._read: dict[int, ClauseText] = {}

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[ClauseText]:
        return iter(self[:])

    @overload
    def __getitem__(self, at: int) -> ClauseText: ...

    @overload
    def __getitem__(self, at: slice) -> list[ClauseText]: ...

    def __getitem__(self, at: int | slice) -> ClauseText | list[ClauseText]:
        wanted = self._rows[at]
        if isinstance(wanted, int):
            if wanted not in self._read:
                self._fetch(self._rows if self._read else [wanted])
            return self._read[wanted]
        self._fetch([row for row in wanted if row not in self._read])
        return [self._read[row] for row in wanted]

    def _fetch(self, rows: list[int]) -> None:
        for row, stored in self._store.clauses(rows).items():
            self._read[row] = clause_text(stored, self._catalogue.entries[stored.document].title)
