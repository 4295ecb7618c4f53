"""Folding of script and form for search: one character in, one character out."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

import opencc

from tiaowen_corpus.points import Points, PointTable, points_of, starts_of, text_of

_TOGETHER = 4096  # texts, some 3 MB at a time


@lru_cache(maxsize=1)
def _to_simplified() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


@lru_cache(maxsize=1 << 16)
def _fold_character(character: str) -> str:
    if "\ud800" <= character <= "\udfff":  # OpenCC takes no lone surrogate
        return character
    simplified = str(_to_simplified().convert(character))
    for form in (unicodedata.normalize("NFKC", simplified).lower(), simplified.lower(), simplified):
        if len(form) == 1:
            return form
    return character


class _FoldTable(dict[int, str]):
    def __missing__(self, code_point: int) -> str:
        folded = _fold_character(chr(code_point))
        self[code_point] = folded
        return folded


_TABLE = _FoldTable()


def fold(text: str) -> str:
    """Fold Traditional to Simplified, full width to half width, upper to lower case.

    The result has the same length as ``text``: offset i of one is offset i of the other, so
    matches found in the folded form are shown in the source's own script.
    """
    return text.translate(_TABLE)


_fold_points = PointTable(lambda character: ord(_fold_character(character)))


def folded_points(texts: Sequence[str]) -> Points:
    """Return the code points of the folded texts in a row, uint32; for some thousands at once."""
    return _fold_points(points_of("".join(texts)))


def fold_all(texts: Sequence[str]) -> list[str]:
    """Return every text folded as `fold` does, for a tenth of the time."""
    folded: list[str] = []
    for first in range(0, len(texts), _TOGETHER):
        part = texts[first : first + _TOGETHER]
        whole = text_of(folded_points(part))
        starts = starts_of(part).tolist()
        folded += [whole[start:end] for start, end in pairwise(starts)]
    return folded
