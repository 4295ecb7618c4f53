"""Find damaged wording and say what it stands for; the text itself is never rewritten."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

import opencc

from tiaowen_corpus.facts_script import script_of
from tiaowen_corpus.repair_signs import brackets, closing_quotes
from tiaowen_corpus.repair_slips import slips
from tiaowen_corpus.repair_words import Finding, findings
from tiaowen_corpus.types import Span


@dataclass(frozen=True, slots=True, order=True)
class Repair:
    """A damaged place of a text and the wording proposed for it.

    ``span`` lies in the text that was given (empty where something was lost); ``replacement`` is
    in that text's own script and is "" where characters are surplus.
    """

    span: Span
    replacement: str
    reason: str


def repairs(text: str) -> tuple[Repair, ...]:
    """Return the damaged places of one document's ``text``, ordered and disjoint.

    Give the whole document: whether 开展 stands for 发展 shows in how often either occurs.
    """
    own = _to_traditional if script_of(text) == "traditional" else _as_it_is
    found = [
        *(Repair(span, own(right), "slip or scanning error") for span, right in slips(text)),
        *(_word(finding, own) for finding in findings(text)),
        *(Repair(span, sign, "bracket lost to ?") for span, sign in brackets(text)),
        *(Repair(span, sign, "closing quote lost") for span, sign in closing_quotes(text)),
    ]
    return tuple(_disjoint(found))


def _word(finding: Finding, own: Callable[[str], str]) -> Repair:
    pair = finding.place.pair
    where = "throughout the file" if finding.mapped else "here"
    reason = f"{pair.right} replaced by {pair.damaged} {where}"
    return Repair(finding.place.span, own(pair.right), reason)


def _as_it_is(word: str) -> str:
    return word


@lru_cache(maxsize=256)
def _to_traditional(word: str) -> str:
    return str(opencc.OpenCC("s2t").convert(word))


def _disjoint(found: Iterable[Repair]) -> Iterable[Repair]:
    """Keep the first given of those that overlap."""
    kept: list[Repair] = []
    taken: set[int] = set()
    for repair in found:
        places = range(repair.span.start, repair.span.end)
        if taken.isdisjoint(places):
            taken.update(places)
            kept.append(repair)
    return sorted(kept)
