"""Texts as arrays of code points: what is asked of a character is asked of all at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.uint32]
_ALL = 0x110000


def points_of(text: str) -> Points:
    """Return the code points of ``text``, uint32 ``[len(text)]``; lone surrogates stay."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


def text_of(points: Points) -> str:
    """Return the text of code points."""
    return points.tobytes().decode("utf-32-le", "surrogatepass")


def starts_of(texts: Sequence[str]) -> NDArray[np.int64]:
    """Return int64 ``[n + 1]``: where each text starts when they are joined, and the end."""
    starts = np.zeros(len(texts) + 1, np.int64)
    np.cumsum(np.fromiter(map(len, texts), np.int64, len(texts)), out=starts[1:])
    return starts


class PointTable:
    """What a function says of each character, a number; asked once a character, when it is met."""

    def __init__(self, of: Callable[[str], int]) -> None:
        self._of = of
        self._next = np.zeros(_ALL, np.uint32)  # one more than was said; 0: not asked yet

    def __call__(self, points: Points) -> Points:
        """Return uint32, as long as ``points``."""
        found = self._next[points]
        if not found.all():
            for point in np.unique(points[found == 0]).tolist():
                self._next[point] = self._of(chr(point)) + 1
            found = self._next[points]
        found -= np.uint32(1)
        return found
