"""What the sentences of clauses hold of a query: its words, what is near them, what it asks for.

Everything is found once for every sentence; a clause has the best of what its sentences have.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tiaowen_models.protocols import Floats, QueryAnalysis
from tiaowen_models.ranking_query import Asked
from tiaowen_models.reader import Meaning
from tiaowen_models.reading import Joined, Reading
from tiaowen_models.stated import stated
from tiaowen_models.wording import SHORT, runs_asked

_EPSILON = 1e-6


@dataclass(frozen=True, slots=True)
class Level:
    """What m clauses, or m sentences, hold of a query of t terms and g groups of them.

    ``held`` and ``around`` are 1 where a term stands in the wording, in title or headings; ``near``
    and ``above`` the best likeness of a word there. ``share``: of the query, by the terms that
    stand in one sentence; ``asked_near`` and ``units_near`` the same where that sentence gives what
    is asked for. ``focus``: share of the wording, by its words' weight, that is about the query.
    """

    held: Floats  # [t, m]
    around: Floats  # [t, m]
    near: Floats  # [t, m]
    above: Floats  # [t, m]
    share: Floats  # [m]
    asked_near: Floats  # [m]
    units_near: Floats  # [m]
    focus: Floats  # [m]
    cosine: Floats  # [m] of the nearest sentence with the query
    run: Floats  # [m] characters of the longest run of the query that stands there
    figures: Floats  # [m] share of the figures asked for
    periods: Floats  # [m]
    signs: dict[str, Floats]  # [m] by intent asked
    units: Floats  # [m] a quantity of the kind asked for is stated
    heading_only: Floats  # [m]
    length: Floats  # [m] log of characters
    sentences: Floats  # [m] log of their number


class Evidence:
    """One query beside the clauses of a reading."""

    def __init__(
        self, analysis: QueryAnalysis, query: Asked, meaning: Meaning, reading: Reading
    ) -> None:
        self.query, self.reading = query, reading
        everything = np.arange(len(reading))
        text = reading.joined(everything)
        found = stated(analysis, query, reading, everything)
        self._held = _held(query.terms, text)
        self._around = _inside(query.terms, reading.contexts[:])
        dots = (reading.units.astype(np.float32) @ meaning.vectors.T) * reading.scales[:, None]
        self._alike = np.maximum(dots[:, :-1], 0.0)  # [u, t]
        self._near = _best(self._alike, reading.words, reading.words_at)
        self._above = _best(self._alike, reading.around, reading.around_at)
        self._weights = reading.lengths[reading.words]
        self._weight = _sums(self._weights, reading.words_at)
        summed = np.sqrt(reading.counts, dtype=np.float32) * self._weights * dots[reading.words, -1]
        self._cosine = _sums(summed, reading.words_at) / np.maximum(reading.norms, _EPSILON)
        self._run = _runs(query.han, text)
        self._signs = dict(zip(analysis.asks, found.signs.astype(np.float32), strict=True))
        self._figures = found.figures.astype(np.float32)
        self._periods = found.periods.astype(np.float32)
        self._units = found.units.astype(np.float32)

    def clauses(self) -> Level:
        """Return the level of the clauses, in the order of the reading."""
        reading, query = self.reading, self.query
        firsts = reading.sentences[:-1]

        def best(values: NDArray[Any]) -> Floats:
            return np.asarray(np.maximum.reduceat(values, firsts, axis=-1), np.float32)

        share = self._share(query.strength)
        about = np.add.reduceat(self._about(query.strength), firsts)
        return Level(
            held=best(self._held),
            around=self._around[:, reading.context],
            near=best(self._near),
            above=self._above[:, reading.context],
            share=best(share),
            asked_near=best(share * self._asked),
            units_near=best(share * self._units),
            focus=_ratio(about, np.add.reduceat(self._weight, firsts)),
            cosine=best(self._cosine),
            run=best(self._run),
            figures=_part(best(self._figures)),
            periods=_part(best(self._periods)),
            signs={name: best(found) for name, found in self._signs.items()},
            units=best(self._units),
            heading_only=reading.heading_only.astype(np.float32),
            length=_log([len(text) for text in reading.texts[:]], SHORT),
            sentences=_log(np.diff(reading.sentences)),
        )

    def sentences(self, at: NDArray[Any], strength: Floats) -> Level:
        """Return the level of the sentences numbered ``at`` in the reading.

        ``strength`` float32 ``[t]``: how much of the word asked each term stands for.
        """
        reading = self.reading
        context = reading.context[reading.owner[at]]
        share = self._share(strength)[at]
        return Level(
            held=self._held[:, at],
            around=self._around[:, context],
            near=self._near[:, at],
            above=self._above[:, context],
            share=share,
            asked_near=share * self._asked[at],
            units_near=share * self._units[at],
            focus=_ratio(self._about(strength)[at], self._weight[at]),
            cosine=self._cosine[at],
            run=self._run[at],
            figures=_part(self._figures[:, at]),
            periods=_part(self._periods[:, at]),
            signs={name: found[at] for name, found in self._signs.items()},
            units=self._units[at],
            heading_only=np.zeros(len(at), np.float32),
            length=_log(reading.spans[at, 1] - reading.spans[at, 0], SHORT),
            sentences=np.ones(len(at), np.float32),
        )

    @cached_property
    def _asked(self) -> Floats:
        """Share of the intents asked that a sentence shows a sign of, [S]."""
        if not self._signs:
            return np.zeros(len(self.reading.spans), np.float32)
        return _part(np.array(list(self._signs.values()), np.float32))

    def _share(self, strength: Floats) -> Floats:
        return share(self.query, by_group(self.query, self._held * strength[:, None]))

    def _about(self, strength: Floats) -> Floats:
        """Return for every sentence the weight of its words that is about the query."""
        likeness = (self._alike * strength).max(axis=1, initial=0.0)[self.reading.words]
        return _sums(likeness * self._weights, self.reading.words_at)


def by_group(query: Asked, values: Floats) -> Floats:
    """Return the largest value of each group, float32 ``[g, m]``; terms stand by group."""
    if not len(query.starts):
        return np.zeros((0, values.shape[1]), np.float32)
    return np.asarray(np.maximum.reduceat(values, query.starts, axis=0), np.float32)


def share(query: Asked, grouped: Floats) -> Floats:
    """Return the mean over groups by their weight, float32 ``[m]``."""
    return np.asarray(query.weight @ grouped / max(float(query.weight.sum()), _EPSILON), np.float32)


def _held(terms: Sequence[str], text: Joined) -> Floats:
    """Return float32 ``[t, S]``: 1 where a sentence holds a term."""
    held = np.zeros((len(terms), len(text.starts)), np.float32)
    for row, term in enumerate(terms):
        held[row] = text.holding(_places(term, text.codes), len(term))
    return held


def _places(term: str, written: NDArray[np.uint32]) -> NDArray[np.int64]:
    """Return where a term stands; code points are compared all at once, however many it has."""
    count = len(written) - len(term) + 1
    same = np.ones(max(count, 0), bool)
    for at, code in enumerate(map(ord, term)):
        same &= written[at : at + len(same)] == code
    return np.flatnonzero(same)


def _inside(terms: Sequence[str], texts: Sequence[str]) -> Floats:
    held = [[term in text for text in texts] for term in terms]
    return np.array(held, np.float32).reshape(len(terms), len(texts))


def _best(alike: Floats, words: NDArray[Any], at: NDArray[np.int64]) -> Floats:
    """Return the largest likeness of each term in each text, float32 ``[t, m]``."""
    return np.ascontiguousarray(np.maximum.reduceat(alike[words], at[:-1], axis=0).T)


def _sums(values: Floats, at: NDArray[np.int64]) -> Floats:
    return np.asarray(np.add.reduceat(values, at[:-1]), np.float32)


def _ratio(part: Floats, whole: Floats) -> Floats:
    return np.asarray(part / np.maximum(whole, _EPSILON), np.float32)


def _runs(han: Sequence[str], text: Joined) -> Floats:
    """Return for every sentence how many characters of a run of the query stand there at most.

    The longest common piece by the usual table, a row for each character asked, all texts at once;
    single characters do not count.
    """
    written = text.codes
    longest = np.zeros(len(written) + 1, np.int16)
    run = np.zeros(len(written) + 1, np.int16)
    for character in runs_asked(han):
        grown = np.zeros_like(run)
        np.multiply(run[:-1] + 1, written == ord(character), out=grown[1:])
        run = grown
        np.maximum(longest, run, out=longest)
    best = np.maximum.reduceat(longest, np.minimum(text.starts + 1, len(written)))
    return np.where(best > 1, best, 0).astype(np.float32)


def _part(found: Floats) -> Floats:
    """Return the mean over the first axis, 0 where nothing is asked for."""
    return np.asarray(found.sum(axis=0) / max(len(found), 1), np.float32)


def _log(sizes: Any, unit: float = 1.0) -> Floats:
    return np.log2(1.0 + np.asarray(sizes) / unit).astype(np.float32)
