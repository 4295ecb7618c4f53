"""Where terms stand in the texts of clauses, found where these were read."""

from __future__ import annotations

import ctypes
from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

import numpy as np

from tiaowen_models.kernels import LIBRARY, address, checked
from tiaowen_models.kernels.wording import mapped
from tiaowen_models.reading import Part

_ROOM = 256  # marks of a page: nearly always fewer


def places_of(
    part: Part, terms: Sequence[str], words: Sequence[bool]
) -> Iterator[Iterable[tuple[int, int, int]]]:
    """Yield start, end and kind of what is found in each of the folded texts of a part.

    Places are ordered and disjoint: terms that overlap are one, of kind 1 if ``words`` is true of
    one of them, else 0. Raises KernelError where the reading contradicts itself.
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
    starts, ends, kinds = found[:, :count].tolist()
    for a, b in pairwise([*bounds, count]):
        yield zip(starts[a:b], ends[a:b], kinds[a:b], strict=True)
