"""Where a text holds the signs of an answer: who, when, how often."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Self

from tiaowen_corpus import lexicon

_MARK = "#"  # stands for any figure
# a number, or one Han digit; it begins with a set of characters, which the search leaps to
_FIGURE = r"[\d零一二三四五六七八九十百千两半](?:(?<=\d)\d*(?:\.\d+)?)?"


def sign_places(intent: str, folded: str) -> list[int]:
    """Return where a folded text holds signs of an answer to ``intent``, if it is known."""
    signs = _signs().get(intent)
    return signs.places(folded) if signs else []


@dataclass(frozen=True, slots=True)
class _Signs:
    """Words that are looked for one by one, ten times as fast as an alternation of them; those
    with a figure in them by a pattern.
    """

    words: tuple[str, ...]
    figured: re.Pattern[str] | None

    @classmethod
    def of(cls, signals: tuple[str, ...]) -> Self:
        figured = [re.escape(word) for word in signals if _MARK in word]
        mark = re.escape(_MARK)
        after = [word[len(mark) :] for word in figured if word.startswith(mark)]
        parts = [_FIGURE + f"(?:{'|'.join(after)})"] if after else []
        parts += [word.replace(mark, _FIGURE) for word in figured if not word.startswith(mark)]
        return cls(
            tuple(word for word in signals if _MARK not in word),
            re.compile("|".join(parts)) if parts else None,
        )

    def places(self, folded: str) -> list[int]:
        found = [match.start() for match in self.figured.finditer(folded)] if self.figured else []
        for word in self.words:
            at = folded.find(word)
            while at >= 0:
                found.append(at)
                at = folded.find(word, at + 1)
        return sorted(found)


@cache
def _signs() -> dict[str, _Signs]:
    return {intent.name: _Signs.of(intent.signals) for intent in lexicon.load().intents}
