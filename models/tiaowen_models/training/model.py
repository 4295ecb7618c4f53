"""The static model while it learns: feature vectors, two weights a feature, lazy Adam."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
import torch
from numpy.typing import NDArray

from tiaowen_models.training.batches import Batch
from tiaowen_models.training.late import LateMatch

BETA1, BETA2, EPSILON = 0.9, 0.99, 1e-8  # Kingma and Ba, ICLR 2015


def softmax_slope(
    scores: torch.Tensor, same: torch.Tensor, heat: float
) -> tuple[float, torch.Tensor]:
    """Return the symmetric in-batch softmax loss of scores at most 1, and its slope by them.

    ``scores`` float32 ``[n, n + extra]``, overwritten: row i belongs to column i, the columns
    after n to no row; ``same`` bool ``[n, n]`` marks pairs that are not held against each other.
    Written out because autograd would take four exponentials of every score where one does.
    """
    n = len(scores)
    scores.mul_(1 / heat)
    own = scores.diagonal().clone()
    mass = scores.sub_(1 / heat).exp_()  # nothing overflows
    mass[:, :n].masked_fill_(same, 0.0)
    rows, columns = mass.sum(1), mass[:, :n].sum(0)
    loss = (rows.log() + columns.log() + 2 / heat - 2 * own).mean()
    slope = mass.mul((1 / rows)[:, None])
    slope[:, :n].addcmul_(mass[:, :n], (1 / columns).expand(n, n))
    slope[:, :n].diagonal().sub_(2)
    return float(loss), slope.mul_(1 / (n * heat))


class Side:
    """One side of a batch on its way from feature vectors to unit text vectors and back."""

    def __init__(
        self, bags: sp.csr_matrix, shares: sp.csr_matrix, weight: NDArray[np.float32]
    ) -> None:
        """Take bags ``[n, T]``, shares ``[T, F]`` of the batch's features, weights ``[F]``."""
        used, self.bags = compact(bags)
        self.shares = shares[used]
        self.shares.data = self.shares.data * weight[self.shares.indices]

    def forward(self, vectors: NDArray[np.float32]) -> torch.Tensor:
        """Return unit text vectors, float32 ``[n, d]``."""
        self.tokens = self.shares @ vectors
        summed = torch.from_numpy(self.bags @ self.tokens)
        self.norms = summed.norm(dim=1, keepdim=True).clamp_(min=1e-6)
        self.unit = summed.div_(self.norms)
        return self.unit

    def backward(
        self, slope: torch.Tensor, by_token: NDArray[np.float32] | None = None
    ) -> torch.Tensor:
        """Return the slope by the feature vectors, float32 ``[F, d]``, weights included.

        ``by_token`` adds slopes by the token vectors, ``[T, d]``.
        """
        along = (slope * self.unit).sum(1, keepdim=True)
        summed = slope.sub_(self.unit * along).div_(self.norms).numpy()
        tokens = self.bags.T.tocsr() @ summed
        if by_token is not None:
            tokens += by_token
        return torch.from_numpy(self.shares.T.tocsr() @ tokens)


@dataclass
class Parameters:
    """Float32 arrays: vectors ``[F, d]``, log weights of the clause and the query side ``[F]``."""

    vectors: torch.Tensor
    clause: torch.Tensor
    query: torch.Tensor

    def copy(self) -> Parameters:
        """Return an independent copy."""
        return Parameters(self.vectors.clone(), self.clause.clone(), self.query.clone())

    def table(self, *, side: str) -> NDArray[np.float32]:
        """Return the vectors times the weights of one side, float32 ``[F, d]``."""
        weight = getattr(self, side)
        return np.asarray((self.vectors * weight.exp()[:, None]).numpy(), dtype=np.float32)


def initial(
    frequency: NDArray[np.float64], dimensions: int, *, seed: int, smooth: float = 1e-3
) -> Parameters:
    """Start from random directions, weighted ``a / (a + p)`` (Arora et al., ICLR 2017)."""
    generator = torch.Generator().manual_seed(seed)
    shape = (len(frequency), dimensions)
    vectors = torch.randn(shape, generator=generator) / dimensions**0.5
    share = torch.from_numpy(frequency / max(frequency.sum(), 1.0)).float()
    clause = torch.log(smooth / (smooth + share))
    return Parameters(vectors, clause, clause.clone())


@dataclass(frozen=True)
class Late:
    """How much of a batch learns the word-by-word match, how sharply, and what it counts."""

    size: int = 256
    temperature: float = 0.05
    weight: float = 1.0


