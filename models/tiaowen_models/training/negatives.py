"""Articles of the statute book that a question must be told apart from.

A batch of judged articles is an easy book to search; the whole book is not. So questions about
the law are also held against articles drawn from all of it, and against those that the model
itself, as it stands, ranks high by mistake (Xiong et al., ICLR 2021).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tiaowen_models.training.bank import BankedSource, Ints
from tiaowen_models.training.sources import Source

CHUNK = 256  # questions scored at a time


@dataclass(frozen=True)
class Mine:
    """How many articles a batch is held against, and which of the ranking they come from."""

    anywhere: int = 1024  # of the whole book, a batch
    near: int = 2  # of the mined, a pair
    first: int = 2  # ranks above it may well answer, though nobody judged them
    last: int = 60
    every: int = 100  # steps until the model ranks the book anew


def unjudged(book: Source, judged: Collection[Source]) -> Ints:
    """Return the rows of the book whose text, headings aside, answers no training question."""
    answers = {pair.clause[1:] for source in judged for pair in source.pairs}
    rows = [row for row, pair in enumerate(book.pairs) if pair.clause[1:] not in answers]
    return np.array(rows, dtype=np.int64)


@dataclass
class Negatives:
    """Draws articles for a batch; ``rows`` are those of the book that may be drawn."""

    book: BankedSource
    rows: Ints
    plan: Mine
    _near: dict[str, Ints] = field(default_factory=dict)  # source name to rows [pairs, ranks]

    @property
    def articles(self) -> Ints:
        """Unit ranges of the articles that may be drawn, ``[n_rows, 2]``."""
        return self._ranges(self.rows)

    def _ranges(self, rows: Ints) -> Ints:
        ranges: Ints = self.book.clause[rows]
        return ranges

    def mine(self, name: str, asked: NDArray[np.float32], held: NDArray[np.float32]) -> None:
        """Rank ``articles``, unit vectors ``[n_rows, d]``, for a source's queries ``[n, d]``."""
        first, last = self.plan.first, min(self.plan.last, len(held))
        found = [
            np.argsort(-(asked[at : at + CHUNK] @ held.T), axis=1, kind="stable")[:, first:last]
            for at in range(0, len(asked), CHUNK)
        ]
        self._near[name] = self.rows[np.concatenate(found)]

    def draw(self, name: str, picks: Ints, rng: np.random.Generator) -> Ints:
        """Return unit ranges of different articles for the picked pairs of a source, near first."""
        rows = rng.choice(self.rows, min(self.plan.anywhere, len(self.rows)), replace=False)
        if name in self._near:
            mined = rng.permuted(self._near[name][picks], axis=1)[:, : self.plan.near]
            rows = np.concatenate([mined.ravel(), rows])
        _, first = np.unique(rows, return_index=True)
        return self._ranges(rows[np.sort(first)])
