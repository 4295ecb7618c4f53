"""Where a text holds the signs of an answer: who, when, how often."""

from __future__ import annotations

import re
from functools import cache

from tiaowen_corpus import lexicon

_FIGURE = r"(?:\d+(?:\.\d+)?|[零一二三四五六七八九十百千两半])"


def sign_places(intent: str, folded: str) -> list[int]:
    """Return where a folded text holds signs of an answer to ``intent``, if it is known."""
    pattern = _patterns().get(intent)
    return [match.start() for match in pattern.finditer(folded)] if pattern else []


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    return {intent.name: _pattern(intent.signals) for intent in lexicon.load().intents}


def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(word).replace(r"\#", _FIGURE) for word in words))
