"""What patterns find in sentences: signs of what is asked, figures, periods, quantities."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tiaowen_models.figures import figure_places, period_places
from tiaowen_models.protocols import QueryAnalysis
from tiaowen_models.ranking_query import Asked
from tiaowen_models.reading import Joined
from tiaowen_models.signals import sign_places
from tiaowen_models.units import given_places

Bools = NDArray[np.bool_]


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
    """Say whether no text needs to be looked through."""
    return not (analysis.asks or query.figures or query.periods or query.units)


def stated(analysis: QueryAnalysis, query: Asked, text: Joined) -> Stated:
    """Look for what ``query`` asks in the sentences of ``text``."""
    units = given_places(text.text, query.units) if query.units else []
    return Stated(
        signs=_stacked([text.holding(sign_places(n, text.text)) for n in analysis.asks], text),
        figures=_figures(query.figures, text),
        periods=_stacked(
            [text.holding(period_places(n, text.text)) for n in sorted(query.periods)], text
        ),
        units=text.holding(units),
    )


def _figures(wanted: frozenset[str], text: Joined) -> Bools:
    """Return for each figure asked, in order, which sentences hold it or its like."""
    found = figure_places(wanted, text.text).values()
    return _stacked([text.holding(places) for places in found], text)


def _stacked(rows: list[Any], text: Joined) -> Bools:
    return np.array(rows, bool).reshape(len(rows), len(text.starts))
