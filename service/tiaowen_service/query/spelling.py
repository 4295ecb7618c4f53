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
_NONE: frozenset[int] = frozenset()


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
            while at <= len(run) - SHORTEST:
                sizes = self._sizes(run[at : at + SHORTEST])
                for size in range(min(LONGEST, len(run) - at), SHORTEST - 1, -1):
                    typed = run[at : at + size]
                    if typed in self._words:
                        at += size - 1
                        break
                    if size not in sizes:
                        continue
                    meant = [word for word in self._alike(typed) if held(word)]
                    if len(meant) == 1:
                        yield typed, meant[0]
                        at += size - 1
                        break
                at += 1

    def _sizes(self, begun: str) -> set[int]:
        """Return how long the words are that begin like these characters, however they are read.

        What cannot begin like any word is not read as a phrase: that takes a tenth of a
        millisecond.
        """
        sizes = _sounding(self._words).sizes
        found: set[int] = set()
        for syllables in product(*map(_readings, begun)):
            found |= sizes.get(syllables, _NONE)
        return found

    def _alike(self, typed: str) -> list[str]:
        """Return the words that sound like ``typed``."""
        return _sounding(self._words).words.get(_sound(typed), [])


@dataclass(frozen=True, slots=True)
class _Sounding:
    """Words by their syllables; ``sizes``: how many they have, by the first SHORTEST ones."""

    words: dict[tuple[str, ...], list[str]]
    sizes: dict[tuple[str, ...], set[int]]


@lru_cache(maxsize=2)
def _sounding(words: frozenset[str]) -> _Sounding:
    """Return the words by their sound; kept, so that a new index need not be told them again."""
    sounding: dict[tuple[str, ...], list[str]] = {}
    for word in sorted(words):
        sounding.setdefault(_sound(word), []).append(word)
    sizes: dict[tuple[str, ...], set[int]] = {}
    for syllables in sounding:
        sizes.setdefault(syllables[:SHORTEST], set()).add(len(syllables))
    return _Sounding(sounding, sizes)


@lru_cache(maxsize=1 << 14)
def _readings(character: str) -> tuple[str, ...]:
    """Return all syllables that a character is read as."""
    from pypinyin import Style, pinyin

    return tuple(pinyin(character, style=Style.NORMAL, heteronym=True)[0])


def _sound(word: str) -> tuple[str, ...]:
    """Return the syllables of a word without tones."""
    from pypinyin import lazy_pinyin  # here, because its dictionary is slow to load

    return tuple(lazy_pinyin(word))
