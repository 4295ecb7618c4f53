"""The lexical leg: BM25 over two fields, the clause's wording and its headings with the title.

Every term's contribution to every clause is computed when the index is built, as bm25s does (Lù,
2024); a query adds up the postings of its terms. Fields are indexed apart, so that a short clause
under long headings is not penalised for them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tiaowen_models.kernels import AVAILABLE
from tiaowen_models.kernels.postings import Columns

from tiaowen_indexer.counted import Counted, Matrix, lengths_of
from tiaowen_indexer.files import mapped

K1 = 0.9  # with B and WEIGHT measured on the seeds; short clauses saturate early
B = {"body": 0.6, "context": 0.5}
WEIGHT = {"body": 1.0, "context": 0.35}
FIELDS = ("body", "context")

Floats = NDArray[np.float32]
Counts = NDArray[np.uint16]


@dataclass(frozen=True, slots=True)
class Postings:
    """One field as a sparse matrix by columns: the contributions of term t are at
    ``indptr[t]:indptr[t + 1]``; a clause stands at most once in a column.
    """

    data: Floats
    indices: NDArray[np.int32]
    indptr: NDArray[np.int64]
    counts: Counts  # of the term in the clause; with lengths what a re-index starts from
    lengths: NDArray[np.int32]  # of the clauses, in terms

    def of(self, term: int) -> tuple[NDArray[np.int32], Floats]:
        """Return the clauses of a term and its contribution to each."""
        start, end = self.indptr[term], self.indptr[term + 1]
        return self.indices[start:end], self.data[start:end]


class LexicalIndex:
    """Vocabulary and postings; read-only and safe to share between threads."""

    def __init__(
        self, vocabulary: Sequence[str], fields: Mapping[str, Postings], count: int
    ) -> None:
        self.vocabulary = vocabulary
        self.count = count
        self._fields = fields

    def postings(self, name: str) -> Postings:
        """Return one field."""
        return self._fields[name]

    @cached_property
    def _ids(self) -> dict[str, int]:
        return {term: position for position, term in enumerate(self.vocabulary)}

    def __contains__(self, term: str) -> bool:
        return term in self._ids

    def idf(self, term: str) -> float:
        """Return Lucene's BM25 idf of ``term`` in the wording, 0.0 if the index lacks it."""
        position = self._ids.get(term)
        return 0.0 if position is None else float(self._idf[position])

    @cached_property
    def _idf(self) -> NDArray[np.float64]:
        frequency = np.max([np.diff(postings.indptr) for postings in self._fields.values()], axis=0)
        idf: NDArray[np.float64] = np.log1p((self.count - frequency + 0.5) / (frequency + 0.5))
        return idf

    @cached_property
    def _columns(self) -> Columns | None:
        """The postings as the compiled kernels read them, None where there are no kernels."""
        if not AVAILABLE:
            return None
        fields = [(p.data, p.indices, p.indptr, WEIGHT[name]) for name, p in self._fields.items()]
        return Columns(fields, self.count)

    def scores(self, terms: Mapping[str, float]) -> Floats:
        """Return float32 ``[count]``: the weighted sum over terms and fields, 0 for no match."""
        known = {self._ids[term]: weight for term, weight in terms.items() if term in self._ids}
        if self._columns is not None:
            return self._columns.scores(list(known), list(known.values()))
        scores = np.zeros(self.count, np.float32)
        for position, weight in known.items():
            for name, postings in self._fields.items():
                rows, contributions = postings.of(position)
                scores[rows] += contributions * np.float32(weight * WEIGHT[name])
        return scores

    def contributions(self, terms: Sequence[str], rows: NDArray[np.int32]) -> Floats:
        """Return float32 ``[len(terms), len(rows)]``: what each term (weight 1) adds to a row."""
        positions = [self._ids.get(term, -1) for term in terms]
        if self._columns is not None:
            return self._columns.contributions(positions, rows)
        added = np.zeros((len(terms), len(rows)), np.float32)
        for number, position in enumerate(positions):
            for name, postings in self._fields.items() if position >= 0 else ():
                clauses, values = postings.of(position)
                if len(clauses):
                    at = np.minimum(np.searchsorted(clauses, rows), len(clauses) - 1)
                    found = clauses[at] == rows
                    added[number] += np.where(found, values[at] * np.float32(WEIGHT[name]), 0)
        return added

    def save(self, folder: Path) -> None:
        """Write the vocabulary (sorted, one a line) and five arrays a field."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "vocabulary.txt").write_text("\n".join(self.vocabulary), encoding="utf-8")
        for name, postings in self._fields.items():
            for part in Postings.__slots__:
                np.save(folder / f"{name}.{part}.npy", getattr(postings, part))

    @classmethod
    def load(cls, folder: Path, *, count: int) -> LexicalIndex:
        """Map what `save` wrote into memory. Raises FileNotFoundError."""
        text = (folder / "vocabulary.txt").read_text(encoding="utf-8")
        fields = {
            name: Postings(
                mapped(folder / f"{name}.data.npy"),
                mapped(folder / f"{name}.indices.npy"),
                np.load(folder / f"{name}.indptr.npy"),
                mapped(folder / f"{name}.counts.npy"),
                mapped(folder / f"{name}.lengths.npy"),
            )
            for name in FIELDS
        }
        return cls(text.split("\n") if text else [], fields, count)


def build_lexical(counted: Counted) -> LexicalIndex:
    """Index the terms of every clause under one sorted vocabulary."""
    order = sorted(range(len(counted.terms)), key=counted.terms.__getitem__)
    return LexicalIndex(
        [counted.terms[number] for number in order],
        {name: _postings(matrix[:, order], B[name]) for name, matrix in counted.fields.items()},
        counted.fields["body"].shape[0],
    )


def _postings(matrix: Matrix, b: float) -> Postings:
    frequency = np.diff(matrix.indptr).astype(np.int64)
    return weighed(matrix.indices, matrix.data, frequency, lengths_of(matrix), b=b)


def weighed(
    indices: NDArray[np.int32],
    counts: Counts,
    frequency: NDArray[np.int64],
    lengths: NDArray[np.int32],
    *,
    b: float,
) -> Postings:
    """Return postings with BM25 by Lucene's idf, without the factor k1 + 1. ``frequency`` int64
    ``[terms]``: how many clauses hold each term.

    Lù, "BM25S", 2024, equation 3; the contributions are those of ``bm25s`` (a test holds them so).
    """
    indptr = np.concatenate([np.zeros(1, np.int64), np.cumsum(frequency)])
    idf = np.log1p((len(lengths) - frequency + 0.5) / (frequency + 0.5))
    mean = lengths.sum() / max(len(lengths), 1) or 1.0
    data = np.repeat(idf, frequency)  # millions: each step in the array it stands in
    data *= counts
    weight = (K1 * (1 - b + b * lengths / mean))[indices]
    weight += counts
    data /= weight
    return Postings(data.astype(np.float32), indices, indptr, counts, lengths)
