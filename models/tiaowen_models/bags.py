"""Words of many texts by number, in order or counted: what sums over texts starts from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from tiaowen_models.protocols import Integers
from tiaowen_models.reading import Offsets, in_a_row, offsets_of, ranges

_TOGETHER = 512  # texts whose words, sorted, stay in the processor's cache
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

    def replaced(self, rows: NDArray[np.int64], others: Words) -> Words:
        """Return these texts with ``others`` in the places of ``rows``."""
        if not len(rows):
            return self
        chosen = np.arange(len(self.at) - 1)
        chosen[rows] = len(chosen) + np.arange(len(rows))
        return words_in_a_row([self, others]).take(chosen)

    def before(self, others: Words) -> Words:
        """Return of every text these words, then those of ``others``."""
        count = len(self.at) - 1
        both = words_in_a_row([self, others]).take(np.arange(2 * count).reshape(2, count).T.ravel())
        return Words(both.numbers, both.at[::2])

    def counted(self) -> Bags:
        """Return every word of a text once, where it stood first."""
        starts = range(0, max(len(self.at) - 1, 1), _TOGETHER)
        return bags_in_a_row([self.slice(at, at + _TOGETHER)._counted() for at in starts])

    def slice(self, start: int, end: int) -> Words:
        """Return the words of the texts from ``start`` to ``end``."""
        at = self.at[start : end + 1]
        return Words(self.numbers[at[0] : at[-1]], at - at[0])

    def _counted(self) -> Bags:
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
        return Bags(self.numbers[stays], counts[stays], offsets_of(stays)[self.at])


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
        return Bags(
            np.insert(self.numbers, empty, 0),
            np.insert(self.counts, empty, 1),
            offsets_of(np.maximum(sizes, 1)),
        )


def words_in_a_row(parts: Sequence[Words]) -> Words:
    """Return the words of all parts, which have the same numbers; at least one part."""
    return Words(
        np.concatenate([part.numbers for part in parts]), in_a_row([part.at for part in parts])
    )


def bags_in_a_row(parts: Sequence[Bags]) -> Bags:
    """Return the bags of all parts, whose words have the same numbers; at least one part."""
    return Bags(
        np.concatenate([part.numbers for part in parts]),
        np.concatenate([part.counts for part in parts]),
        in_a_row([part.at for part in parts]),
    )
