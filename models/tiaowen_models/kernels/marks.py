"""Where terms stand in the texts of clauses, found where these were read."""

from __future__ import annotations

import ctypes
from array import array
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TypeVar

import numpy as np

from tiaowen_models.kernels import LIBRARY, address, checked
from tiaowen_models.kernels.wording import mapped
from tiaowen_models.reading import Part

_ROOM = 256  # marks of a page: nearly always fewer

Kind = TypeVar("Kind")


def places_of(
    part: Part, terms: Sequence[str], words: Sequence[bool], kinds: tuple[Kind, Kind]
) -> Iterator[list[tuple[int, int, Kind]]]:
    """Yield start, end and kind of what is found in each of the folded texts of a part.

    Places are ordered and disjoint: terms that overlap are one, of the second of ``kinds`` if
    ``words`` is true of one of them. Raises KernelError where the reading contradicts itself.
    """
    assert LIBRARY is not None
    rows = np.ascontiguousarray(part.rows, np.int64)
    first = np.empty(len(rows) + 1, np.int64)
    points = "".join(terms).encode("utf-32-le", "surrogatepass")
    sizes = array("q", map(len, terms)).tobytes()
    reading = ctypes.addressof(mapped(part.reading).structure)
    count, room = _ROOM, 0
    while count > room:
        room = count
        found = np.empty((3, room), np.int32)
        checked(
            LIBRARY.tiaowen_marks(
                *(reading, address(rows), len(rows), points, sizes, bytes(words), len(terms)),
                *(room, address(first), address(found)),
            )
        )
        *bounds, count = first.tolist()
    starts, ends, wordy = found[:, :count].tolist()
    places = list(zip(starts, ends, map(kinds.__getitem__, wordy), strict=True))
    for start, end in pairwise([*bounds, count]):
        yield places[start:end]
