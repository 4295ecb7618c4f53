"""What sentences state of what a query asks for: signs, figures, periods, quantities."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tiaowen_models.figures import figure_places
from tiaowen_models.protocols import QueryAnalysis
from tiaowen_models.ranking_query import Asked
from tiaowen_models.reading import Reading, ranges
from tiaowen_models.states import Bools, columns, stating


@dataclass(frozen=True, slots=True)
class Stated:
    """Of S sentences: a row for each intent, figure and period asked; ``units``: whether a
    quantity of a kind that is asked for stands there.
    """

    signs: Bools  # [intents, S], in the order asked
    figures: Bools  # [figures, S]
    periods: Bools  # [periods, S]
    units: Bools  # [S]

    @property
    def rows(self) -> Bools:
        """All of it, [intents + figures + periods + 1, S]."""
        return np.concatenate([self.signs, self.figures, self.periods, self.units[None]])


def asks_for_nothing(analysis: QueryAnalysis, query: Asked) -> bool:
    """Say whether nothing needs to be looked up."""
    return not (analysis.asks or query.figures or query.periods or query.units)


def stated(
    analysis: QueryAnalysis, query: Asked, reading: Reading, rows: NDArray[np.int64]
) -> Stated:
    """Return what of it the sentences of the clauses ``rows`` state."""
    found = stating(reading.states[ranges(reading.sentences, rows)[1]])
    nothing = np.zeros(found.shape[1], bool)  # of intents that another lexicon has

    def of(kind: str, names: Iterable[str]) -> Bools:
        places = [columns().get((kind, name)) for name in names]
        each = [nothing if place is None else found[place] for place in places]
        return np.array(each, bool).reshape(len(each), len(nothing))

    return Stated(
        signs=of("sign", analysis.asks),
        figures=_figures(query.figures, reading, rows, len(nothing)),
        periods=of("period", sorted(query.periods)),
        units=np.any(of("quantity", query.units), axis=0),
    )


def _figures(
    wanted: frozenset[str], reading: Reading, rows: NDArray[np.int64], count: int
) -> Bools:
    """Return for each figure asked, in order, which of ``count`` sentences hold it or its like."""
    if not wanted:
        return np.zeros((0, count), bool)
    text = reading.joined(rows)
    found = figure_places(wanted, text.text).values()
    return np.stack([text.holding(places) for places in found])
