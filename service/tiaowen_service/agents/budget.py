"""Answers cut to a budget of tokens, whole items at a time."""

from __future__ import annotations

from typing import TypeVar

from pydantic import BaseModel

from tiaowen_service.agents.shapes import Page

DEFAULT = 6000  # tokens of an answer
SMALLEST, LARGEST = 200, 100_000
_CHARACTERS_A_TOKEN = 3.5  # of Latin text; a Chinese character is about one token

_Page = TypeVar("_Page", bound=Page)


def tokens(text: str) -> int:
    """Return about how many tokens a text costs; never below what common tokenisers count."""
    wide = sum(1 for character in text if ord(character) > 0x2E7F)
    return int(wide * 1.1 + (len(text) - wide) / _CHARACTERS_A_TOKEN) + 1


def cut(answer: _Page, field: str, budget: int, *, advice: str) -> _Page:
    """Return ``answer`` with as many items of its list ``field`` as fit, at least one.

    ``note`` tells how many were left out and gives ``advice``.
    """
    items: list[BaseModel] = list(getattr(answer, field))
    kept: list[BaseModel] = []
    spent = tokens(answer.model_copy(update={field: []}).model_dump_json())
    for item in items:
        spent += tokens(item.model_dump_json())
        if kept and spent > budget:
            break
        kept.append(item)
    if len(kept) == len(items):
        return answer
    left = len(items) - len(kept)
    note = f"{left} more left out to keep to max_tokens={budget}; {advice}"
    return answer.model_copy(update={field: kept, "truncated": True, "note": note})
