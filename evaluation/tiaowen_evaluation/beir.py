"""Public benchmarks in BEIR layout: every row of the corpus becomes one clause.

``corpus.jsonl`` or ``.jsonl.gz`` (``_id``, ``title``, ``text``), ``queries.jsonl`` (``_id``,
``text``), ``qrels/SPLIT.tsv`` (Thakur et al., NeurIPS 2021).
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tiaowen_corpus.types import Clause, Document, Span
from tiaowen_indexer.collect import Collected
from tiaowen_indexer.store import StoredClause

from .collection import Collection, Entry
from .runs import Answer, Run, System
from .trec import read_qrels

Step = Callable[[str], None]


class BadBenchmark(ValueError):
    """The folder is not in BEIR layout."""


@dataclass(frozen=True)
class Benchmark:
    """Rows ``(id, title, text)``, queries of the split, and their grades."""

    name: str
    rows: Sequence[tuple[str, str, str]]
    queries: Sequence[tuple[str, str]]
    grades: dict[str, dict[str, int]]

    @property
    def fingerprint(self) -> str:
        """Hash of the rows, hex."""
        state = hashlib.blake2b(digest_size=16)
        for row in self.rows:
            state.update("\0".join(row).encode("utf-8", "replace"))
        return state.hexdigest()


def read(folder: Path, *, split: str = "test") -> Benchmark:
    """Read a benchmark. Raises BadBenchmark, naming the file that is missing or wrong."""
    qrels = folder / "qrels" / f"{split}.tsv"
    if not qrels.is_file():
        found = sorted(path.stem for path in (folder / "qrels").glob("*.tsv"))
        raise BadBenchmark(f"{qrels} 不存在 / is not there; splits here: {', '.join(found)}")
    corpus = next(
        (p for p in (folder / "corpus.jsonl", folder / "corpus.jsonl.gz") if p.is_file()), None
    )
    if corpus is None:
        raise BadBenchmark(f"{folder} 没有 / has no corpus.jsonl or corpus.jsonl.gz")
    grades = read_qrels(qrels)
    rows = [
        (str(row["_id"]), str(row.get("title") or ""), str(row.get("text") or ""))
        for row in _rows(corpus)
    ]
    queries = [
        (str(row["_id"]), str(row["text"]))
        for row in _rows(folder / "queries.jsonl")
        if str(row["_id"]) in grades
    ]
    _check(folder, rows, queries, grades)
    return Benchmark(folder.name, rows, queries, grades)


def _check(
    folder: Path,
    rows: Sequence[tuple[str, str, str]],
    queries: Sequence[tuple[str, str]],
    grades: dict[str, dict[str, int]],
) -> None:
    ids = {row_id for row_id, _, _ in rows}
    if len(ids) != len(rows):
        raise BadBenchmark(f"{folder}: corpus ids are not unique")
    if missing := grades.keys() - {query_id for query_id, _ in queries}:
        raise BadBenchmark(f"{folder}: {len(missing)} judged queries are not in queries.jsonl")


def _rows(path: Path) -> Iterator[dict[str, object]]:
    opener = gzip.open if path.suffix == ".gz" else open
    try:
        with opener(path, "rt", encoding="utf-8") as stream:
            for number, line in enumerate(stream, 1):
                if line.strip():
                    row = json.loads(line)
                    if "_id" not in row:
                        raise BadBenchmark(f"{path}:{number}: no _id")
                    yield row
    except (OSError, json.JSONDecodeError) as error:
        raise BadBenchmark(f"{path}: {error}") from error


def collected(benchmark: Benchmark) -> Collected:
    """Return every row as a document of one clause, as the indexer takes them.

    ``clause_id`` is the row's id. A title that the text repeats at its start is not said twice.
    """
    documents, clauses = [], []
    for number, (row_id, title, text) in enumerate(benchmark.rows):
        text = text or title  # noqa: PLW2901 - some rows are titles only
        shown = "" if text.startswith(title) else title
        whole = Span(0, len(text))
        documents.append(plain_document(row_id, shown, text))
        revision = hashlib.blake2b(f"{shown}\0{text}".encode(), digest_size=16).hexdigest()
        clause = Clause(row_id, row_id, "", ("¶1",), "", (), "paragraph", whole, whole, revision)
        clauses.append(StoredClause(number, number, clause, text, ()))
    return Collected(tuple(documents), tuple(clauses), ())


def plain_document(row_id: str, title: str, text: str, *, kind: str = "") -> Document:
    """Return a document of which nothing is known but its wording: nothing removed or repaired."""
    return Document(
        doc_id=row_id,
        file_id=row_id,
        part=1,
        title=title,
        kind=kind,
        issuer="",
        region="",
        doc_number="",
        issued="",
        script="simplified",
        source=row_id,
        raw_sha256=hashlib.sha256(text.encode("utf-8", "replace")).hexdigest(),
        raw=text,
        extent=Span(0, len(text)),
        text=text,
        edits=(),
    )


def collection(benchmark: Benchmark) -> Collection:
    """Return the rows as the usual recipes see them: title and text."""
    return Collection(
        tuple(
            Entry(
                row_id,
                row_id,
                row_id,
                ("¶1",),
                title,
                text if text.startswith(title) else f"{title}\n{text}",
                "simplified",
            )
            for row_id, title, text in benchmark.rows
        )
    )


def ask_all(
    system: System, benchmark: Benchmark, *, limit: int = 100, step: Step = lambda name: None
) -> Run:
    """Put every query to the system."""
    answers: dict[str, Answer] = {}
    for query_id, query in benchmark.queries:
        answers[query_id] = system.answer(query, limit=limit)
        step(system.name)
    return Run(system.name, answers)
