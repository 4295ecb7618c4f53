"""Mined requirements as a table: filtered, sorted, counted by what is asked."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from tiaowen_corpus.script import fold
from tiaowen_corpus.types import Modality, Norm, Quantity
from tiaowen_indexer.mining.quantities import quantities
from tiaowen_indexer.mining.verbs import tagged

from tiaowen_service.citation import citation
from tiaowen_service.drafting.workshop import Workshop

# what stands in an action beside its verb and object
_FILLING = re.compile(r"(?:至少|不少于|不超过|不低于|以上|以下|左右|一次|两次|\d+)")
_NO_OBJECT = frozenset({"工作", "情况", "方面", "要求", "制度", "时间", "内容", "学校", "活动"})


@dataclass(frozen=True, slots=True)
class Wanted:
    """Conditions on requirements; empty means any."""

    actor: str = ""
    modality: tuple[Modality, ...] = ()
    topic: str = ""
    period: str = ""
    documents: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    quantified: bool = False


def select(workshop: Workshop, wanted: Wanted, *, by_quantity: bool = False) -> list[Norm]:
    """Return the requirements that meet ``wanted``, in order of place or by quantity, largest
    first and those without one last.
    """
    kinds = {entry.doc_id: entry.kind for entry in workshop.searcher.catalogue.entries}
    about = _topic(workshop, wanted.topic)
    found = [
        norm
        for norm in workshop.norms
        if fold(wanted.actor) in fold(norm.actor)
        and (not wanted.modality or norm.modality in wanted.modality)
        and fold(wanted.period) in fold(norm.period)
        and (not wanted.documents or norm.doc_id in wanted.documents)
        and (not wanted.kinds or kinds.get(norm.doc_id) in wanted.kinds)
        and (not wanted.quantified or norm.quantity is not None)
        and (not about or _is_about(workshop, norm, about))
    ]
    if by_quantity:
        found.sort(key=lambda norm: (norm.quantity is None, -_size(norm.quantity)))
    return found


def row(workshop: Workshop, norm: Norm) -> dict[str, Any]:
    """Return a requirement as DESIGN's command prints it; start and end lie in the raw file."""
    span = workshop.raw_span(norm)
    return {
        "doc_id": norm.doc_id,
        "clause_id": norm.clause_id,
        "text": workshop.sentence_of(norm),
        "actor": norm.actor,
        "modality": norm.modality,
        "action": norm.action,
        "quantity": _quantity(norm.quantity),
        "period": norm.period,
        "deadline": norm.deadline,
        "share": norm.share,
        "condition": norm.condition,
        "start": span.start,
        "end": span.end,
    }


def cited_row(workshop: Workshop, norm: Norm) -> dict[str, Any]:
    """Return `row` with the document's title, kind and date and the citation."""
    catalogue = workshop.searcher.catalogue
    entry = catalogue.entries[catalogue.rows[norm.doc_id]]
    stored = workshop.clauses[workshop.rows[norm.clause_id]]
    return row(workshop, norm) | {
        "title": entry.title,
        "kind": entry.kind,
        "issued": entry.issued,
        "citation": citation(
            title=entry.title,
            issuer=entry.issuer,
            doc_number=entry.doc_number,
            issued=entry.issued,
            path=stored.clause.path,
        ),
    }


def distribution(workshop: Workshop, norms: Iterable[Norm]) -> list[dict[str, Any]]:
    """Return, for every thing that is counted, which numbers how many documents ask for.

    家长会 · 次: 至少2次/每学期 in 3 documents, 1次 in 1. Most documents first.
    """
    groups: dict[tuple[str, str], list[Norm]] = defaultdict(list)
    for norm in norms:
        if norm.quantity is not None and (what := subject(norm)):
            groups[what, norm.quantity.unit].append(norm)
    rows = [
        {
            "what": what,
            "unit": unit,
            "documents": len({norm.doc_id for norm in members}),
            "numbers": _numbers(workshop, members),
        }
        for (what, unit), members in groups.items()
    ]
    rows.sort(key=lambda one: (-_count(one["documents"]), str(one["what"]), str(one["unit"])))
    return rows


def subject(norm: Norm) -> str:
    """Return what a requirement counts: the last noun of its action, figures left out."""
    action = _FILLING.sub("", _without_figures(fold(norm.action)).split(",")[0])
    nouns = [
        word.text
        for word in tagged(action)
        if (len(word.text) > 1 and word.text[0] != "每" and word.tag[0] in "nlj")
        or word.tag == "vn"
    ]
    kept = [noun for noun in nouns if noun not in _NO_OBJECT] or nouns
    return kept[-1] if kept else ""


def wording(quantity: Quantity, period: str) -> str:
    """Return a quantity in words: 至少2次/每学期."""
    value = quantity.value
    number = f"{value[0]:g}–{value[1]:g}" if isinstance(value, tuple) else f"{value:g}"
    bound = {"at_least": "至少", "at_most": "至多", "exact": "", "range": ""}[quantity.bound]
    return f"{bound}{number}{quantity.unit}" + (f"/{period}" if period else "")


def _without_figures(action: str) -> str:
    parts, at = [], 0
    for found in quantities(action):
        parts.append(action[at : found.span.start])
        at = max(at, found.span.end)
    return "".join([*parts, action[at:]])


def _numbers(workshop: Workshop, members: Sequence[Norm]) -> list[dict[str, Any]]:
    by_wording: dict[str, list[Norm]] = defaultdict(list)
    for norm in members:
        if norm.quantity is not None:
            by_wording[wording(norm.quantity, fold(norm.period))].append(norm)
    found = [
        {
            "wording": words,
            "quantity": _quantity(same[0].quantity),
            "period": fold(same[0].period),
            "documents": sorted({norm.doc_id for norm in same}),
            "clause_ids": [norm.clause_id for norm in same],
            "actors": sorted({norm.actor for norm in same if norm.actor}),
        }
        for words, same in by_wording.items()
    ]
    return sorted(found, key=lambda one: (-len(one["documents"]), str(one["wording"])))


def _topic(workshop: Workshop, topic: str) -> list[tuple[str, ...]]:
    """Return, for every word of a topic, the forms that stand for it."""
    analysis = workshop.searcher.analyser.analyse(topic) if topic.strip() else None
    if analysis is None:
        return []
    synonyms = workshop.searcher.lexicon.synonyms
    return [(word, *synonyms.get(word, ())) for word in analysis.words]


def _is_about(workshop: Workshop, norm: Norm, about: Sequence[tuple[str, ...]]) -> bool:
    stored = workshop.clauses[workshop.rows[norm.clause_id]]
    text = fold("\n".join([norm.action, workshop.sentence_of(norm), *stored.clause.headings[-1:]]))
    return all(any(form in text for form in kin) for kin in about)


def _quantity(quantity: Quantity | None) -> dict[str, Any] | None:
    if quantity is None:
        return None
    value = quantity.value
    return {
        "value": list(value) if isinstance(value, tuple) else value,
        "bound": quantity.bound,
        "unit": quantity.unit,
    }


def _size(quantity: Quantity | None) -> float:
    if quantity is None:
        return 0.0
    return quantity.value[1] if isinstance(quantity.value, tuple) else quantity.value


def _count(value: object) -> int:
    return int(str(value))
