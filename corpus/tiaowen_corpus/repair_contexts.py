"""Which of two confused words a context wants: log-odds learnt from undamaged documents.

The model is the confusion-set disambiguation of Golding and Roth (Machine Learning 34, 1999) in
its simplest form: on each side the longest known context decides, the two sides add up.
"""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from tiaowen_corpus.places import shipped

Around = tuple[tuple[str, ...], tuple[str, ...]]
LONGEST = 3  # units of context on each side
SMOOTHING = 30.0  # occurrences that the common frequency of a context counts for
_WINDOW = 24  # characters that hold the nearest units, ignorable signs among them
_FIGURES = frozenset("0123456789一二三四五六七八九十")  # all numbers are one context
_IGNORED = re.compile(r"[\s“”‘’\"'《》?<>〈〉*.]")  # lost or added by the damage itself


@dataclass(frozen=True, slots=True)
class Pair:
    """A word, folded, and what damage makes of it."""

    right: str
    damaged: str


@dataclass(frozen=True, slots=True)
class Unit:
    """A confused word or a single character, at ``[start, end)`` of the text.

    ``common`` stands for all the words that are confused with one another, so that a context is
    the same whether or not it is damaged.
    """

    surface: str
    common: str
    start: int
    end: int


@dataclass(frozen=True)
class Contexts:
    """Log-odds, right against damaged, by pair: of the words as such, and of their contexts."""

    priors: dict[Pair, float]
    sides: dict[tuple[Pair, str, str], float]

    def score(self, pair: Pair, left: tuple[str, ...], right: tuple[str, ...]) -> float:
        """Return the log-odds that the right word stood between ``left`` and ``right``."""
        return (
            self.priors.get(pair, 0.0)
            + self._side(pair, "<", [left[at:] for at in range(len(left))])
            + self._side(pair, ">", [right[:end] for end in range(len(right), 0, -1)])
        )

    def _side(self, pair: Pair, side: str, longest_first: list[tuple[str, ...]]) -> float:
        for context in longest_first:
            weight = self.sides.get((pair, side, "".join(context)))
            if weight is not None:
                return weight
        return 0.0


class Units:
    """Cuts text into units for a set of pairs."""

    def __init__(self, pairs: Iterable[Pair]) -> None:
        self.pairs = tuple(pairs)
        self._common = _representatives(self.pairs)
        words = "|".join(map(re.escape, sorted(self._common, key=len, reverse=True)))
        self._words = re.compile(words)
        self._pattern = re.compile(f"{words}|.", re.S)

    def cut(self, folded: str) -> list[Unit]:
        """Return the units of a folded text in order, ignorable signs left out."""
        return list(self._cut(folded))

    def words(self, folded: str) -> list[Unit]:
        """Return the confused words alone, in order."""
        return [
            Unit(match.group(), self._common[match.group()], *match.span())
            for match in self._words.finditer(folded)
        ]

    def around(self, folded: str, word: Unit) -> Around:
        """Return the context of a word: what stands before and what after it."""
        before = folded[max(0, word.start - _WINDOW) : word.start]
        after = folded[word.end : word.end + _WINDOW]
        return _sides(self.cut(before)[-LONGEST:], self.cut(after)[:LONGEST])

    def _cut(self, folded: str) -> Iterator[Unit]:
        for match in self._pattern.finditer(folded):
            surface = match.group()
            if len(surface) == 1 and surface not in self._common:
                if _IGNORED.match(surface):
                    continue
                common = "0" if surface in _FIGURES else surface
            else:
                common = self._common[surface]
            yield Unit(surface, common, match.start(), match.end())


def _sides(before: list[Unit], after: list[Unit]) -> Around:
    left = tuple(unit.common for unit in before)
    right = tuple(unit.common for unit in after)
    return (
        ("^", *left) if len(left) < LONGEST else left,
        (*right, "$") if len(right) < LONGEST else right,
    )


def _representatives(pairs: Iterable[Pair]) -> dict[str, str]:
    """Return for each word the first of the words that it is confused with, however indirectly."""
    group: dict[str, set[str]] = {}
    for pair in pairs:
        merged = group.get(pair.right, {pair.right}) | group.get(pair.damaged, {pair.damaged})
        for word in merged:
            group[word] = merged
    return {word: min(words) for word, words in group.items()}


@lru_cache(maxsize=1)
def load() -> Contexts:
    """Read the shipped weights."""
    priors: dict[Pair, float] = {}
    weights: dict[tuple[Pair, str, str], float] = {}
    path = shipped("corpus/lexicon") / "damage_contexts.tsv"
    with path.open(encoding="utf-8", newline="") as lines:
        for right, damaged, side, context, weight in csv.reader(lines, delimiter="\t"):
            pair = Pair(right, damaged)
            if side == "=":
                priors[pair] = float(weight)
            else:
                weights[pair, side, context] = float(weight)
    return Contexts(priors, weights)


def log_odds(right: int, damaged: int, total_right: int, total_damaged: int) -> float:
    """Return log P(context | right) / P(context | damaged).

    Both are smoothed towards the context's frequency with either word, so that a word that was
    never met says nothing.
    """
    together = (right + damaged) / max(1, total_right + total_damaged)
    return math.log(
        (right + SMOOTHING * together)
        / (total_right + SMOOTHING)
        * (total_damaged + SMOOTHING)
        / (damaged + SMOOTHING * together)
    )
