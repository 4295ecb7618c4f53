"""The usual recipes, so that the reader sees what hybrid search and ranking earn.

A recipe ranks its own units (sentences, 300-character chunks), the labels name clauses. The
mapping is kind to the recipes: a unit takes one rank and stands for one clause. A sentence stands
for the clause it is in, its later sentences are dropped. A chunk, which may hold several clauses,
stands for the best-graded of those whose judged quote it holds whole (an oracle that only the
chunks enjoy), else for the clause it shares most characters with. P@1 of the best passage is
measured where the first unit is a sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
import rjieba
from numpy.typing import NDArray
from rank_bm25 import BM25Okapi

from .collection import Collection, Entry, squeeze
from .labels import Labels, locate
from .runs import Answer

CHUNK = 300  # characters
_STOPS = frozenset("。！？!?；;\n")
Quotes = Mapping[str, Sequence[tuple[str, int]]]  # clause_id -> (squeezed quote, grade)


def words(text: str) -> list[str]:
    """Cut as the usual recipe does: jieba's default mode; white space dropped, case folded."""
    return [word for word in _jieba().cut(text.lower(), True) if word.strip()]


@lru_cache(maxsize=1)
def _jieba() -> rjieba.Jieba:
    return rjieba.Jieba()  # 0.2 s: once


@dataclass(frozen=True, slots=True)
class Unit:
    """What a recipe ranks: a stretch of text and the clauses in it, largest share first."""

    text: str
    clause_ids: tuple[str, ...]


def sentences(collection: Collection) -> tuple[Unit, ...]:
    """Cut every clause into sentences."""
    return tuple(
        Unit(sentence, (entry.clause_id,))
        for entry in collection.entries
        for sentence in split_sentences(entry.text)
    )


def split_sentences(text: str) -> list[str]:
    """Cut after every full stop, question mark, exclamation mark, semicolon and line break."""
    ends = [0, *(at + 1 for at, character in enumerate(text) if character in _STOPS), len(text)]
    pieces = (text[start:end].strip() for start, end in pairwise(ends))
    return [piece for piece in pieces if piece]


def chunks(collection: Collection, size: int = CHUNK) -> tuple[Unit, ...]:
    """Cut every document into stretches of ``size`` characters, wherever that falls."""
    documents: dict[str, list[Entry]] = {}
    for entry in collection.entries:
        documents.setdefault(entry.doc_id, []).append(entry)
    return tuple(unit for entries in documents.values() for unit in _chunks(entries, size))


def _chunks(entries: Sequence[Entry], size: int) -> list[Unit]:
    text = "".join(entry.text for entry in entries)
    owner = np.repeat(np.arange(len(entries)), [len(entry.text) for entry in entries])
    units = []
    for start in range(0, len(text), size):
        held, counts = np.unique(owner[start : start + size], return_counts=True)
        order = np.lexsort((held, -counts))
        ids = tuple(entries[int(held[at])].clause_id for at in order)
        units.append(Unit(text[start : start + size], ids))
    return units


@dataclass(frozen=True)
class Recipe:
    """A usual recipe: its units, how it scores them, and the quotes that chunks are read by."""

    name: str
    units: Sequence[Unit]
    score: Callable[[str], NDArray[np.float64]]
    quotes: Mapping[str, Quotes]  # by query
    passages: bool = False

    def answer(self, query: str, *, limit: int) -> Answer:
        """Rank the units, one clause each; equal scores in the order of the text."""
        scores = self.score(query)
        order = np.argsort(-scores, kind="stable")
        quotes = self.quotes.get(query, {})
        found: dict[str, float] = {}
        first = ""
        for at in order:
            if scores[at] <= 0 or len(found) == limit:
                break
            unit = self.units[int(at)]
            first = first or unit.text
            found.setdefault(stands_for(unit, quotes), float(scores[at]))
        passage = first if self.passages else ""
        return Answer(tuple(found), tuple(found.values()), passage)


def stands_for(unit: Unit, quotes: Quotes) -> str:
    """Return the clause that the unit counts as (see the module's first lines)."""
    if len(unit.clause_ids) == 1 or not quotes:
        return unit.clause_ids[0]
    text = squeeze(unit.text)
    held = [
        max((grade for quote, grade in quotes.get(clause_id, ()) if quote in text), default=-1)
        for clause_id in unit.clause_ids
    ]
    return unit.clause_ids[int(np.argmax(held))]


def bm25_recipe(
    name: str, units: Sequence[Unit], quotes: Mapping[str, Quotes], *, passages: bool = False
) -> Recipe:
    """rank_bm25 (Okapi, its defaults) over jieba words."""
    index = BM25Okapi([words(unit.text) for unit in units])

    def score(query: str) -> NDArray[np.float64]:
        return np.asarray(index.get_scores(words(query)), dtype=np.float64)

    return Recipe(name, units, score, quotes, passages)


def tfidf_recipe(collection: Collection, quotes: Mapping[str, Quotes]) -> Recipe:
    """scikit-learn's TF-IDF cosine over jieba words of whole clauses."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    units = [Unit(entry.text, (entry.clause_id,)) for entry in collection.entries]
    vectoriser = TfidfVectorizer(analyzer=words, sublinear_tf=True)
    matrix = vectoriser.fit_transform([unit.text for unit in units])

    def score(query: str) -> NDArray[np.float64]:
        product = matrix @ vectoriser.transform([query]).T
        return np.asarray(product.toarray(), dtype=np.float64).ravel()

    return Recipe("tfidf", units, score, quotes)


def quotes_of(labels: Labels, collection: Collection) -> dict[str, Quotes]:
    """Return the judged quotes by query and clause."""
    by_query: dict[str, dict[str, list[tuple[str, int]]]] = {}
    for question in labels.questions:
        quotes = by_query.setdefault(question.query, {})
        for judgement in question.judgements:
            place, _ = locate(judgement.anchor, collection.files)
            for entry in place.entries if place else ():
                pair = (squeeze(judgement.anchor.quote), judgement.grade)
                quotes.setdefault(entry.clause_id, []).append(pair)
    return dict(by_query)


def recipes(collection: Collection, labels: Labels) -> tuple[Recipe, ...]:
    """All usual recipes over the clauses."""
    quotes = quotes_of(labels, collection)
    return (
        bm25_recipe("jieba-bm25 sentences", sentences(collection), quotes, passages=True),
        bm25_recipe("jieba-bm25 chunks", chunks(collection), quotes),
        tfidf_recipe(collection, quotes),
    )
