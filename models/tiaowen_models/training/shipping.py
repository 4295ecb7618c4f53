"""From learned parameters to the model folder that the program and sentence-transformers load."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from tiaowen_models.features import Vocabulary
from tiaowen_models.static import StaticEmbedder, quantise, write
from tiaowen_models.training.model import Parameters

MODULE = "tiaowen_models.sentence_transformers_adapter.StaticModule"


def freeze(parameters: Parameters, vocabulary: Vocabulary, *, name: str) -> StaticEmbedder:
    """Quantise learned vectors to 4 bits; the rows' scales take up the weights of each side."""
    table, scale = quantise(parameters.vectors.numpy().astype(np.float32))
    return StaticEmbedder(
        name=name,
        vocabulary=vocabulary,
        table=table,
        clause_scale=(scale * parameters.clause.exp().numpy()).astype(np.float32),
        query_scale=(scale * parameters.query.exp().numpy()).astype(np.float32),
    )


def ship(embedder: StaticEmbedder, folder: Path) -> None:
    """Write weights, vocabulary and what sentence-transformers needs to load them."""
    write(embedder, folder)
    modules = [{"idx": 0, "name": "0", "path": "", "type": MODULE}]
    _write_json(folder / "modules.json", modules)
    settings = {
        "model_type": "SentenceTransformer",
        "prompts": {"query": "", "document": ""},
        "default_prompt_name": None,
        "similarity_fn_name": "cosine",
    }
    _write_json(folder / "config_sentence_transformers.json", settings)


def _write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, indent=1) + "\n", encoding="utf-8")
