"""Clauses in any number: articles of statutes where they are at hand, else sentences of our own.

More clauses than there are articles are made by repeating them with noise: another title, a
number, and the sentences in another order, so that neither postings nor vectors repeat exactly.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from tiaowen_corpus.places import shipped
from tiaowen_corpus.types import Clause, Document, Span
from tiaowen_indexer.collect import Collected, collect
from tiaowen_indexer.store import StoredClause

from tiaowen_evaluation.beir import plain_document

DATA = Path(__file__).resolve().parents[4] / "shared" / "data" / "scale"  # beside the checkout
SEED = 7
LONGEST = 800  # characters of a clause, as everywhere
FILES = ("cn_local_regulations.jsonl.gz", "cn_national_laws.jsonl.gz")
_ARTICLE = re.compile(r"^(第[一二三四五六七八九十百零〇]+条)[ \u3000]*", re.MULTILINE)
_SENTENCE = re.compile(r"[^。；\n]+[。；\n]?")


@dataclass(frozen=True, slots=True)
class Statute:
    """A title and its articles ``(label, wording)``."""

    title: str
    articles: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Material:
    """What clauses are made of, and what to say of it in the report."""

    statutes: tuple[Statute, ...]
    said: str

    @property
    def clauses(self) -> int:
        """How many clauses there are before any is repeated."""
        return sum(len(statute.articles) for statute in self.statutes)


def material(folder: Path | None) -> Material:
    """Return the statutes of ``folder``, or our own sentences where it is absent."""
    if folder is not None and all((folder / name).is_file() for name in FILES):
        found = [statute for name in FILES for statute in _statutes(folder / name)]
        random.Random(SEED).shuffle(found)  # else a small corpus is all of one province
        return Material(tuple(found), f"articles of {len(found):,} statutes (scale/*.jsonl.gz)")
    return Material(
        _own(),
        "sentences of our own documents, recombined: scale/*.jsonl.gz is not beside the checkout",
    )


def _statutes(path: Path) -> Iterator[Statute]:
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        for line in stream:
            row = json.loads(line)
            parts = _ARTICLE.split(row["text"])[1:]
            articles = tuple(
                (label, wording.strip()[:LONGEST])
                for label, wording in zip(parts[::2], parts[1::2], strict=True)
                if len(wording.strip()) >= 8
            )
            if articles:
                yield Statute(row["title"], articles)


def _own() -> tuple[Statute, ...]:
    sentences = [
        sentence
        for stored in collect(shipped("corpus/documents")).clauses
        for sentence in _SENTENCE.findall(stored.text)
        if len(sentence) >= 8
    ]
    draw = random.Random(SEED)
    return tuple(
        Statute(
            f"试行办法之{number}",
            tuple((f"第{n}条", "".join(draw.sample(sentences, 3))) for n in range(1, 41)),
        )
        for number in range(500)
    )


def clauses(source: Material, count: int) -> Collected:
    """Return ``count`` clauses, statute by statute, repeated with noise as often as it takes."""
    documents: list[Document] = []
    stored: list[StoredClause] = []
    for number, statute in enumerate(noisy_rounds(source)):
        left = count - len(stored)
        if left <= 0:
            break
        document, rows = _document(number, statute, left, first=len(stored))
        documents.append(document)
        stored += rows
    return Collected(tuple(documents), tuple(stored), ())


def texts(collected: Collected) -> list[str]:
    """Return what peers index of each clause: its title and its wording."""
    titles = [document.title for document in collected.documents]
    return [f"{titles[each.document]}\n{each.text}" for each in collected.clauses]


def noisy_rounds(source: Material) -> Iterator[Statute]:
    """Yield the statutes, then again and again with noise."""
    yield from source.statutes
    turn = 1
    while source.statutes:
        draw = random.Random(f"{SEED} {turn}")
        for statute in source.statutes:
            yield _noisy(statute, turn, draw)
        turn += 1


def _noisy(statute: Statute, turn: int, draw: random.Random) -> Statute:
    articles = []
    for label, wording in statute.articles:
        sentences = _SENTENCE.findall(wording)
        draw.shuffle(sentences)
        articles.append((label, f"{draw.randrange(10_000)}号：" + "".join(sentences)))
    return Statute(f"{statute.title}（第{turn}稿）", tuple(articles))


def _document(
    number: int, statute: Statute, most: int, *, first: int
) -> tuple[Document, list[StoredClause]]:
    articles = list(islice(statute.articles, most))
    text = "\n".join(label + wording for label, wording in articles)
    doc_id = f"s{number:06d}"
    rows, at, used = [], 0, dict[str, int]()
    for place, (label, wording) in enumerate(articles):
        start, end = at + len(label), at + len(label) + len(wording)
        used[label] = used.get(label, 0) + 1
        path = label if used[label] == 1 else f"{label}~{used[label]}"
        revision = hashlib.blake2b(wording.encode("utf-8", "replace"), digest_size=16).hexdigest()
        clause = Clause(
            f"{doc_id}/{path}",
            doc_id,
            label,
            (label,),
            "",
            (),
            "clause",
            Span(at, end),
            Span(start, end),
            revision,
        )
        rows.append(StoredClause(first + place, number, clause, wording, ()))
        at = end + 1
    return plain_document(doc_id, statute.title, text, kind="法规"), rows


def queries(collected: Collected, count: int, *, seed: int = SEED) -> list[str]:
    """Return questions made of what clauses say: a run of 6 to 24 characters from inside one.

    Nobody asks so, but the words and lengths are those of the corpus, and none is asked twice.
    """
    draw = random.Random(seed)
    found: dict[str, None] = {}
    while len(found) < count:
        text = draw.choice(collected.clauses).text
        size = draw.randint(6, 24)
        at = draw.randrange(max(1, len(text) - size))
        asked = text[at : at + size].strip("，。；：、\n ")
        if len(asked) >= 4:
            found[asked] = None
    return list(found)


def fingerprint(collected: Collected) -> str:
    """Return a hash of the clauses, hex."""
    state = hashlib.blake2b(digest_size=16)
    for each in collected.clauses:
        state.update(each.clause.revision.encode())
    return state.hexdigest()


def median_length(rows: Sequence[StoredClause]) -> int:
    """Return how many characters a clause has at the median."""
    sizes = sorted(len(each.text) for each in rows)
    return sizes[len(sizes) // 2] if sizes else 0
