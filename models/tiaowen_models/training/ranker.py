"""Fit the ranking model: a weighted sum of measurements, learned from whole result lists.

Loss of a query: cross-entropy between the softmax of its candidates' scores and their gains
(ListNet, Cao et al., ICML 2007). Boosted trees on top of it were tried and gained nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

Doubles = NDArray[np.float64]
RELEVANT = 2  # lowest grade that answers


@dataclass(frozen=True)
class Example:
    """One query: ``features`` [n, f] of its candidates, their ``grades`` [n], and its weight."""

    name: str
    source: str
    features: NDArray[np.float32]
    grades: NDArray[np.int64]
    weight: float = 1.0


@dataclass(frozen=True)
class Plan:
    """Strength of a fit."""

    ridge: float = 1e-3


@dataclass(frozen=True)
class Fitted:
    """Score = ((x - mean) / scale) @ weights."""

    mean: Doubles
    scale: Doubles
    weights: Doubles

    @property
    def plain(self) -> Doubles:
        """The weights for measurements as they are; scores differ by a constant."""
        return self.weights / self.scale


@dataclass(frozen=True)
class _Lists:
    """Examples as flat arrays: rows of query q are ``starts[q]:starts[q + 1]``."""

    features: Doubles  # [rows, f]
    targets: Doubles  # [rows], 1 in sum over a query
    weights: Doubles  # [rows] of their query
    starts: NDArray[np.int64]


def fit(examples: Sequence[Example], plan: Plan) -> Fitted:
    """Learn from the examples that hold an answer; the same ones give the same model."""
    lists = _lists(examples)
    mean, scale = lists.features.mean(axis=0), lists.features.std(axis=0)
    scale[scale < 1e-6] = 1.0
    scaled = (lists.features - mean) / scale
    total = float(lists.weights[lists.starts[:-1]].sum())

    def loss(weights: Doubles) -> tuple[float, Doubles]:
        shares = softmax(scaled @ weights, lists.starts)
        cross = -(lists.weights * lists.targets * np.log(shares + 1e-12)).sum() / total
        slope = scaled.T @ (lists.weights * (shares - lists.targets)) / total
        return cross + plan.ridge * float(weights @ weights), slope + 2 * plan.ridge * weights

    found = minimize(loss, np.zeros(scaled.shape[1]), jac=True, method="L-BFGS-B")
    return Fitted(mean, scale, np.asarray(found.x))


def predict(model: Fitted, features: NDArray[np.float32]) -> Doubles:
    """Return the scores of rows of measurements."""
    return np.asarray(((features.astype(np.float64) - model.mean) / model.scale) @ model.weights)


def softmax(scores: Doubles, starts: NDArray[np.int64]) -> Doubles:
    """Return the softmax within each query."""
    sizes = np.diff(starts)
    top = np.repeat(np.maximum.reduceat(scores, starts[:-1]), sizes)
    raised = np.exp(scores - top)
    return np.asarray(raised / np.repeat(np.add.reduceat(raised, starts[:-1]), sizes))


def _lists(examples: Sequence[Example]) -> _Lists:
    kept = [example for example in examples if (example.grades >= RELEVANT).any()]
    gains = [_gains(example.grades) for example in kept]
    sizes = [len(example.grades) for example in kept]
    return _Lists(
        np.concatenate([example.features for example in kept]).astype(np.float64),
        np.concatenate([gain / gain.sum() for gain in gains]),
        np.concatenate([np.full(len(e.grades), e.weight) for e in kept]),
        np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
    )


def _gains(grades: NDArray[np.int64]) -> Doubles:
    return np.where(grades >= RELEVANT, 2.0**grades - 1, 0.0)
