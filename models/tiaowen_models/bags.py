"""Words of many texts by number, in order or counted: what sums over texts starts from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from tiaowen_models.protocols import Integers
from tiaowen_models.reading import Offsets, ranges

_PLACE = np.int64(0xFFFFFFFF)


class Numbers(dict[str, int]):
    """Words numbered from 1 in the order in which they are met; 0 stands where there is none."""

    NONE: ClassVar = "\n"

    def __init__(self) -> None:
        super().__init__({self.NONE: 0})

    def __missing__(self, word: str) -> int:
        self[word] = number = len(self)
        return number


@dataclass(frozen=True, slots=True)
class Words:
    """``numbers`` of the words of n texts, as they stand there; text i is ``at[i]:at[i + 1]``."""

    numbers: Integers  # [W]
    at: Offsets  # [n + 1]

    def take(self, rows: NDArray[Any]) -> Words:
        """Return the words of the texts of ``rows``, in their order."""
        at, places = ranges(self.at, rows)
        return Words(self.numbers[places], at)

    def counted(self) -> Bags:
        """Return every word of a text once, where it stood first."""
        total = len(self.numbers)
        # by word, then by place: so those of one text stand together too
        order = np.sort(self.numbers.astype(np.int64) << 32 | np.arange(total))
        text = np.repeat(np.arange(len(self.at) - 1, dtype=np.int32), np.diff(self.at))
        places = order & _PLACE
        word, of = order >> 32, text[places]
        new = np.ones(total, bool)
        new[1:] = (word[1:] != word[:-1]) | (of[1:] != of[:-1])
        firsts = np.flatnonzero(new)
        counts = np.zeros(total, np.int32)
        counts[places[firsts]] = np.diff(firsts, append=total)
        stays = counts > 0
        before = np.concatenate([np.zeros(1, np.int64), np.cumsum(stays)])
        return Bags(self.numbers[stays], counts[stays], before[self.at])


@dataclass(frozen=True, slots=True)
class Bags:
    """The distinct words of n texts in the order in which they come, and how often."""

    numbers: Integers  # [W]
    counts: Integers  # [W]
    at: Offsets  # [n + 1]

    def filled(self) -> Bags:
        """Return bags none of which is empty: where there is no word, word 0 stands once."""
        sizes = np.diff(self.at)
        empty = self.at[:-1][sizes == 0]
        at = np.concatenate([np.zeros(1, np.int64), np.cumsum(np.maximum(sizes, 1))])
        return Bags(np.insert(self.numbers, empty, 0), np.insert(self.counts, empty, 1), at)


def words_in_a_row(parts: Sequence[Words]) -> Words:
    """Return the words of all parts, which have the same numbers; at least one part."""
    return Words(np.concatenate([part.numbers for part in parts]), _offsets(parts))


def bags_in_a_row(parts: Sequence[Bags]) -> Bags:
    """Return the bags of all parts, whose words have the same numbers; at least one part."""
    return Bags(
        np.concatenate([part.numbers for part in parts]),
        np.concatenate([part.counts for part in parts]),
        _offsets(parts),
    )


def _offsets(parts: Sequence[Words] | Sequence[Bags]) -> Offsets:
    sizes = np.concatenate([np.diff(part.at) for part in parts])
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes)])
