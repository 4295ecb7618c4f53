"""What is measured of the wording of clauses and of their sentences, one row of figures each.

The compiled kernels measure it where they are (`kernels.wording`), numpy elsewhere
(`wording_reference`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from tiaowen_models.protocols import Floats, Integers
from tiaowen_models.reading import Offsets

INTENTS = ("who", "when", "how_often", "how_many", "may", "prohibited", "penalty", "how", "why")
NEAREST, SPREAD = "best sentence", "best sentence spread"
WORDING = (
    "words held",
    "terms held",
    "terms in headings",
    "terms anywhere",
    "terms in one sentence",
    "meaning beyond terms",
    "meaning beyond terms anywhere",
    "weakest soft match",
    "soft match by meaning",
    "focus",
    NEAREST,
    SPREAD,
    "longest run",
    "whole query held",
    "figures held",
    "periods held",
    *(f"asks {name}" for name in INTENTS),
    "asked kinds held",
    "asked kinds near terms",
    "asked unit held",
    "asked unit near terms",
    "heading only",
    "length",
    "sentences",
)
LONG_RUN = 12  # characters: a longer common run says no more
ABOVE = 0.8  # what a heading holds counts beside what the wording holds
SHORT = 12.0  # characters: log-length is counted from here
MOST_ASKED = 400  # characters of a query that runs are looked for
_BETWEEN = "\0"  # stands in no text that was read
_LEAST_DEVIATION = 1e-3

Matrix = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Sentences:
    """The sentences of some clauses: those of the i-th are ``first[i]:first[i + 1]``."""

    rows: Matrix  # [S, len(WORDING)]
    spans: Integers  # [S, 2], places in the body of their clause
    first: Offsets


class Wording(Protocol):
    """The wording of a list of clauses beside one query. SPREAD is left at 0."""

    def clauses(self, out: Matrix) -> None:
        """Write what is measured into ``out``, float32 ``[n, len(WORDING)]``, its rows in a row."""
        ...

    def sentences(self, numbers: Sequence[int], *, pieces: bool = False) -> Sentences:
        """Return the sentences of the clauses numbered so, measured as if they were clauses.

        With ``pieces`` a word of an added expression that stands there whole counts less.
        """
        ...


def runs_asked(han: Sequence[str]) -> str:
    """Return the runs of Chinese characters of a query as one text that no run crosses."""
    return _BETWEEN.join(han)[:MOST_ASKED]


def spread(values: Floats) -> Floats:
    """Distance to the best value, in standard deviations; at most 0."""
    if not len(values):
        return values
    away = values - values.sum() / len(values)
    deviation = max(float(away @ away / len(values)) ** 0.5, _LEAST_DEVIATION)
    return np.asarray((values - values.max()) / deviation, np.float32)


def spread_within(values: Floats, first: Offsets) -> Floats:
    """Return `spread` of each range ``first[i]:first[i + 1]``; none is empty."""
    sizes, starts = np.diff(first), first[:-1]
    away = values - np.repeat(np.add.reduceat(values, starts) / sizes, sizes)
    deviation = np.sqrt(np.add.reduceat(away * away, starts) / sizes)
    best = np.repeat(np.maximum.reduceat(values, starts), sizes)
    steps = np.repeat(np.maximum(deviation, _LEAST_DEVIATION), sizes)
    return np.asarray((values - best) / steps, np.float32)
