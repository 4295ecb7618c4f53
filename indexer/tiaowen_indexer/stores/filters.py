"""Conditions that a clause's document, or the clause, must meet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from tiaowen_corpus.types import Modality


@dataclass(frozen=True, slots=True)
class Filters:
    """Conditions that a clause's document, or the clause, must meet; empty means any."""

    doc_ids: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    issuers: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    issued_from: str = ""  # ISO 8601, a year or month will do
    issued_to: str = ""
    modality: tuple[Modality, ...] = ()

    def __bool__(self) -> bool:
        return any(getattr(self, name) for name in self.__slots__)

    def __reduce__(self) -> tuple[type[Filters], tuple[object, ...]]:
        """Pickle by position: as dataclasses do it by themselves, it takes twice as long."""
        return Filters, tuple(getattr(self, name) for name in self.__slots__)


class Facts(Protocol):
    """What is asked of a document."""

    @property
    def doc_id(self) -> str: ...  # noqa: D102
    @property
    def kind(self) -> str: ...  # noqa: D102
    @property
    def issuer(self) -> str: ...  # noqa: D102
    @property
    def region(self) -> str: ...  # noqa: D102
    @property
    def issued(self) -> str: ...  # noqa: D102


def passes(entry: Facts, filters: Filters) -> bool:
    """Say whether a document meets ``filters``; modality is asked of clauses, not here."""
    # "2014" as an upper bound means the whole of 2014, so the bound sets the length compared
    return (
        (not filters.doc_ids or entry.doc_id in filters.doc_ids)
        and (not filters.kinds or entry.kind in filters.kinds)
        and (not filters.issuers or entry.issuer in filters.issuers)
        and (not filters.regions or entry.region in filters.regions)
        and (not filters.issued_from or entry.issued >= filters.issued_from[: len(entry.issued)])
        and (
            not filters.issued_to
            or ("" < entry.issued[: len(filters.issued_to)] <= filters.issued_to)
        )
        and (not filters.issued_from or bool(entry.issued))
    )
