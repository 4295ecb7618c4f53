"""Expressions of the lexicon, found in a query."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

LONGEST = 8  # characters of a Chinese lexicon entry that is looked for
_BEGINNING = 2  # characters; none is shorter


@dataclass(frozen=True, slots=True)
class Expressions:
    """Those of 2 to LONGEST characters; ``sizes`` by how they begin, the longest first."""

    known: frozenset[str]
    sizes: dict[str, tuple[int, ...]]

    @classmethod
    def of(cls, expressions: Iterable[str]) -> Self:
        """Sort them by their beginnings."""
        known = frozenset(each for each in expressions if _BEGINNING <= len(each) <= LONGEST)
        sizes: dict[str, set[int]] = {}
        for each in known:
            sizes.setdefault(each[:_BEGINNING], set()).add(len(each))
        ordered = {each: tuple(sorted(found, reverse=True)) for each, found in sizes.items()}
        return cls(known, ordered)

    def found_in(self, folded: str) -> list[str]:
        """Return the longest known expressions of a text, left to right, not overlapping."""
        found: list[str] = []
        at = 0
        while at < len(folded) - 1:
            for size in self.sizes.get(folded[at : at + _BEGINNING], ()):
                if folded[at : at + size] in self.known:
                    found.append(folded[at : at + size])
                    at += size - 1
                    break
            at += 1
        return found
