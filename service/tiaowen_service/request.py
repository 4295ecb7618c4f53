"""What a search asks for, checked once at the rim."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, get_args

from tiaowen_indexer.stores.filters import Filters

__all__ = ["Collapse", "Facet", "Filters", "Mode", "SearchRequest"]

Mode = Literal["hybrid", "bm25", "vector"]
Collapse = Literal["none", "near"]
Facet = Literal["doc_ids", "kinds", "issuers", "regions", "years", "modality"]
MODES: tuple[str, ...] = get_args(Mode)
FACETS: tuple[str, ...] = get_args(Facet)

LONGEST_QUERY = 2000  # characters; a pasted paragraph still fits
LARGEST_LIMIT = 100
LARGEST_OFFSET = 1000
LARGEST_BATCH = 100


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """One search."""

    query: str
    mode: Mode = "hybrid"
    limit: int = 10
    offset: int = 0
    filters: Filters = field(default_factory=Filters)
    facets: tuple[Facet, ...] = ()
    collapse: Collapse = "none"
    explain: bool = False

    def __reduce__(self) -> tuple[type[SearchRequest], tuple[object, ...]]:
        """Pickle by position, see `Filters`: every search goes to a process of its own."""
        return SearchRequest, tuple(getattr(self, name) for name in self.__slots__)
