"""The usual engines on our vectors and our tokens, each asked for its ten best.

A peer that is not installed, or that fails, is left out with its reason.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tiaowen_indexer.snapshot import Snapshot
from tiaowen_indexer.stores.milvus_host import MilvusHost

from tiaowen_evaluation.bench.timing import Skipped, Stopwatch, Timing, timed

K = 10
SLOW = 25  # queries put to what takes a tenth of a second each
MILVUS_MOST = 20_000  # clauses put into Milvus Lite: it is for tests, and reads all of them

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Ground:
    """What all contestants are given: tokens and vector of every clause and of every query."""

    snapshot: Snapshot
    tokens: Sequence[list[str]]
    vectors: Floats
    asked: Sequence[str]
    asked_tokens: dict[str, list[str]]
    asked_vectors: dict[str, Floats]


def rank_bm25(ground: Ground) -> Timing:
    """rank_bm25, the reference."""
    from rank_bm25 import BM25Okapi

    watch = Stopwatch()
    index = BM25Okapi(ground.tokens)
    seconds = watch.seconds

    def ask(query: str) -> object:
        return _best(np.asarray(index.get_scores(ground.asked_tokens[query])))

    return timed("rank_bm25", ask, ground.asked[:SLOW], build=seconds)


def bm25s(ground: Ground) -> Timing:
    """bm25s alone, numpy backend."""
    import bm25s as engine

    watch = Stopwatch()
    vocabulary = {word: at for at, word in enumerate(sorted({w for t in ground.tokens for w in t}))}
    index = engine.BM25(backend="numpy", csc_backend="numpy")
    ids = [[vocabulary[word] for word in found] for found in ground.tokens]
    index.index((ids, vocabulary), show_progress=False)
    seconds = watch.seconds

    def ask(query: str) -> object:
        known = [vocabulary[w] for w in ground.asked_tokens[query] if w in vocabulary]
        return _best(index.get_scores_from_ids(known)) if known else ()

    return timed("bm25s alone", ask, ground.asked, build=seconds)


def faiss_flat(ground: Ground) -> Timing:
    """faiss alone, exact."""
    import faiss

    watch = Stopwatch()
    index = faiss.IndexFlatIP(ground.vectors.shape[1])
    index.add(ground.vectors)
    seconds = watch.seconds

    def ask(query: str) -> object:
        return index.search(ground.asked_vectors[query][None], K)

    return timed("faiss alone, exact", ask, ground.asked, build=seconds)


def lancedb(ground: Ground) -> Timing:
    """LanceDB, hybrid, its ICU tokeniser over our tokens."""
    import lancedb as engine
    import pyarrow as arrow

    with tempfile.TemporaryDirectory(prefix="tiaowen-bench-") as place:
        watch = Stopwatch()
        width = ground.vectors.shape[1]
        flat = arrow.array(ground.vectors.ravel())
        data = arrow.table(
            {
                "row": np.arange(len(ground.vectors)),
                "text": [" ".join(found) for found in ground.tokens],
                "vector": arrow.FixedSizeListArray.from_arrays(flat, width),
            }
        )
        table = engine.connect(place).create_table("clauses", data)
        note = "ICU tokeniser"
        try:
            table.create_fts_index("text", base_tokenizer="icu")
        except Exception:  # which releases have it differs
            table.create_fts_index("text", base_tokenizer="whitespace")
            note = "whitespace tokeniser: this release has no ICU"
        seconds = watch.seconds

        def ask(query: str) -> object:
            text = " ".join(ground.asked_tokens[query]) or query
            search = table.search(query_type="hybrid")
            found = search.vector(ground.asked_vectors[query]).text(text).limit(K)
            return found.to_arrow()

        return timed("LanceDB hybrid", ask, ground.asked[:100], build=seconds, note=note)


def milvus(ground: Ground) -> Timing:
    """Milvus Lite, our store: dense and sparse, fused by reciprocal ranks in the engine."""
    from pymilvus import MilvusClient

    count = ground.snapshot.manifest.clauses
    if count > MILVUS_MOST:
        raise RuntimeError(f"put to it only up to {MILVUS_MOST:,} clauses (it reads all of them)")
    with tempfile.TemporaryDirectory(prefix="tiaowen-bench-") as place:
        host = MilvusHost(MilvusClient(str(Path(place) / "milvus.db")), lite=True)
        watch = Stopwatch()
        host.load(ground.snapshot)
        seconds = watch.seconds
        store = host.open(ground.snapshot)

        def ask(query: str) -> object:
            terms = dict.fromkeys(ground.asked_tokens[query], 1.0)
            return store.fused(terms, ground.asked_vectors[query], K)

        return timed("Milvus Lite hybrid", ask, ground.asked[:SLOW], build=seconds)


def txtai(ground: Ground) -> Timing:
    """txtai, hybrid: its BM25 over our tokens, faiss over our vectors."""
    from txtai import Embeddings

    texts = [" ".join(found) for found in ground.tokens]
    asked = {query: " ".join(found) or query for query, found in ground.asked_tokens.items()}
    known = dict(zip(texts, ground.vectors, strict=True))
    known |= {asked[query]: vector for query, vector in ground.asked_vectors.items()}
    watch = Stopwatch()
    index = Embeddings(
        method="external",
        transform=lambda batch: np.array([known[text] for text in batch], np.float32),
        hybrid=True,
        scoring={"method": "bm25", "terms": True, "normalize": True, "tokenizer": {}},
    )
    index.index((row, text, None) for row, text in enumerate(texts))
    seconds = watch.seconds
    return timed(
        "txtai hybrid", lambda query: index.search(asked[query], K), ground.asked, build=seconds
    )


PEERS: dict[str, Callable[[Ground], Timing]] = {
    "rank_bm25": rank_bm25,
    "bm25s": bm25s,
    "faiss": faiss_flat,
    "lancedb": lancedb,
    "milvus": milvus,
    "txtai": txtai,
}


def compared(ground: Ground, names: Sequence[str]) -> Iterator[Timing | Skipped]:
    """Time the peers of ``names``; one that cannot run is skipped with its reason."""
    for name in names:
        try:
            with _one_thread():
                yield PEERS[name](ground)
        except ImportError as error:
            yield Skipped(name, f"not installed: {error}; pip install 'tiaowen[bench,milvus]'")
        except Exception as error:  # another's engine may fail in any way
            yield Skipped(name, f"{type(error).__name__}: {str(error)[:160]}")


@contextmanager
def _one_thread() -> Iterator[None]:
    import faiss

    threads = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(1)
    try:
        yield
    finally:
        faiss.omp_set_num_threads(threads)


def _best(scores: Any) -> NDArray[np.int64]:
    at = np.argpartition(-scores, K)[:K]
    return np.asarray(at[np.argsort(-scores[at])])
