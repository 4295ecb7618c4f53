"""Words of the lexicon that sound like what was typed: a fallback where a search found little."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache

SHORTEST, LONGEST = 3, 6  # characters: two sound like too much else
_HAN = re.compile(r"[一-鿿]+")


class Speller:
    """Knows ``words`` by their sound; reads the sounds when it is first asked."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = frozenset(
            word for word in words if SHORTEST <= len(word) <= LONGEST and _HAN.fullmatch(word)
        )

    def respelt(self, folded: str, held: Callable[[str], bool]) -> tuple[str, tuple[str, ...]]:
        """Return the query with homophones put right, and a note on each, in both languages.

        Only words for which ``held`` is true are put in; the query itself where nothing is.
        """
        notes: list[str] = []
        for typed, meant in self._slips(folded, held):
            folded = folded.replace(typed, meant)
            notes.append(f"“{typed}”按同音词“{meant}”查找 / searched for the homophone {meant}")
        return folded, tuple(notes)

    def _slips(self, folded: str, held: Callable[[str], bool]) -> Iterator[tuple[str, str]]:
        for run in _HAN.findall(folded):
            at = 0
            while at < len(run):
                for size in range(min(LONGEST, len(run) - at), SHORTEST - 1, -1):
                    typed = run[at : at + size]
                    if typed in self._words:
                        at += size - 1
                        break
                    alike = _sounding(self._words).get(_sound(typed), ())
                    meant = [word for word in alike if held(word)]
                    if len(meant) == 1:
                        yield typed, meant[0]
                        at += size - 1
                        break
                at += 1


@lru_cache(maxsize=2)
def _sounding(words: frozenset[str]) -> dict[tuple[str, ...], list[str]]:
    """Return the words by their sound; kept, so that a new index need not be told them again."""
    sounding: dict[tuple[str, ...], list[str]] = {}
    for word in sorted(words):
        sounding.setdefault(_sound(word), []).append(word)
    return sounding


def _sound(word: str) -> tuple[str, ...]:
    """Return the syllables of a word without tones."""
    from pypinyin import lazy_pinyin  # here, because its dictionary is slow to load

    return tuple(lazy_pinyin(word))
