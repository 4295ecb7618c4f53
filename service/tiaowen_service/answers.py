"""Answers that were given before: the same search of the same index has the same answer."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import Any, Self

from tiaowen_service.as_json import encoded
from tiaowen_service.request import SearchRequest

MOST = 2048  # keys kept, two an answer of some 20 kB


@dataclass(frozen=True, slots=True)
class Given:
    """An encoded answer, and of what it says that which is counted."""

    body: bytes
    counted: dict[str, Any]

    @classmethod
    def of(cls, answer: dict[str, Any]) -> Self:
        """Encode an answer of `Searcher.search`."""
        return cls(encoded(answer), counted(answer))


def counted(answer: dict[str, Any]) -> dict[str, Any]:
    """Return of a search answer what the figures need."""
    legs = {
        leg: sum(1 for hit in answer["hits"] if hit["legs"][leg] is not None)
        for leg in ("bm25", "vector")
    }
    return {"confidence": answer["confidence"], "warnings": answer["warnings"], "legs": legs}


# a search, or the bytes that asked for it: those need not be read a second time
Asked = SearchRequest | tuple[str, bytes]


class Answers:
    """The answers asked for last, of one index at a time; used from one event loop."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Asked, Given] = OrderedDict()
        self._version = ""

    def get(self, version: str, request: Asked) -> Given | None:
        """Return what was answered to ``request`` from this version of the index."""
        if version != self._version:
            self._kept.clear()
            self._version = version
        given = self._kept.get(request)
        if given is not None:
            self._kept.move_to_end(request)
        return given

    def keep(self, version: str, request: Asked, given: Given) -> None:
        """Keep an answer of the version last asked for, none of another: an index may have changed
        while it was looked for. The one not asked for longest goes.
        """
        if version != self._version:
            return
        self._kept[request] = given
        if len(self._kept) > MOST:
            self._kept.popitem(last=False)
