"""The shipped embedder: token vectors from a quantised table, summed; numpy and scipy only."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from safetensors.numpy import load_file, save_file
from tiaowen_corpus.script import fold, fold_all

from tiaowen_models.bags import Numbers, Words
from tiaowen_models.features import Vocabulary
from tiaowen_models.kernels import AVAILABLE
from tiaowen_models.kernels.vectors import PackedRows
from tiaowen_models.reading import distinct
from tiaowen_models.tokens import Tokeniser

Floats = NDArray[np.float32]
Side = Literal["clause", "query"]
WEIGHTS, VOCABULARY, CONFIG = "model.safetensors", "vocabulary.json", "tiaowen_config.json"
FORMAT = 2
_TOP = 7  # largest level of 4 bits, symmetric
_CLIPS = (1.0, 0.9, 0.8, 0.7, 0.6)  # shares of a row's largest value that the top level stands for
_BATCH = 4096  # texts summed at once: some 25,000 kinds of tokens
FEW = 256  # words: a query, not a set of them
MOST_QUERIES = 256  # remembered, 1.5 kB each
MOST_REMEMBERED = 10_000  # words that were met on either side, 1.5 kB each
_EPSILON = 1e-9


@dataclass(frozen=True)
class StaticEmbedder:
    """Feature vectors in 4 bits with one scale a row and side; implements ``Embedder``.

    A token's vector is the sum of its features' vectors (see ``features.subwords``), a text's
    the sum of its tokens' vectors times the square root of their counts, brought to length 1.
    """

    name: str
    vocabulary: Vocabulary
    table: NDArray[np.uint8]  # [n_features, dimensions / 2], packed: see ``pack``
    clause_scale: Floats  # [n_features]
    query_scale: Floats  # [n_features]

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Load a model folder. Raises FileNotFoundError, or ValueError for another format."""
        config = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
        if config.get("format") != FORMAT:
            raise ValueError(
                f"{folder.name}: format {config.get('format')}, this program reads {FORMAT}; "
                "run 'make train' or install the matching release"
            )
        names = json.loads((folder / VOCABULARY).read_text(encoding="utf-8"))
        arrays = load_file(folder / WEIGHTS)
        return cls(
            name=str(config["name"]),
            vocabulary=Vocabulary(tuple(names)),
            table=arrays["table"],
            clause_scale=arrays["clause_scale"],
            query_scale=arrays["query_scale"],
        )

    @property
    def dimensions(self) -> int:
        """Length of a vector."""
        return 2 * int(self.table.shape[1])

    @cached_property
    def fingerprint(self) -> str:
        """Hash of weights, vocabulary and format, hex."""
        digest = hashlib.blake2b(digest_size=16)
        digest.update(f"static-{FORMAT}".encode())
        digest.update("\n".join(self.vocabulary.names).encode())
        for array in (self.table, self.clause_scale, self.query_scale):
            digest.update(np.ascontiguousarray(array).data)
        return digest.hexdigest()

    @cached_property
    def _tokeniser(self) -> Tokeniser:
        # no lexicon: vectors must not change when an editable word list does
        return Tokeniser()

    def features(self, text: str) -> list[str]:
        """Return the folded tokens that make up the text's vector, in order."""
        return self._tokeniser.words(text)

    def token_vectors(self, tokens: Sequence[str], *, side: Side = "clause") -> Floats:
        """Return the summands of a text's vector, float32 ``[n, dimensions]``, not normalised.

        A token without any known feature has the zero vector. Any string may be asked for,
        whether or not it was ever cut from a text.
        """
        if side == "query" and len(tokens) <= FEW:
            return self._remembered(tokens, side)
        return self._token_vectors(tokens, side)

    @cached_property
    def _met(self) -> dict[Side, dict[str, Floats]]:
        return {"clause": {}, "query": {}}

    def _remembered(self, tokens: Sequence[str], side: Side) -> Floats:
        """Return the vectors of a few words: those of one query or answer are met in the next."""
        known = self._met[side]
        vectors = {token: known.get(token) for token in tokens}
        missing = [token for token, vector in vectors.items() if vector is None]
        if missing:
            if len(known) > MOST_REMEMBERED:
                known.clear()
            new = dict(zip(missing, self._few_vectors(missing, side), strict=True))
            known.update(new)
            vectors |= new
        found = [vectors[token] for token in tokens]
        return np.array(found, np.float32).reshape(len(tokens), self.dimensions)

    def _few_vectors(self, tokens: Sequence[str], side: Side) -> Floats:
        """Return vectors of words of one query or passage; what is indexed is numpy's alone, the
        same with and without kernels.
        """
        if not AVAILABLE:
            return self._token_vectors(tokens, side)
        indptr, rows, shares = self.vocabulary.table(tokens)
        scale = self.clause_scale if side == "clause" else self.query_scale
        return self._packed.sums(indptr, rows, shares * scale[rows])

    @cached_property
    def _packed(self) -> PackedRows:
        return PackedRows(self.table)

    def _token_vectors(self, tokens: Sequence[str], side: Side) -> Floats:
        indptr, rows, shares = self.vocabulary.table(tokens)
        scale = self.clause_scale if side == "clause" else self.query_scale
        used, places = distinct(rows, len(scale))
        matrix = sp.csr_matrix((shares * scale[rows], places, indptr), (len(tokens), len(used)))
        return np.asarray(matrix @ unpack(self.table[used]), dtype=np.float32)

    def unit_token_vectors(self, tokens: Sequence[str], *, side: Side = "clause") -> Floats:
        """Return vectors of a few tokens brought to length 1 (0 where nothing is known)."""
        return _unit(self._remembered(tokens, side))

    def encode_clauses(self, texts: Sequence[str]) -> Floats:
        """Return float32 ``[n, dimensions]``, rows of length 1 (0 for a text without tokens)."""
        return self._encode(texts, "clause")

    def encode_queries(self, texts: Sequence[str]) -> Floats:
        """Return float32 ``[n, dimensions]``, rows of length 1 (0 for a text without tokens)."""
        if len(texts) == 1:
            return self._query(fold(texts[0]))[None]
        return self._encode(texts, "query")

    def _query(self, folded: str) -> Floats:
        """Return the vector of one query; it is asked for by the vector leg and by the ranking."""
        known = self._queries.get(folded)
        if known is None:
            bag = Counter(self._tokeniser.words_of_folded(folded))
            weights = np.sqrt(np.array(list(bag.values()), dtype=np.float32))
            total = weights @ self._remembered(list(bag), "query")
            known = total / max(float(total @ total) ** 0.5, _EPSILON)
            if len(self._queries) >= MOST_QUERIES:
                self._queries.clear()
            self._queries[folded] = known
        return known

    @cached_property
    def _queries(self) -> dict[str, Floats]:
        return {}

    def _encode(self, texts: Sequence[str], side: Side) -> Floats:
        out = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for start in range(0, len(texts), _BATCH):
            batch = texts[start : start + _BATCH]
            out[start : start + len(batch)] = self._encode_batch(batch, side)
        return out

    def _encode_batch(self, texts: Sequence[str], side: Side) -> Floats:
        numbers = Numbers()
        words = self._tokeniser.numbered(fold_all(texts), numbers)
        return self.encode_words(words, list(numbers), side=side)

    def encode_words(self, words: Words, names: Sequence[str], *, side: Side = "clause") -> Floats:
        """Return the vectors of some thousand texts whose words are cut already.

        ``words`` are those of `features`, by their place in ``names``.
        """
        bags = words.counted()
        used, places = distinct(bags.numbers, len(names))
        weights = np.sqrt(bags.counts, dtype=np.float32)
        matrix = sp.csr_matrix((weights, places, bags.at), (len(words.at) - 1, len(used)))
        tokens = [names[number] for number in used.tolist()]
        return _unit(matrix @ self.token_vectors(tokens, side=side))


