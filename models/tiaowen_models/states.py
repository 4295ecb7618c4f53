"""What sentences state, whatever is asked: signs of answers, periods, quantities; a bit each.

They are looked for once, when a clause is indexed; a question takes the bits of what it asks for.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from tiaowen_models.figures import PERIODS, period_places
from tiaowen_models.protocols import Integers
from tiaowen_models.reading import Joined, Offsets
from tiaowen_models.signals import intents, sign_places
from tiaowen_models.units import PATTERNS, given_places

States = NDArray[np.uint8]  # [S, bytes]: the bit of every column, the lowest first
Bools = NDArray[np.bool_]

_BATCH = 1024  # texts that are looked through at once


def states_of(folded: Sequence[str], sentences: Offsets, spans: Integers) -> States:
    """Look through n texts; the sentences of text i are ``sentences[i]:sentences[i + 1]``, their
    places in it ``spans`` [S, 2].
    """
    parts = []
    for first in range(0, len(folded), _BATCH):
        texts, at = folded[first : first + _BATCH], sentences[first : first + _BATCH + 1]
        text = Joined.of(texts, spans[at[0] : at[-1]], at - at[0])
        found = np.stack([text.holding(places) for places in _places(text.text)], axis=1)
        parts.append(np.packbits(found, axis=1, bitorder="little"))
    return np.concatenate([np.zeros((0, -(-len(columns()) // 8)), np.uint8), *parts])


def stating(states: States) -> Bools:
    """Return what S sentences state, ``[columns, S]``."""
    bits = np.unpackbits(states, axis=1, count=len(columns()), bitorder="little")
    return bits.T.view(bool)


@cache
def columns() -> dict[tuple[str, str], int]:
    """Return the column of every "sign" of an intent, "period" and "quantity", by its name."""
    named: Iterable[tuple[str, str]] = chain(
        (("sign", intent.name) for intent in intents()),
        (("period", name) for name in PERIODS),
        (("quantity", name) for name in PATTERNS),
    )
    return {name: number for number, name in enumerate(named)}


@cache
def fingerprint() -> str:
    """Return a hash of all that is looked for, hex: equal ones mean equal bits of equal texts."""
    digest = hashlib.blake2b(digest_size=16)
    for intent in intents():
        digest.update("\0".join([intent.name, *intent.signals, "\n"]).encode())
    for name, pattern in PERIODS.items():
        digest.update(f"{name}\0{pattern.pattern}\n".encode())
    for name, patterns in PATTERNS.items():
        digest.update("\0".join([name, *patterns, "\n"]).encode())
    return digest.hexdigest()


def _places(folded: str) -> Iterator[Sequence[int] | Offsets]:
    """Yield the places of every column."""
    signs, quantities = sign_places(folded), given_places(folded)
    for kind, name in columns():
        match kind:
            case "sign":
                yield signs[name]
            case "period":
                yield period_places(name, folded)
            case _:
                yield quantities[name]
