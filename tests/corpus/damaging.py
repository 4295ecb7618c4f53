"""Bytes damaged at random: bits turned, pieces cut, repeated, swapped, spliced."""

from __future__ import annotations

import random
from collections.abc import Sequence

# Characters that break programs: controls, marks of direction, noncharacters, surrogates' rim.
ODDITIES = (
    *("\0", "\x01", "\x08", "\x0b", "\x0c", "\x1b", "\x1c", "\x1e", "\x1f", "\x7f", "\x85", "\xa0"),
    *("\xad", "\u200b", "\u200d", "\u200f", "\u202e", "\u2028", "\u2029", "\u2066", "\ufeff"),
    *("\ufdd0", "\ufdd1", "\ufffd", "\uffff", "\ue000", "\U0010ffff", "\U000e0041", "\u0301"),
    *("\u3000", "　　", "①", "㈠", "壹", "½", "٣", "𝟙", "ﬁ", "\U00020000", "\ud7ff", "🏫"),
)
_MOST = 400_000  # bytes to which repeating may blow an input up


def damaged(data: bytes, choose: random.Random, *, tokens: Sequence[bytes] = ()) -> bytes:
    """Return ``data`` with one to thirty places damaged; ``tokens`` may be put in."""
    found = bytearray(data)
    for _ in range(choose.choice((1, 1, 2, 3, 8, 30))):
        _damage(found, choose, tokens)
    return bytes(found)


def spliced(data: bytes, other: bytes, choose: random.Random) -> bytes:
    """Return the beginning of one file and the end of another."""
    return data[: choose.randrange(len(data) + 1)] + other[choose.randrange(len(other) + 1) :]


def _damage(data: bytearray, choose: random.Random, tokens: Sequence[bytes]) -> None:
    at = choose.randrange(len(data) or 1)
    size = choose.choice((1, 2, 4, 16, 200, 2000))
    match choose.randrange(9):
        case 0 if data:
            data[at] ^= 1 << choose.randrange(8)
        case 1:
            data[at : at + 1] = choose.choice((b"\0", b"\xff", b"\x7f", b"\x80", b"\n", b"0"))
        case 2:
            data[at : at + size] = choose.randbytes(len(data[at : at + size]))
        case 3:
            del data[at : at + size]
        case 4:
            del data[at if choose.random() < 0.3 else len(data) - size :]
        case 5 if tokens:
            data[at:at] = choose.choice(tokens)
        case 6 if len(data) < _MOST:
            data[at:at] = data[at : at + size] * choose.choice((1, 2, 30))
        case 7:
            other = choose.randrange(len(data) or 1)
            one, two = data[at : at + size], data[other : other + size]
            data[other : other + size] = one
            data[at : at + size] = two
        case 8:
            data[at : at + size] = data[at : at + size][::-1]
