"""What kinds of answers a text holds: figures, periods, and the signs of each intent."""

from __future__ import annotations

import re
from functools import cache, cached_property

from tiaowen_corpus import lexicon

from tiaowen_models.figures import alike, figures, periods
from tiaowen_models.units import gives

_FIGURE = r"(?:\d+(?:\.\d+)?|[零一二三四五六七八九十百千两半])"


class Signals:
    """Reads a folded text, each thing when it is first asked for."""

    def __init__(self, folded: str) -> None:
        self._folded = folded
        self._serves: dict[str, bool] = {}
        self._gives: dict[tuple[str, ...], bool] = {}

    @cached_property
    def figures(self) -> frozenset[str]:
        """Figures in the form they are compared in."""
        return frozenset(map(alike, figures(self._folded)))

    @cached_property
    def periods(self) -> frozenset[str]:
        """Periods in which the text counts."""
        return periods(self._folded)

    def serves(self, intent: str) -> bool:
        """Say whether the text holds a sign of an answer to ``intent``."""
        known = self._serves.get(intent)
        if known is None:
            pattern = _patterns().get(intent)
            known = self._serves[intent] = bool(pattern and pattern.search(self._folded))
        return known

    def gives(self, kinds: tuple[str, ...]) -> bool:
        """Say whether the text states a quantity of one of ``kinds`` (see units)."""
        if kinds not in self._gives:
            self._gives[kinds] = gives(self._folded, kinds)
        return self._gives[kinds]


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    return {intent.name: _pattern(intent.signals) for intent in lexicon.load().intents}


def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(word).replace(r"\#", _FIGURE) for word in words))
