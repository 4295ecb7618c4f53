"""Any sentence-transformers model, by name or path: the extra `neural`."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tiaowen_corpus.errors import TiaowenError


class NeuralMissing(TiaowenError):
    """The model needs torch, which is not installed."""

    code = "neural_missing"
    template = "模型需要 torch / this model needs torch: {detail}"
    remedy = (
        "运行 pip install 'tiaowen[neural]' 后重试 / run pip install 'tiaowen[neural]' and retry"
    )


class NeuralEmbedder:
    """Encodes with a sentence-transformers model and its own query prompt, if it has one."""

    def __init__(self, name: str) -> None:
        try:
            from sentence_transformers import SentenceTransformer
        except ImportError as error:
            raise NeuralMissing(name) from error
        self._name = name
        self._model: Any = SentenceTransformer(name, device="cpu")

    @property
    def name(self) -> str:
        """The name or path it was asked for by."""
        return self._name

    @property
    def dimensions(self) -> int:
        """Length of a vector."""
        return int(self._model.get_sentence_embedding_dimension())

    @cached_property
    def fingerprint(self) -> str:
        """Hash of every weight and of the prompts."""
        digest = hashlib.blake2b(repr(sorted(self._model.prompts.items())).encode(), digest_size=16)
        for key, tensor in sorted(self._model.state_dict().items()):
            digest.update(key.encode())
            digest.update(tensor.cpu().float().numpy().tobytes())
        return digest.hexdigest()

    def encode_clauses(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return unit vectors, float32 ``[n, dimensions]``."""
        return self._encode(texts, "document")

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return unit vectors, float32 ``[n, dimensions]``, with the model's query prompt."""
        return self._encode(texts, "query")

    def _encode(self, texts: Sequence[str], prompt: str) -> NDArray[np.float32]:
        if not texts:
            return np.zeros((0, self.dimensions), np.float32)
        name = prompt if prompt in self._model.prompts else None
        vectors = self._model.encode(
            list(texts), prompt_name=name, normalize_embeddings=True, show_progress_bar=False
        )
        return np.asarray(vectors, np.float32)
