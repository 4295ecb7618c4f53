"""What the card reports: the embedder alone on held-out and public sets, with intervals."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from tiaowen_models.static import StaticEmbedder
from tiaowen_models.training import sources
from tiaowen_models.training.batches import bags
from tiaowen_models.training.late import LateMatch
from tiaowen_models.training.sources import Source, held_out, read_json, read_table
from tiaowen_models.training.statutes import DEV_STATUTES

LOG = logging.getLogger(__name__)
PUBLIC = ("clir-gwr-en2zh", "clir-twmoe-en2zh", "stard", "domainrag-ruc", "drcd-trad")
ASKER_CORPUS = 1420  # sentences: held-out passages and near misses, filled up with others
CUTS = (1, 5, 10, 100)
RESAMPLES = 1000


@dataclass(frozen=True)
class Task:
    """A corpus, questions and the numbers of the documents that answer each."""

    name: str
    documents: Sequence[str]
    questions: Sequence[str]
    relevant: Sequence[frozenset[int]]


def public_task(data: Path, name: str) -> Task:
    """Read a benchmark in BEIR layout; of the statutes only the held-out questions."""
    folder = data / "bench" / name
    path = folder / "corpus.jsonl"
    corpus = path if path.exists() else folder / "corpus.jsonl.gz"
    documents = {
        row["_id"]: f"{row.get('title') or ''}\n{row['text']}".strip() for row in read_json(corpus)
    }
    number = {identity: at for at, identity in enumerate(documents)}
    relevant: dict[str, set[int]] = {}
    for path in sorted((folder / "qrels").glob("*.tsv")):
        for row in read_table(path):
            if int(row["score"]) > 0 and row["corpus-id"] in number:
                relevant.setdefault(row["query-id"], set()).add(number[row["corpus-id"]])
    kept = {
        row["_id"]: str(row["text"])
        for row in read_json(folder / "queries.jsonl")
        if row["_id"] in relevant and (name != "stard" or held_out(row["_id"], DEV_STATUTES))
    }
    return Task(
        name,
        list(documents.values()),
        list(kept.values()),
        [frozenset(relevant[identity]) for identity in kept],
    )


def asker_tasks(folders: Sequence[Path]) -> list[Task]:
    """Return the held-out topics' questions, Chinese and English, over one corpus."""
    held = list(sources.asker_pairs(folders, dev=True))
    texts = _sentences(held)
    others = [text for text in _sentences(sources.asker_pairs(folders, dev=False)) if text]
    known = set(texts)
    spare = sorted({text for text in others if text not in known}, key=_shuffled)
    texts += spare[: max(0, ASKER_CORPUS - len(texts))]
    number = {text: at for at, text in enumerate(texts)}
    return [
        Task(
            source.name,
            texts,
            [("" if not source.english else " ").join(pair.query) for pair in source.pairs],
            [frozenset({number["".join(pair.clause)]}) for pair in source.pairs],
        )
        for source in held
    ]


def _sentences(found: Any) -> list[str]:
    rows: Sequence[Source] = list(found)
    texts = (
        "".join(units)
        for source in rows
        for pair in source.pairs
        for units in (pair.clause, *pair.near_misses)
    )
    return list(dict.fromkeys(texts))


def _shuffled(text: str) -> str:
    import hashlib

    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


def recalls(
    scores: Iterable[NDArray[np.float32]], relevant: Sequence[frozenset[int]]
) -> NDArray[np.float64]:
    """Return each question's share of relevant documents found at ``CUTS``, ``[n, 4]``.

    ``scores`` are one row a question, in order.
    """
    rows = []
    for row, wanted in zip(scores, relevant, strict=True):
        ranks = [int((row > row[at]).sum()) for at in wanted]
        rows.append([sum(rank < cut for rank in ranks) / len(ranks) for cut in CUTS])
    return np.array(rows)


def cosines(embedder: StaticEmbedder, task: Task) -> Iterator[NDArray[np.float32]]:
    """Yield the cosines of each question with all documents."""
    clauses = embedder.encode_clauses(task.documents)
    for start in range(0, len(task.questions), 256):
        yield from embedder.encode_queries(task.questions[start : start + 256]) @ clauses.T


def word_match(
    embedder: StaticEmbedder, questions: Sequence[str], documents: Sequence[str]
) -> NDArray[np.float32]:
    """Return the word-by-word match of every question with every document, ``[n, m]``."""
    asked, q_tokens = _bags(embedder, questions)
    held, c_tokens = _bags(embedder, documents)
    return LateMatch(
        asked,
        held,
        embedder.token_vectors(q_tokens, side="query"),
        embedder.token_vectors(c_tokens),
    ).scores()


def _bags(embedder: StaticEmbedder, texts: Sequence[str]) -> tuple[sp.csr_matrix, list[str]]:
    number: dict[str, int] = {}
    rows, columns = [], []
    for row, text in enumerate(texts):
        for token in embedder.features(text):
            rows.append(row)
            columns.append(number.setdefault(token, len(number)))
    places = np.array(rows, dtype=np.int64), np.array(columns, dtype=np.int64)
    return bags(*places, len(texts), len(number)), list(number)


def interval(values: NDArray[np.float64], *, seed: int = 0) -> tuple[float, float]:
    """Return the 95 % interval of a mean by resampling the questions."""
    rng = np.random.default_rng(seed)
    means = values[rng.integers(0, len(values), (RESAMPLES, len(values)))].mean(1)
    low, high = np.quantile(means, (0.025, 0.975))
    return float(low), float(high)


def measure(folder: Path, data: Path, own: Path) -> Mapping[str, Any]:
    """Return figures of the model in ``folder`` by task and measure, with 95 % intervals."""
    embedder = StaticEmbedder.load(folder)
    tasks = asker_tasks([data / "train", own / "pairs"])
    tasks += [public_task(data, name) for name in PUBLIC]
    figures: dict[str, Any] = {"model": embedder.name, "fingerprint": embedder.fingerprint}
    for task in tasks:
        found = {"": recalls(cosines(embedder, task), task.relevant)}
        if task.name.startswith("askers"):
            words = word_match(embedder, task.questions, task.documents)
            both = words + np.array(list(cosines(embedder, task)))
            found |= {" words": recalls(words, task.relevant)}
            found |= {" both": recalls(both, task.relevant)}
        for name, rows in found.items():
            figures[task.name + name] = _figures(task, rows)
            LOG.info("%s%s %s", task.name, name, figures[task.name + name])
    return figures


def _figures(task: Task, found: NDArray[np.float64]) -> dict[str, Any]:
    row: dict[str, Any] = {"questions": len(task.questions), "documents": len(task.documents)}
    for column, cut in enumerate(CUTS):
        values = found[:, column]
        row[f"R@{cut}"] = [round(float(value), 3) for value in (values.mean(), *interval(values))]
    return row
