"""Intervals and tests over per-question values; every draw from a fixed seed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

SEED = 20_240_901
RESAMPLES = 2_000
FLIPS = 9_999


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean with its 95 % bootstrap interval."""

    value: float
    low: float
    high: float
    n: int


def intervals(values: NDArray[np.float64]) -> tuple[Interval, ...]:
    """Percentile bootstrap (Efron 1979) of the mean of every column of ``values`` ``[n, m]``.

    Questions are drawn, not cells: all columns see the same resamples.
    """
    count = len(values)
    means = values.mean(axis=0)
    if count < 2:
        return tuple(Interval(float(v), float(v), float(v), count) for v in means)
    low, high = np.percentile(_weights(count) @ values, [2.5, 97.5], axis=0)
    # a constant column has no width; without this, sums in another order would give it 1e-16
    low, high = np.minimum(low, means), np.maximum(high, means)
    return tuple(
        Interval(float(v), float(a), float(b), count)
        for v, a, b in zip(means, low, high, strict=True)
    )


@lru_cache(maxsize=64)
def _weights(count: int) -> NDArray[np.float64]:
    rng = np.random.default_rng(SEED)
    return rng.multinomial(count, np.full(count, 1 / count), size=RESAMPLES) / count


@dataclass(frozen=True, slots=True)
class Difference:
    """Mean of B − A over the same questions; ``p`` two-sided, ``p_fall`` for B < A alone."""

    mean: float
    p: float
    p_fall: float
    effect: float  # Cohen's d of the paired differences
    wins: int
    losses: int
    n: int


def paired(a: Mapping[str, float], b: Mapping[str, float]) -> Difference:
    """Compare two systems by a paired randomisation test (Smucker et al., CIKM 2007).

    Under the null hypothesis the two values of a question may be swapped: the sign of each
    difference is drawn ``FLIPS`` times; all sign patterns are tried where there are fewer.
    Questions in both are compared.
    """
    shared = sorted(a.keys() & b.keys())
    raw = np.asarray([b[q] - a[q] for q in shared], dtype=np.float64)
    moved = raw[raw != 0.0]  # a question that did not move adds 0 whatever its sign
    if not moved.size:
        return Difference(0.0, 1.0, 1.0, 0.0, 0, 0, len(shared))
    drawn, exact = _signed_sums(moved)
    seen = moved.sum()
    slack = 1e-12 * np.abs(moved).sum()  # equal sums in another order of adding are equal
    extra = 0 if exact else 1  # the observed pattern counts itself (Phipson & Smyth 2010)
    draws = drawn.size + extra
    spread = float(raw.std(ddof=1)) if raw.size > 1 else 0.0
    return Difference(
        float(raw.mean()),
        float((np.count_nonzero(np.abs(drawn) >= abs(seen) - slack) + extra) / draws),
        float((np.count_nonzero(drawn <= seen + slack) + extra) / draws),
        float(raw.mean()) / spread if spread else float(np.sign(raw.mean())) * float("inf"),
        int((moved > 0).sum()),
        int((moved < 0).sum()),
        len(shared),
    )


def _signed_sums(moved: NDArray[np.float64]) -> tuple[NDArray[np.float64], bool]:
    count = moved.size
    if 2**count <= FLIPS:
        bits = (np.arange(2**count)[:, None] >> np.arange(count)) & 1
        return (bits * 2 - 1) @ moved, True
    signs = np.random.default_rng(SEED).integers(0, 2, (FLIPS, count), dtype=np.int8)
    return (signs * np.int8(2) - np.int8(1)) @ moved, False


def holm(p_values: ArrayLike) -> NDArray[np.float64]:
    """Adjust p values for testing several hypotheses at once (Holm 1979), order kept."""
    p = np.asarray(p_values, dtype=np.float64)
    order = np.argsort(p, kind="stable")
    stepped = p[order] * np.arange(p.size, 0, -1)
    adjusted = np.empty_like(p)
    adjusted[order] = np.minimum(np.maximum.accumulate(stepped), 1.0)
    return adjusted
