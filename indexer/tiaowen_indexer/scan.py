"""The quantised scan that finds candidates for exact cosines: RaBitQ (Gao & Long, SIGMOD 2024).

Up to LISTS_FROM clauses the scan reads one bit a dimension of all of them; beyond, two bits in
inverted lists, of which as many are read as a sample of questions needs for the recall wanted.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

LISTS_FROM = 100_000  # rows; a whole scan then costs more than two milliseconds
RECALL = 0.995  # of the exact first ten, in the sample, for 0.99 of what is really asked
CANDIDATES = 400  # that the scan hands to exact scoring for a hundred wanted ones
SAMPLE = 100  # questions that recall is measured with
_LIKENESS = 0.5  # cosine of a question and the clause it is made of: questions are short
_TRAINING = 40  # rows a list that the lists are found from
_SEED = 7

Floats = NDArray[np.float32]


def build_scan(vectors: Floats, asked: Floats | None = None) -> Any:
    """Return the faiss index of unit ``vectors`` float32 ``[n, d]``; equal rows, equal bytes.

    ``asked`` float32 ``[m, d]``: questions that recall is measured with, else invented ones.
    """
    import faiss

    count, dimensions = vectors.shape
    lists = list_count(count)
    kind = f"IVF{lists},RaBitQfs2" if lists else "RaBitQfs"
    scan: Any = faiss.index_factory(dimensions, kind, faiss.METRIC_INNER_PRODUCT)
    draw = np.random.default_rng(_SEED)
    trained = vectors
    if lists:
        trained = vectors[np.sort(draw.choice(count, min(count, lists * _TRAINING), replace=False))]
    scan.train(trained)
    scan.add(vectors)
    if lists:
        scan.nprobe = enough_probes(scan, vectors, questions(vectors) if asked is None else asked)
    return scan


def list_count(count: int) -> int:
    """Return how many inverted lists ``count`` rows have: 0, or a power of two up to 2 √count."""
    return 0 if count < LISTS_FROM else 1 << int(np.log2(2 * count**0.5))


def enough_probes(scan: Any, vectors: Floats, asked: Floats) -> int:
    """Return the fewest lists, in powers of two, that reach RECALL; at most all of them."""
    exact = [set(best(vectors @ query)) for query in asked]
    probes = 8
    while probes < scan.nlist:
        scan.nprobe = probes
        if recall(scan, vectors, asked, exact) >= RECALL:
            break
        probes *= 2
    return min(probes, int(scan.nlist))


def questions(vectors: Floats, count: int = SAMPLE) -> Floats:
    """Return unit vectors as far from clauses as questions are, float32 ``[count, d]``."""
    draw = np.random.default_rng(_SEED + 1)
    rows = vectors[draw.choice(len(vectors), count)]
    other = draw.standard_normal(rows.shape).astype(np.float32)
    other -= (other * rows).sum(axis=1, keepdims=True) * rows
    other /= np.linalg.norm(other, axis=1, keepdims=True)
    return np.asarray(_LIKENESS * rows + (1 - _LIKENESS**2) ** 0.5 * other, np.float32)


def recall(scan: Any, vectors: Floats, asked: Floats, exact: list[set[int]]) -> float:
    """Return the share of ``exact`` that scan and exact scoring find together."""
    _, found = scan.search(asked, CANDIDATES)
    kept = 0
    for query, rows, wanted in zip(asked, found, exact, strict=True):
        there = rows[rows >= 0]
        kept += len(wanted & set(there[best(vectors[there] @ query)].tolist()))
    return kept / sum(map(len, exact))


def best(scores: Floats, k: int = 10) -> NDArray[np.int64]:
    """Return the positions of the ``k`` largest scores, in any order."""
    return np.argpartition(-scores, min(k, len(scores) - 1))[:k]
