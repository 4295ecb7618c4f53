"""Words of the lexicon that sound like what was typed: a fallback where a search found little."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Self

from tiaowen_corpus.lexicon import Lexicon

SHORTEST, LONGEST = 3, 6  # characters: two sound like too much else
_HAN = re.compile(r"[一-鿿]+")


class Speller:
    """Knows ``words`` by their sound; reads the sounds when it is first asked."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = frozenset(
            word for word in words if SHORTEST <= len(word) <= LONGEST and _HAN.fullmatch(word)
        )

    @classmethod
    def of(cls, words: Lexicon) -> Self:
        """Know the Chinese words of a lexicon."""
        chinese = (word for found in words.to_chinese.values() for word in found)
        return cls({*words.words, *words.synonyms, *chinese})

    def listen(self) -> None:
        """Read the sounds now: a quarter of a second that the first to be asked would take."""
        _sounding(self._words)

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
                    meant = [word for word in self._alike(typed) if held(word)]
                    if len(meant) == 1:
                        yield typed, meant[0]
                        at += size - 1
                        break
                at += 1

    def _alike(self, typed: str) -> list[str]:
        """Return the words that sound like ``typed``.

        What cannot begin like any of them, however its characters are read, is not read as a
        phrase: that takes some tenth of a millisecond.
        """
        sounding = _sounding(self._words)
        begun = product((len(typed),), *map(_readings, typed[:SHORTEST]))
        if sounding.beginnings.isdisjoint(begun):
            return []
        return sounding.words.get(_sound(typed), [])


@dataclass(frozen=True, slots=True)
class _Sounding:
    """Words by their syllables; ``beginnings``: their lengths with their first SHORTEST ones."""

    words: dict[tuple[str, ...], list[str]]
    beginnings: frozenset[tuple[object, ...]]


@lru_cache(maxsize=2)
def _sounding(words: frozenset[str]) -> _Sounding:
    """Return the words by their sound; kept, so that a new index need not be told them again."""
    sounding: dict[tuple[str, ...], list[str]] = {}
    for word in sorted(words):
        sounding.setdefault(_sound(word), []).append(word)
    return _Sounding(sounding, frozenset((len(each), *each[:SHORTEST]) for each in sounding))


@lru_cache(maxsize=1 << 14)
def _readings(character: str) -> tuple[str, ...]:
    """Return all syllables that a character is read as."""
    from pypinyin import Style, pinyin

    return tuple(pinyin(character, style=Style.NORMAL, heteronym=True)[0])


def _sound(word: str) -> tuple[str, ...]:
    """Return the syllables of a word without tones."""
    from pypinyin import lazy_pinyin  # here, because its dictionary is slow to load

    return tuple(lazy_pinyin(word))
