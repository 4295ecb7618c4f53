"""Words of a text with their places, over the folded form."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

import numpy as np
import rjieba
from tiaowen_corpus.script import fold

from tiaowen_models.bags import Numbers, Words, words_in_a_row

# Han runs go to the dictionary; numbers and Latin words are cut here, because the Rust port and
# jieba differ only on digits, hyphens and Latin strings.
# High enough that a lexicon word is never cut, low enough that jieba's route sums stay sane.
LEXICON_FREQUENCY = 10_000

_TOGETHER = 4096  # texts

_RUN = re.compile(r"[㐀-䶿一-鿿々〇]+|\d+(?:\.\d+)?%?|[a-z]+(?:['’][a-z]+)?")

# What stands between runs that are cut together, and for runs that are none of the dictionary's:
# it takes either for a word, and no run holds them.
_BETWEEN, _OTHER = Numbers.NONE, "\0"


def is_han(run: str) -> bool:
    """Say whether a run or a word of one is the dictionary's rather than a number or Latin."""
    return "㐀" <= run[0] <= "鿿" or run[0] in "々〇"


def runs(folded: str) -> list[str]:
    """Return the runs of Han, the numbers and the Latin words of a folded text, in order."""
    return _RUN.findall(folded)


@dataclass(frozen=True, slots=True)
class Token:
    """A word of the folded text and its half-open place ``[start, end)``."""

    text: str
    start: int
    end: int


class Tokeniser:
    """jieba's dictionary plus the education lexicon; nothing changes it once it is made."""

    def __init__(self, words: Iterable[str] = ()) -> None:
        self._jieba = _dictionary(tuple(words))

    def has_word(self, word: str) -> bool:
        """Say whether the folded ``word`` stands in the dictionary or the lexicon."""
        return bool(self._jieba.has_word(word))

    def words(self, text: str) -> list[str]:
        """Return the texts of `tokens` without their places, at a third of the cost."""
        return self.words_of_folded(fold(text))

    def words_of_folded(self, folded: str) -> list[str]:
        """Return the words of a text that is folded already."""
        cut = self._jieba.cut
        words: list[str] = []
        for run in runs(folded):
            if is_han(run):
                words += cut(run, True)
            else:
                words.append(run)
        return words

    def numbered(self, folded: Sequence[str], numbers: Numbers) -> Words:
        """Return the words of many folded texts as `words_of_folded` cuts them, by number.

        New ones are added to ``numbers``. Texts are cut by the thousand, which halves the cost.
        """
        return words_in_a_row([self._numbered(part, numbers) for part in parts_of(folded)])

    def _numbered(self, folded: Sequence[str], numbers: Numbers) -> Words:
        found = [runs(text) for text in folded]
        flat = self._cut([*chain.from_iterable(found)])
        each = np.fromiter(map(numbers.__getitem__, flat), np.int32, len(flat))
        ends = np.append(np.flatnonzero(each == 0), len(each))  # of the runs
        before = np.append(0, ends - np.arange(len(ends)))  # words before each run, and in all
        run_at = np.cumsum([0, *map(len, found)])
        return Words(each[each != 0], before[run_at])

    def _cut(self, runs: Sequence[str]) -> list[str]:
        """Return the words of all runs, with _BETWEEN between those of different ones."""
        asked, others = list(runs), []
        # compared whole, by their first characters: most are Han, and a call each costs too much
        for place in [place for place, run in enumerate(runs) if not "㐀" <= run < "ꀀ"]:
            if not is_han(runs[place]):
                asked[place] = _OTHER
                others.append(runs[place])
        words: list[str] = self._jieba.cut(_BETWEEN.join(asked), True)
        at = -1
        for run in others:
            at = words.index(_OTHER, at + 1)
            words[at] = run
        return words

    def tokens(self, text: str) -> Iterator[Token]:
        """Yield the tokens of ``text`` in order, folded; offsets are those of ``text``."""
        return self.tokens_of_folded(fold(text))

    def tokens_of_folded(self, folded: str) -> Iterator[Token]:
        """Yield the tokens of a text that is folded already."""
        for run in _RUN.finditer(folded):
            at = run.start()
            if not is_han(run.group()):
                yield Token(run.group(), at, run.end())
                continue
            for word in self._jieba.cut(run.group(), True):
                yield Token(word, at, at + len(word))
                at += len(word)


def parts_of(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    """Yield the texts that are cut together, at least none: their words fill some 20 MB."""
    for first in range(0, max(len(texts), 1), _TOGETHER):
        yield texts[first : first + _TOGETHER]


@lru_cache(maxsize=4)
def _dictionary(words: tuple[str, ...]) -> rjieba.Jieba:
    """Make one dictionary for all who know the same words: it takes a tenth of a second."""
    dictionary = rjieba.Jieba()
    for word in words:
        dictionary.add_word(fold(word), LEXICON_FREQUENCY, "n")
    return dictionary
