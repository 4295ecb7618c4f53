"""A duty of a sentence, and what its wording is without the adverbs around its verb."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tiaowen_corpus.types import Modality, Span

from tiaowen_indexer.mining.times import period
from tiaowen_indexer.mining.verbs import without_adverbs
from tiaowen_indexer.mining.words import pattern

SHORT = 4  # characters of an action that says too little alone
_TRAILING = re.compile(rf"(?:{pattern('adverbs')}|不少于|[,、\s])$")


@dataclass(frozen=True, slots=True)
class Duty:
    """One segment that opens a requirement; offsets are those of the folded sentence."""

    segment: Span
    action: Span  # from the verb to the end of the segment
    actor: str
    modality: Modality
    head: str = ""  # wording of the duty before that this one leaves out: 听课, for 不少于30节
    asked: bool = False  # a modal word states it


def without_lead(text: str, action: Span) -> Span:
    """Return ``action`` without the adverbs it begins with."""
    return Span(action.end - len(without_adverbs(action.of(text))), action.end)


def without_trail(head: str) -> str:
    """Return what stands before a verb without the adverbs and periods it ends in."""
    while True:
        shorter = _TRAILING.sub("", head)
        counted = period(shorter)
        if counted and counted[1].end == len(shorter):
            shorter = shorter[: counted[1].start]
        if shorter == head:
            return head
        head = shorter
