"""Batches into a store that may say "slower": smaller and later, then larger again."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

from tiaowen_indexer.stores.protocol import Progress

FIRST, LARGEST, SMALLEST = 500, 2000, 10  # clauses of a batch, some 3 kB each
GROW_AFTER = 8  # batches without a refusal
FIRST_WAIT, LONGEST_WAIT = 0.2, 30.0  # seconds after a refusal, doubled at each further one
PATIENCE = 20  # refusals in a row, some eight minutes, after which the store is given up

_REFUSALS = ("rate limit", "ratelimit", "resource exhausted", "quota", "too large", "exceeds")


def send(
    batch_of: Callable[[int, int], Sequence[Any]],
    count: int,
    insert: Callable[[Sequence[Any]], object],
    *,
    progress: Progress = lambda done, of: None,
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """Insert ``count`` rows in order, one batch at a time.

    ``batch_of(start, end)`` makes rows only when they are about to be sent, so that a slow store
    holds up the making and no memory fills. A refusal halves the batch and waits; other errors,
    and one refusal more than PATIENCE in a row, are raised.
    """
    at, size, calm, refused = 0, FIRST, 0, 0
    while at < count:
        end = min(at + size, count)
        try:
            insert(batch_of(at, end))
        except Exception as error:
            refused += 1
            if refused > PATIENCE or not is_refusal(error):
                raise
            size, calm = max(size // 2, SMALLEST), 0
            sleep(min(FIRST_WAIT * 2 ** (refused - 1), LONGEST_WAIT))
            continue
        at, refused, calm = end, 0, calm + 1
        if calm >= GROW_AFTER:
            size, calm = min(size * 2, LARGEST), 0
        progress(at, count)


def is_refusal(error: Exception) -> bool:
    """Say whether an error means "not so much at once" rather than "wrong"."""
    said = str(error).lower()
    return any(sign in said for sign in _REFUSALS)
