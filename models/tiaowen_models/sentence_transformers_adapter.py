"""The static model as a sentence-transformers module: ``SentenceTransformer(path)`` finds it.

Same vocabulary file, same weights file, same vectors; ``encode_query`` uses the query side's
weights, ``encode`` and ``encode_document`` the clause side's. Needs the ``neural`` extra.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

import torch
from sentence_transformers.sentence_transformer.modules import InputModule

from tiaowen_models.static import StaticEmbedder, quantise, unpack, write


class StaticModule(InputModule):  # type: ignore[misc]
    """Feature bags summed by an embedding bag, brought to length 1."""

    forward_kwargs = {"task"}  # noqa: RUF012 - the library's own declaration

    def __init__(self, embedder: StaticEmbedder) -> None:
        super().__init__()
        self.embedder = embedder
        self.table = torch.nn.Parameter(torch.from_numpy(unpack(embedder.table)))
        self.clause_scale = torch.nn.Parameter(torch.from_numpy(embedder.clause_scale))
        self.query_scale = torch.nn.Parameter(torch.from_numpy(embedder.query_scale))

    def preprocess(
        self, inputs: Sequence[str], prompt: str | None = None, **_: Any
    ) -> dict[str, torch.Tensor]:
        """Return feature rows, their weights and where each text starts, all flat."""
        rows: list[int] = []
        weights: list[float] = []
        offsets: list[int] = []
        for text in inputs:
            offsets.append(len(rows))
            for token, count in Counter(self.embedder.features((prompt or "") + text)).items():
                found, shares = self.embedder.vocabulary.rows(token)
                rows.extend(found)
                weights.extend(share * count**0.5 for share in shares)
        return {
            "input_ids": torch.tensor(rows, dtype=torch.long),
            "weights": torch.tensor(weights, dtype=torch.float32),
            "offsets": torch.tensor(offsets, dtype=torch.long),
        }

    def forward(
        self, features: dict[str, torch.Tensor], task: str | None = None, **_: Any
    ) -> dict[str, torch.Tensor]:
        """Add ``sentence_embedding``, float32 ``[n, dimensions]``, rows of length 1."""
        rows = features["input_ids"]
        scale = self.query_scale if task == "query" else self.clause_scale
        summed = torch.nn.functional.embedding_bag(
            rows,
            self.table,
            features["offsets"],
            mode="sum",
            per_sample_weights=features["weights"] * scale[rows],
        )
        features["sentence_embedding"] = torch.nn.functional.normalize(summed, dim=1, eps=1e-9)
        return features

    def get_embedding_dimension(self) -> int:
        """Return the length of a vector."""
        return self.embedder.dimensions

    @property
    def max_seq_length(self) -> float:
        """No limit: a text is a bag."""
        return float("inf")

    def save(self, output_path: str, *_: Any, **__: Any) -> None:
        """Write the model's own files; trained weights are quantised again."""
        write(self._current(), Path(output_path))

    def _current(self) -> StaticEmbedder:
        table, scale = quantise(self.table.detach().numpy())
        return StaticEmbedder(
            self.embedder.name,
            self.embedder.vocabulary,
            table,
            self.clause_scale.detach().numpy() * scale,
            self.query_scale.detach().numpy() * scale,
        )

    @classmethod
    def load(cls, model_name_or_path: str, subfolder: str = "", **_: Any) -> Self:
        """Load from a local folder."""
        return cls(StaticEmbedder.load(Path(model_name_or_path) / subfolder))
