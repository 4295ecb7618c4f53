"""The education lexicon: terms in two languages, everyday words for official ones, abbreviations.

Everything here is folded (script.fold). Synonyms, glossary, abbreviations and field words act on
queries, so an edit needs no rebuild; ``words`` steer the tokeniser, so an edit there does.
"""

from __future__ import annotations

import csv
import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from tiaowen_corpus.places import shipped
from tiaowen_corpus.script import fold

Terms = Mapping[str, tuple[str, ...]]
_TABLES = ("glossary.tsv", "abbreviations.tsv", "synonyms.tsv", "intents.tsv", "words.txt")


@dataclass(frozen=True, slots=True)
class Intent:
    """What a query asks for (``who``, ``when`` …), and the words in a clause that answer it.

    In ``signals`` the sign # stands for any figure.
    """

    name: str
    words: tuple[str, ...]
    signals: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """``to_english``: Chinese term to English ones; ``to_chinese``: the reverse, lower case.

    ``synonyms``: a word to its kin, nearest first, in both directions. ``abbreviations``: short
    form to its parts. ``words``: terms that a tokeniser must not cut.
    """

    to_english: Terms
    to_chinese: Terms
    synonyms: Terms
    abbreviations: Terms
    intents: tuple[Intent, ...]
    words: tuple[str, ...]
    fingerprint: str  # of the words alone: they alone change an index


def load(folder: Path | None = None) -> Lexicon:
    """Read the lexicon's tables, again only if they changed.

    ``folder`` defaults to the shipped one. Raises FileNotFoundError if a table is missing.
    """
    folder = folder or shipped("corpus/lexicon")
    return _load(folder, tuple((folder / name).stat().st_mtime_ns for name in _TABLES))


@lru_cache(maxsize=2)
def _load(folder: Path, changed: tuple[int, ...]) -> Lexicon:
    del changed
    glossary = [(row[0], tuple(row[1].split("; "))) for row in _rows(folder / "glossary.tsv")]
    abbreviations = {row[0]: tuple(row[1].split()) for row in _rows(folder / "abbreviations.tsv")}
    groups = [(row[0], *row[1].split()) for row in _rows(folder / "synonyms.tsv")]
    listed = (folder / "words.txt").read_text(encoding="utf-8").split()
    words = tuple(sorted({fold(word) for word in listed}))
    return Lexicon(
        to_english=dict(glossary),
        to_chinese=_reverse(glossary),
        synonyms=_kin(groups),
        abbreviations=abbreviations,
        intents=tuple(_intents(folder / "intents.tsv")),
        words=words,
        fingerprint=hashlib.sha256("\n".join(words).encode()).hexdigest(),
    )


def _rows(path: Path) -> Iterator[list[str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        table = csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        next(table)
        for row in table:
            yield [fold(cell) for cell in row]


def _reverse(glossary: list[tuple[str, tuple[str, ...]]]) -> Terms:
    chinese: dict[str, list[str]] = defaultdict(list)
    for term, translations in glossary:
        for translation in translations:
            if term not in chinese[translation]:
                chinese[translation].append(term)
    return {english: tuple(terms) for english, terms in chinese.items()}


def _kin(groups: list[tuple[str, ...]]) -> Terms:
    kin: dict[str, list[str]] = defaultdict(list)
    for head, *others in groups:
        for other in others:
            for word, near in ((head, other), (other, head)):
                if near != word and near not in kin[word]:
                    kin[word].append(near)
    return {word: tuple(near) for word, near in kin.items()}


def _intents(path: Path) -> Iterator[Intent]:
    for name, words, signals in _rows(path):
        yield Intent(name, tuple(words.split("; ")), tuple(signals.split("; ")))
