"""From the service's answers to the shapes that agents are given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tiaowen_indexer.store import StoredClause

from tiaowen_service.agents import shapes


def around(stored: StoredClause) -> shapes.ContextClause:
    """Return a clause that stands around another."""
    clause = stored.clause
    return shapes.ContextClause(
        clause_id=clause.clause_id,
        label=clause.label,
        heading_path=list(clause.headings),
        text=stored.text,
    )


def copied(copied: Mapping[str, Any] | None) -> shapes.Copied | None:
    """Return a copied run."""
    return None if copied is None else shapes.Copied.model_validate(copied)


def group(group: Mapping[str, Any]) -> shapes.Group:
    """Return a group of like wordings."""
    return shapes.Group(
        kind=group["kind"],
        formula=group["formula"],
        documents=group["documents"],
        years=group["years"],
        earliest_in_corpus=group["earliest"]["clause_id"],
        hits=[precedent(dict(hit) | {"text": hit["passage"]["text"]}) for hit in group["hits"]],
    )


def precedent(hit: Mapping[str, Any]) -> shapes.Precedent:
    """Return one like wording."""
    return shapes.Precedent(
        clause_id=hit["clause_id"],
        citation=hit["citation"],
        text=hit["text"],
        score=hit["score"],
        differences=differences(hit["diff"]),
    )


def wording(cell: Mapping[str, Any] | None) -> shapes.Wording | None:
    """Return one cell of a comparison."""
    if cell is None:
        return None
    return shapes.Wording(
        clause_id=cell["clause_id"],
        citation=cell["citation"],
        text=cell["passage"]["text"],
        differences=differences(cell["diff"]),
    )


def differences(parts: Sequence[Mapping[str, Any]]) -> list[shapes.Difference]:
    """Return where the wordings differ."""
    return [shapes.Difference.model_validate(part) for part in parts if part["op"] != "equal"]
