"""Imported by the fork server alone: loads what builds, readers and searches need, once for all."""

from __future__ import annotations

import gc
import os
from contextlib import suppress

_SAMPLE = (
    "关于准备工作的通知\n\n一、要求\n每学期检查不少于2次，由教务处负责。\n二、時間\n五月第二週。\n"
)

# one thread for arithmetic: the other cores are the searches'. Before numpy is imported
os.environ |= dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


def _load() -> None:
    import faiss  # noqa: F401
    from tiaowen_corpus import lexicon
    from tiaowen_corpus.readers import read
    from tiaowen_indexer.manifest import ModelStamp, rules_fingerprint
    from tiaowen_indexer.mining import mine
    from tiaowen_indexer.segment import segment
    from tiaowen_indexer.terms import terms_of
    from tiaowen_models.loading import load_embedder, shipped_model, wanted_embedder

    from tiaowen_service.query.spelling import Speller

    text = read(_SAMPLE.encode(), "ready.txt").text
    for part in segment(text, file_id="ready", source="ready.txt"):
        tuple(mine(part.document, part.clauses))
    rules_fingerprint()
    Speller.of(lexicon.load()).listen()
    terms_of(lexicon.load().words).of(text)
    if wanted_embedder() == getattr(shipped_model(), "name", None):
        # another one may be neural: it starts threads, and a fork carries none of them over
        model = load_embedder()
        model.encode_clauses([text])
        ModelStamp(model.name, model.fingerprint, model.dimensions)  # which every build asks for


with suppress(Exception):  # whatever is missing, the build that needs it says so
    _load()
gc.freeze()  # what is loaded stays; a child need not look through it, nor copy what it looks at
