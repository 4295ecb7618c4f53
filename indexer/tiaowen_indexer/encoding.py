"""What encodes the clauses of a build: the model that is wanted, by words that are cut already."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tiaowen_models.cut import Cut
from tiaowen_models.loading import ModelMissing, load_embedder, wanted_embedder
from tiaowen_models.protocols import Embedder
from tiaowen_models.reader import WordEncoder
from tiaowen_models.svd import NAME as SVD
from tiaowen_models.svd import SvdEmbedder, fit

from tiaowen_indexer.searched import embedded_words
from tiaowen_indexer.snapshot import FITTED, Snapshot
from tiaowen_indexer.store import StoredClause


def embedder_for(
    model: str | None, texts: Sequence[str], live: Snapshot | None, folder: Path
) -> Embedder:
    """Load the wanted embedder; one that is fitted is taken over from the live snapshot, so
    that its vectors stay comparable, or fitted now.
    """
    if wanted_embedder(model) != SVD:
        return load_embedder(model)
    try:
        fitted = load_embedder(model, fitted=live.folder / FITTED if live else None)
    except ModelMissing:
        fitted = fit(texts)
    assert isinstance(fitted, SvdEmbedder)
    fitted.save(folder / FITTED)
    return fitted


def encoder(
    embedder: Embedder, clauses: Sequence[StoredClause], cut: Cut | None
) -> Callable[[list[int]], NDArray[np.float32]] | None:
    """Return what encodes clauses by the words that were cut for reading, if these are enough."""
    if cut is None or not isinstance(embedder, WordEncoder):
        return None
    words = embedded_words(clauses, cut)
    names = list(cut.numbers)
    return lambda rows: embedder.encode_words(words.take(np.array(rows)), names)
