"""The table of damage: ``corpus/lexicon/damage.tsv``."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import lru_cache

from tiaowen_corpus.places import shipped
from tiaowen_corpus.repair_contexts import Pair
from tiaowen_corpus.script import fold

_WORDS = frozenset({"word", "whole", "near"})


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table; see the head of the file."""

    right: str
    damaged: str
    kind: str
    context: str
    script: str


@lru_cache(maxsize=1)
def rows() -> tuple[Row, ...]:
    """Read the table."""
    path = shipped("corpus/lexicon") / "damage.tsv"
    with path.open(encoding="utf-8", newline="") as lines:
        table = csv.DictReader((line for line in lines if line[0] != "#"), delimiter="\t")
        return tuple(Row(**{name: value or "" for name, value in row.items()}) for row in table)


@lru_cache(maxsize=1)
def word_pairs() -> tuple[Pair, ...]:
    """Return the pairs of words that context decides, folded."""
    return tuple(Pair(fold(row.right), fold(row.damaged)) for row in rows() if row.kind in _WORDS)


@lru_cache(maxsize=1)
def policies() -> dict[Pair, str]:
    """Return the kind of each pair: ``word``, ``whole`` or ``near``."""
    return {
        Pair(fold(row.right), fold(row.damaged)): row.kind for row in rows() if row.kind in _WORDS
    }
