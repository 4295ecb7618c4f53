"""Batches: which pairs, and which of their tokens this time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from tiaowen_models.training.bank import BankedSource, Ints

KEEP_QUERY_IN_CLAUSE = 0.15  # passages: how often the clause still holds the query's words
TITLE_AS_QUERY = 0.15
TITLE_IN_CLAUSE = 0.4
KEYWORD_QUERY = 0.2  # passages: how often only a quarter of the query's words is kept
BLOCK = 8  # neighbouring passages of a batch: each other's hard negatives


@dataclass(frozen=True)
class Batch:
    """Token counts of both sides, csr ``[n, n_tokens]``; extra clauses answer no query."""

    query: sp.csr_matrix
    clause: sp.csr_matrix
    extra: sp.csr_matrix | None
    same: NDArray[np.bool_]  # [n, n] pairs that must not be told apart


@dataclass(frozen=True)
class Drop:
    """Shares of tokens left out at random on either side."""

    query: float = 0.1
    clause: float = 0.2


def bags(rows: Ints, numbers: Ints, n_rows: int, n_tokens: int) -> sp.csr_matrix:
    """Count tokens by row; a token counts with the square root of its frequency."""
    data = np.ones(len(rows), dtype=np.float32)
    matrix = sp.coo_matrix((data, (rows, numbers)), shape=(n_rows, n_tokens)).tocsr()
    matrix.data = np.sqrt(matrix.data)
    return matrix


def spread(ranges: Ints, owners: Ints) -> tuple[Ints, Ints]:
    """Return every position inside half-open ranges, and the owner of each."""
    sizes = np.maximum(ranges[:, 1] - ranges[:, 0], 0)
    starts = np.repeat(ranges[:, 0] - np.concatenate(([0], np.cumsum(sizes)[:-1])), sizes)
    return np.arange(int(sizes.sum())) + starts, np.repeat(owners, sizes)


class Sampler:
    """Draws batches from banked sources; every draw comes from one seeded generator."""

    def __init__(
        self, flat: Ints, ends: Ints, n_tokens: int, rng: np.random.Generator, drop: Drop
    ) -> None:
        self.flat, self.ends, self.n_tokens = flat, ends, n_tokens
        self.rng, self.drop = rng, drop

    def bag(self, ranges: Ints, owners: Ints, n: int, keep: NDArray[np.float64]) -> sp.csr_matrix:
        """Count the tokens of unit ranges by owner, each token kept with its owner's chance."""
        positions, rows = spread(self.ends[ranges], owners)
        kept = self.rng.random(len(positions)) < keep[rows]
        return bags(rows[kept], self.flat[positions[kept]], n, self.n_tokens)

    def whole(self, ranges: Ints) -> sp.csr_matrix:
        """Count all tokens of each unit range."""
        n = len(ranges)
        return self.bag(ranges, np.arange(n), n, np.ones(n))

    def draw(self, source: BankedSource, size: int) -> Batch:
        """Draw a batch of ``size`` pairs (fewer if the source is smaller)."""
        if source.kind == "passages":
            return self._draw_passages(source, size)
        return self.of(source, self.choose(source, size))

    def choose(self, source: BankedSource, size: int) -> Ints:
        """Choose the pairs of a batch: all of a small source, in a new order."""
        if len(source) <= size:
            return self.rng.permutation(len(source))
        return self.rng.choice(len(source), size, replace=False)

    def of(self, source: BankedSource, picks: Ints, mined: Ints | None = None) -> Batch:
        """Return the batch of given pairs, with their near misses and mined unit ranges."""
        n = len(picks)
        rows = np.arange(n)
        clause_ranges = self._crop(source.clause[picks])
        query = self.bag(source.query[picks], rows, n, np.full(n, 1 - self.drop.query))
        clause = self.bag(clause_ranges, rows, n, np.full(n, 1 - self.drop.clause))
        near = source.near[np.isin(source.near_of, picks)]
        if mined is not None:
            near = np.concatenate([near, self._crop(mined)])
        extra = None
        if len(near):
            keep = np.full(len(near), 1 - self.drop.clause)
            extra = self.bag(near, np.arange(len(near)), len(near), keep)
        return Batch(query, clause, extra, self._same(source, picks))

    def _same(self, source: BankedSource, picks: Ints) -> NDArray[np.bool_]:
        q, c = source.query_key[picks], source.clause_key[picks]
        same: NDArray[np.bool_] = (c[:, None] == c[None, :]) | (q[:, None] == q[None, :])
        np.fill_diagonal(same, False)
        return same

    def _crop(self, ranges: Ints) -> Ints:
        """Keep a random run of the units of long clauses, half of the time."""
        sizes = ranges[:, 1] - ranges[:, 0]
        cut = (sizes >= 6) & (self.rng.random(len(ranges)) < 0.5)
        length = np.where(cut, (sizes * self.rng.uniform(0.4, 1.0, len(sizes))).astype(int), sizes)
        start = ranges[:, 0] + (self.rng.random(len(sizes)) * (sizes - length + 1)).astype(int)
        return np.stack([start, start + length], axis=1)

    def _draw_passages(self, source: BankedSource, size: int) -> Batch:
        blocks = max(1, min(size, len(source)) // BLOCK)
        starts = self.rng.integers(0, max(1, len(source) - BLOCK), blocks)
        picks = np.unique((starts[:, None] + np.arange(BLOCK)).ravel())
        picks = picks[picks < len(source)]
        title, body = source.query[picks], source.clause[picks]
        sizes, has_title = body[:, 1] - body[:, 0], title[:, 1] > title[:, 0]
        usable = (sizes > 1) | has_title
        picks, title, body, sizes = picks[usable], title[usable], body[usable], sizes[usable]
        has_title = has_title[usable]
        n = len(picks)
        rng = self.rng
        asks = has_title & ((sizes <= 1) | (rng.random(n) < TITLE_AS_QUERY))
        length = 1 + (rng.random(n) * np.maximum(1, sizes // 3)).astype(int)
        start = body[:, 0] + (rng.random(n) * (sizes - length + 1)).astype(int)
        run = np.stack([start, start + length], axis=1)
        keywords = ~asks & (rng.random(n) < KEYWORD_QUERY)
        # a title in the clause would give away a query that is the title
        titled = has_title & ~asks & (rng.random(n) < TITLE_IN_CLAUSE)
        keep_all = asks | keywords | (rng.random(n) < KEEP_QUERY_IN_CLAUSE)
        before = np.stack([body[:, 0], np.where(keep_all, body[:, 1], run[:, 0])], axis=1)
        after = np.stack([np.where(keep_all, body[:, 1], run[:, 1]), body[:, 1]], axis=1)
        heading = np.stack([title[:, 0], np.where(titled, title[:, 1], title[:, 0])], axis=1)
        rows = np.arange(n)
        keep_query = np.where(keywords, 0.3, 1 - self.drop.query)
        query = self.bag(np.where(asks[:, None], title, run), rows, n, keep_query)
        clause = self.bag(
            np.concatenate([before, after, heading]),
            np.concatenate([rows, rows, rows]),
            n,
            np.full(n, 1 - self.drop.clause),
        )
        c = source.clause_key[picks]
        same = c[:, None] == c[None, :]
        asked = source.query_key[picks]
        same |= (asked[:, None] == asked[None, :]) & asks[:, None]
        np.fill_diagonal(same, False)
        return Batch(query, clause, None, same)
