"""Where a text holds the signs of an answer: who, when, how often."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import chain, pairwise

import numpy as np
from numpy.typing import NDArray
from tiaowen_corpus import lexicon
from tiaowen_corpus.lexicon import Intent
from tiaowen_corpus.points import points_of

Places = NDArray[np.int64]

_MARK = "#"  # stands for any figure
# a number, or one Han digit; it begins with a set of characters, which the search leaps to
_FIGURE = r"[\d零一二三四五六七八九十百千两半](?:(?<=\d)\d*(?:\.\d+)?)?"
_NOWHERE = np.zeros(0, np.int64)


def sign_places(folded: str) -> dict[str, Places]:
    """Return where a folded text holds signs of an answer to each of `intents`, in any order."""
    signs, text = _signs(), _Pairs(folded)
    words = {word: text.places(word) for word in {*chain.from_iterable(signs.words.values())}}
    found = {name: [words[word] for word in own] for name, own in signs.words.items()}
    for name, places in signs.figured(folded).items():
        found[name].append(np.array(places, np.int64))
    return {name: np.concatenate([_NOWHERE, *parts]) for name, parts in found.items()}


@cache
def intents() -> tuple[Intent, ...]:
    """Return what signs are known of, the same as long as the program runs."""
    return lexicon.load().intents


class _Pairs:
    """A text as numbers of two characters each: looked through for a word in a third of the time
    that `str.find` takes.
    """

    def __init__(self, folded: str) -> None:
        self._codes = points_of(folded).astype(np.uint64)
        self._pairs = self._codes[:-1] << 32 | self._codes[1:]

    def places(self, word: str) -> Places:
        """Return where ``word`` begins."""
        codes = [*map(ord, word)]
        if len(codes) == 1:
            return np.flatnonzero(self._codes == codes[0])
        first, *others = (one << 32 | next_ for one, next_ in pairwise(codes))
        at = np.flatnonzero(self._pairs == first)
        for step, pair in enumerate(others, start=1):
            at = at[at + step < len(self._pairs)]
            at = at[self._pairs[at + step] == pair]
        return at


@dataclass(frozen=True, slots=True)
class _Signs:
    """Words, what stands behind a figure, and what has one elsewhere, by intent."""

    words: dict[str, tuple[str, ...]]
    behind: dict[str, tuple[str, ...]]
    pattern: re.Pattern[str]
    reach: int  # characters behind a figure that tell whose sign it is
    amid: dict[str, re.Pattern[str]]  # signs with a figure elsewhere

    def figured(self, folded: str) -> dict[str, list[int]]:
        """Return where figures stand that are signs."""
        found: dict[str, list[int]] = defaultdict(list)
        for match in self.pattern.finditer(folded):
            for name in _told_by(folded[match.end() : match.end() + self.reach]):
                found[name].append(match.start())
        for name, pattern in self.amid.items():
            found[name] += (match.start() for match in pattern.finditer(folded))
        return found


@cache
def _signs() -> _Signs:
    words: dict[str, tuple[str, ...]] = {}
    behind: dict[str, tuple[str, ...]] = {}
    amid: dict[str, re.Pattern[str]] = {}
    for intent in intents():
        figured = [sign for sign in intent.signals if _MARK in sign]
        words[intent.name] = tuple(sorted({*intent.signals} - {*figured, ""}))
        behind[intent.name] = tuple(sign[1:] for sign in figured if sign.startswith(_MARK))
        others = [
            _FIGURE.join(map(re.escape, sign.split(_MARK)))
            for sign in figured
            if not sign.startswith(_MARK)
        ]
        if others:
            amid[intent.name] = re.compile("|".join(others))
    units = {unit for own in behind.values() for unit in own}
    either = "|".join(map(re.escape, sorted(units)))
    return _Signs(
        words,
        behind,
        re.compile(f"{_FIGURE}(?={either})" if units else "(?!)"),
        max(map(len, units), default=0),
        amid,
    )


@lru_cache(maxsize=1 << 14)
def _told_by(behind: str) -> tuple[str, ...]:
    """Return the intents of a figure by what stands behind it."""
    return tuple(name for name, units in _signs().behind.items() if behind.startswith(units))
