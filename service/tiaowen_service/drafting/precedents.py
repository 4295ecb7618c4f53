"""Precedents of a draft: for each sentence, like wordings grouped by formula."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from tiaowen_indexer.store import StoredClause

from tiaowen_service.catalogue import Entry
from tiaowen_service.drafting.align import diff, formula, likeness
from tiaowen_service.drafting.similar import Alike, Finder
from tiaowen_service.hits import clause_of
from tiaowen_service.passage import sentences
from tiaowen_service.request import Filters

LONGEST_DRAFT = 60_000  # characters
MOST_SENTENCES = 400
SAME_FORMULA = 0.72  # likeness of two sentences of one group
COPIED = 13  # equal characters in a row from which a run is flagged as copied
COPIED_SHARE = 0.6  # or this share of the sentence, from 8 characters on


def precedents(
    finder: Finder, text: str, *, limit: int = 10, filters: Filters | None = None
) -> dict[str, Any]:
    """Return DESIGN's answer: every sentence with its groups, best first.

    ``verdict`` names the nearest kind, "none" where nothing in the corpus is alike; ``copied`` is
    the longest run taken over word for word, with its source.
    """
    cut = draft_sentences(text)
    return {
        "sentences": [
            {
                "text": sentence,
                "start": start,
                "end": end,
                **sentence_precedents(finder, sentence, limit=limit, filters=filters),
            }
            for sentence, start, end in cut
        ],
        "index_version": finder.searcher.version,
    }


def draft_sentences(text: str) -> list[tuple[str, int, int]]:
    """Return the sentences of a draft with their places; headings and labels count as such."""
    found = [(span.of(text), span.start, span.end) for span in sentences(text)]
    return [one for one in found if any(char.isalnum() for char in one[0])][:MOST_SENTENCES]


def sentence_precedents(
    finder: Finder, text: str, *, limit: int, filters: Filters | None = None
) -> dict[str, Any]:
    """Return verdict, copied run and groups of one sentence."""
    found = finder.find(text, filters=filters)
    chosen = found[:limit]
    stored = {
        clause.row: clause
        for clause in finder.searcher.clauses(_rows([one.sentence.row for one in found]))
    }
    return {
        "verdict": found[0].kind if found else "none",
        "copied": _copied(text, found, stored, finder),
        "groups": [_group(text, members, stored, finder) for members in _grouped(chosen)],
    }


def _rows(rows: Sequence[int]) -> Any:
    import numpy as np

    return np.array(sorted(set(rows)), np.int32)


def _grouped(found: Sequence[Alike]) -> list[list[Alike]]:
    """Put sentences of one kind that share a formula together, groups in the order of their best.

    What only touches the topic is one group: its wordings share no formula.
    """
    groups: list[list[Alike]] = []
    for one in found:
        for group in groups:
            first = group[0]
            same_kind = first.kind == one.kind
            if same_kind and (
                one.kind == "same_topic"
                or likeness(first.sentence.text, one.sentence.text) >= SAME_FORMULA
            ):
                group.append(one)
                break
        else:
            groups.append([one])
    return groups


def _group(
    text: str, members: Sequence[Alike], stored: dict[int, StoredClause], finder: Finder
) -> dict[str, Any]:
    kind = members[0].kind
    entries = [_entry(one, stored, finder) for one in members]
    documents = {entry.doc_id: entry for entry in entries}.values()
    earliest = min(
        zip(entries, members, strict=True),
        key=lambda pair: (pair[0].issued == "", pair[0].issued),
    )
    wordings = [one.sentence.text for one in members]
    shared = wordings if len(wordings) > 1 else [text, *wordings]
    return {
        "kind": kind,
        "formula": "" if kind == "same_topic" else formula(shared),
        "documents": len(documents),
        "kinds": dict(Counter(entry.kind for entry in documents).most_common()),
        "years": dict(sorted(Counter(entry.issued[:4] or "?" for entry in documents).items())),
        "earliest": {
            "doc_id": earliest[0].doc_id,
            "issued": earliest[0].issued,
            "clause_id": stored[earliest[1].sentence.row].clause.clause_id,
            "note": "本库中最早 / earliest in this corpus",
        },
        "hits": [_hit(text, one, stored, finder) for one in members],
    }


def _entry(one: Alike, stored: dict[int, StoredClause], finder: Finder) -> Entry:
    return finder.searcher.catalogue.entries[stored[one.sentence.row].document]


def _hit(text: str, one: Alike, stored: dict[int, StoredClause], finder: Finder) -> dict[str, Any]:
    clause = stored[one.sentence.row]
    sentence = one.sentence
    return {
        "score": one.score,
        "likeness": one.likeness,
        "meaning": round(float(one.meaning), 4),
        **clause_of(clause, _entry(one, stored, finder)),
        "passage": {"text": sentence.text, "start": sentence.start, "end": sentence.end},
        "diff": diff(text, sentence.text),
    }


def _copied(
    text: str, found: Sequence[Alike], stored: dict[int, StoredClause], finder: Finder
) -> dict[str, Any] | None:
    """Return the longest verbatim run with its source, if it is long enough to be a copy."""
    best = max(found, key=lambda one: one.run[0], default=None)
    if best is None:
        return None
    length, start, end = best.run
    said = sum(1 for character in text if character.isalnum())
    if length < COPIED and not (length >= 8 and length >= COPIED_SHARE * said):
        return None
    clause = stored[best.sentence.row]
    return {
        "text": text[start:end],
        "start": start,
        "end": end,
        "characters": length,
        "share": round(length / said, 4) if said else 0.0,
        "clause_id": clause.clause.clause_id,
        "citation": clause_of(clause, _entry(best, stored, finder))["citation"],
    }