class Learner:
    """Adam that touches only the rows of a batch; one second moment a row, as all of it moves."""

    def __init__(
        self, parameters: Parameters, shares: sp.csr_matrix, *, temperature: float
    ) -> None:
        self.parameters, self.shares, self.temperature = parameters, shares, temperature
        self.moments = {
            name: (torch.zeros_like(tensor), torch.zeros(len(tensor)))
            for name, tensor in vars(parameters).items()
        }
        self.steps = torch.zeros(len(parameters.clause))
        self.anchor: Parameters | None = None
        self.pull = 0.0
        self.late: Late | None = None

    def step(
        self,
        batch: Batch,
        *,
        rate: float,
        weight_rate: float,
        feature_drop: float,
        rng: np.random.Generator,
    ) -> float:
        """Take one step down the symmetric contrastive loss; return the loss."""
        n = batch.query.shape[0]
        stacked = [batch.query, batch.clause] + ([batch.extra] if batch.extra is not None else [])
        tokens, bags = compact(sp.vstack(stacked, format="csr"))
        shares = self.shares[tokens]
        if feature_drop:
            shares.data = shares.data * (rng.random(len(shares.data)) >= feature_drop)
        rows, shares = compact(shares)
        at = torch.from_numpy(rows)
        vectors = self.parameters.vectors.index_select(0, at)
        query = Side(bags[:n], shares, self.parameters.query[at].exp().numpy())
        clause = Side(bags[n:], shares, self.parameters.clause[at].exp().numpy())
        asked, held = query.forward(vectors.numpy()), clause.forward(vectors.numpy())
        same = torch.from_numpy(batch.same)
        loss, slope = softmax_slope(asked @ held.T, same, self.temperature)
        words = self._late(query, clause, n, same) if self.late else (None, None)
        from_query = query.backward(slope @ held, words[0])
        from_clause = clause.backward(slope.T @ asked, words[1])
        slopes = {
            "query": torch.einsum("fd,fd->f", from_query, vectors),
            "clause": torch.einsum("fd,fd->f", from_clause, vectors),
            "vectors": from_query.add_(from_clause),
        }
        self._update(at, slopes, rate=rate, weight_rate=weight_rate)
        return loss

    def _late(
        self, query: Side, clause: Side, n: int, same: torch.Tensor
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return the late match's slopes by both sides' token vectors, for part of the batch."""
        late = self.late
        assert late is not None
        k = min(late.size, n)
        others = [*range(k), *range(n, min(n + k, clause.bags.shape[0]))]
        q_used, q_bags = compact(query.bags[:k])
        c_used, c_bags = compact(clause.bags[others])
        match = LateMatch(q_bags, c_bags, query.tokens[q_used], clause.tokens[c_used])
        scores = torch.from_numpy(match.scores())
        _, slope = softmax_slope(scores.clone(), same[:k, :k], late.temperature)
        by_query, by_clause = match.backward(slope.mul_(late.weight).numpy())
        slopes = np.zeros_like(query.tokens), np.zeros_like(clause.tokens)
        slopes[0][q_used], slopes[1][c_used] = by_query, by_clause
        return slopes

    def _update(
        self, at: torch.Tensor, slopes: dict[str, torch.Tensor], *, rate: float, weight_rate: float
    ) -> None:
        self.steps[at] += 1
        count = self.steps[at]
        correct1, correct2 = 1 - BETA1**count, 1 - BETA2**count
        for name, slope in slopes.items():
            wide = slope.dim() == 2
            first, second = self.moments[name]
            square = torch.einsum("fd,fd->f", slope, slope) / slope.shape[1] if wide else slope**2
            v = second[at].mul_(BETA2).add_(square, alpha=1 - BETA2)
            m = first.index_select(0, at).lerp_(slope, 1 - BETA1)
            second[at] = v
            first.index_copy_(0, at, m)
            speed = (rate if wide else weight_rate) / correct1
            speed = speed / (v / correct2).sqrt_().add_(EPSILON)
            tensor = getattr(self.parameters, name)
            tensor.index_add_(0, at, m.mul_(speed[:, None] if wide else speed), alpha=-1)
            if self.anchor is not None:
                held = getattr(self.anchor, name).index_select(0, at)
                tensor.index_copy_(0, at, tensor.index_select(0, at).lerp_(held, self.pull))


def compact(matrix: sp.csr_matrix) -> tuple[NDArray[np.int64], sp.csr_matrix]:
    """Return the columns in use and the matrix over them alone."""
    used = np.zeros(matrix.shape[1], dtype=bool)
    used[matrix.indices] = True
    columns = np.flatnonzero(used)
    number = np.cumsum(used) - 1
    indices = number[matrix.indices].astype(np.int32)
    shape = (matrix.shape[0], len(columns))
    return columns, sp.csr_matrix((matrix.data, indices, matrix.indptr), shape=shape)