def _unit(vectors: Floats) -> Floats:
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(norms, _EPSILON), dtype=np.float32)


def quantise(vectors: Floats) -> tuple[NDArray[np.uint8], Floats]:
    """Return packed 4-bit rows ``[n, d / 2]`` and their scales ``[n]``.

    ``vectors ≈ unpack(rows) * scale``; each row's scale is the one of a few clippings that loses
    least. Raises ValueError if d is odd.
    """
    largest = np.abs(vectors).max(axis=1)
    largest = np.where(largest > 0, largest, 1.0).astype(np.float32)
    best = np.full(len(vectors), np.inf)
    levels, scale = np.zeros(vectors.shape, dtype=np.int8), largest / _TOP
    for clip in _CLIPS:
        step = largest * np.float32(clip / _TOP)
        tried = np.clip(np.rint(vectors / step[:, None]), -_TOP, _TOP)
        lost = np.square(vectors - tried * step[:, None]).sum(axis=1)
        better = lost < best
        best[better], scale[better] = lost[better], step[better]
        levels[better] = tried[better]
    return pack(levels), scale.astype(np.float32)


def pack(levels: NDArray[np.int8]) -> NDArray[np.uint8]:
    """Pack levels -7…7 two a byte: the first half of a row in the low bits, the other above."""
    if levels.shape[1] % 2:
        raise ValueError("an odd number of dimensions does not pack")
    half = levels.shape[1] // 2
    shifted = (levels + 8).astype(np.uint8)
    return np.asarray(shifted[:, :half] | (shifted[:, half:] << 4), dtype=np.uint8)


def unpack(table: NDArray[np.uint8]) -> Floats:
    """Return the levels of packed rows, float32 ``[n, d]``."""
    half = table.shape[1]
    levels = np.empty((len(table), 2 * half), dtype=np.float32)
    levels[:, :half] = table & 15
    levels[:, half:] = table >> 4
    levels -= 8
    return levels


def write(embedder: StaticEmbedder, folder: Path) -> None:
    """Write the model's files: weights as safetensors, the rest as JSON, never a pickle."""
    folder.mkdir(parents=True, exist_ok=True)
    arrays: dict[str, NDArray[Any]] = {
        "table": embedder.table,
        "clause_scale": embedder.clause_scale,
        "query_scale": embedder.query_scale,
    }
    save_file(arrays, folder / WEIGHTS)
    (folder / WEIGHTS).chmod(0o644)  # safetensors leaves it to the owner alone
    names = json.dumps(embedder.vocabulary.names, ensure_ascii=False, separators=(",", ":"))
    (folder / VOCABULARY).write_text(names, encoding="utf-8")
    config = {"format": FORMAT, "name": embedder.name, "dimensions": embedder.dimensions}
    (folder / CONFIG).write_text(json.dumps(config, indent=1) + "\n", encoding="utf-8")
