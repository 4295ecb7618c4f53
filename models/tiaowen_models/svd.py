"""The first embedder: TF-IDF of words and character bigrams, reduced by a truncated SVD.

Deerwester et al., JASIS 1990 (latent semantic analysis). Fitting needs scikit-learn; encoding
needs numpy and scipy alone, so `serve` never imports scikit-learn.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file, save_file

from tiaowen_models.tokens import Tokeniser

NAME = "svd"
DIMENSIONS = 192
LARGEST_VOCABULARY = 60_000
_BATCH = 4096  # texts per sparse product; bounds memory


def features(tokeniser: Tokeniser, text: str) -> list[str]:
    """Return the words of ``text`` and the character bigrams inside and across them."""
    words = tokeniser.words(text)
    run = "".join(words)
    return words + ["_" + run[at : at + 2] for at in range(len(run) - 1)]


class SvdEmbedder:
    """Encodes with a fitted vocabulary, idf and projection."""

    def __init__(
        self, vocabulary: Sequence[str], idf: NDArray[np.float32], projection: NDArray[np.float16]
    ) -> None:
        self._vocabulary = tuple(vocabulary)
        self._index = {feature: column for column, feature in enumerate(vocabulary)}
        self._idf = idf
        self._projection = projection
        self._weights = projection.astype(np.float32) * idf[:, None]
        self._tokeniser = Tokeniser()

    @property
    def name(self) -> str:
        """The name in the manifest."""
        return NAME

    @property
    def dimensions(self) -> int:
        """Length of a vector."""
        return int(self._projection.shape[1])

    @cached_property
    def fingerprint(self) -> str:
        """Hash of vocabulary and weights."""
        digest = hashlib.blake2b("\n".join(self._vocabulary).encode(), digest_size=16)
        digest.update(self._idf.tobytes())
        digest.update(self._projection.tobytes())
        return digest.hexdigest()

    def encode_clauses(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return unit vectors, float32 ``[n, dimensions]``."""
        if not texts:
            return np.zeros((0, self.dimensions), np.float32)
        batches = [self._encode(texts[at : at + _BATCH]) for at in range(0, len(texts), _BATCH)]
        return np.concatenate(batches)

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return unit vectors, float32 ``[n, dimensions]``; queries are read as clauses are."""
        return self.encode_clauses(texts)

    def save(self, folder: Path) -> None:
        """Write ``config.json`` and ``model.safetensors``; equal models give equal bytes."""
        folder.mkdir(parents=True, exist_ok=True)
        save_file({"idf": self._idf, "projection": self._projection}, folder / "model.safetensors")
        config = {"kind": NAME, "dimensions": self.dimensions, "vocabulary": self._vocabulary}
        (folder / "config.json").write_text(
            json.dumps(config, ensure_ascii=False), encoding="utf-8"
        )

    @classmethod
    def load(cls, folder: Path) -> SvdEmbedder:
        """Read what `save` wrote. Raises FileNotFoundError."""
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        arrays = load_file(folder / "model.safetensors")
        return cls(config["vocabulary"], arrays["idf"], arrays["projection"])

    def _encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        vectors = np.zeros((len(texts), self.dimensions), np.float32)
        for row, text in enumerate(texts):
            counts = Counter(
                column
                for feature in features(self._tokeniser, text)
                if (column := self._index.get(feature)) is not None
            )
            if counts:
                columns = np.fromiter(counts.keys(), np.int64, len(counts))
                weights = 1.0 + np.log(np.fromiter(counts.values(), np.float32, len(counts)))
                vectors[row] = weights @ self._weights[columns]
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        np.divide(vectors, lengths, out=vectors, where=lengths > 0)
        return vectors


def fit(texts: Sequence[str], *, dimensions: int = DIMENSIONS, seed: int = 13) -> SvdEmbedder:
    """Fit on the clauses of a corpus; the same texts give the same model.

    Raises ValueError if no text holds a feature.
    """
    from sklearn.decomposition import TruncatedSVD
    from sklearn.feature_extraction.text import TfidfVectorizer

    tokeniser = Tokeniser()
    vectoriser = TfidfVectorizer(
        analyzer=lambda text: features(tokeniser, text),
        sublinear_tf=True,
        min_df=2 if len(texts) > 50 else 1,
        max_features=LARGEST_VOCABULARY,
        dtype=np.float32,
    )
    matrix = vectoriser.fit_transform(texts)
    width = max(2, min(dimensions, matrix.shape[0] - 1, matrix.shape[1] - 1))
    svd = TruncatedSVD(width, algorithm="randomized", n_iter=7, random_state=seed).fit(matrix)
    projection = np.ascontiguousarray(svd.components_.T.astype(np.float16))
    return SvdEmbedder(
        [str(feature) for feature in vectoriser.get_feature_names_out()],
        vectoriser.idf_.astype(np.float32),
        projection,
    )
