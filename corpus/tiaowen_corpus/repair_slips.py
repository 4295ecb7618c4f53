"""Slips of scanning and typing, and erasures, that their own surroundings prove."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from tiaowen_corpus.repair_table import Row, rows
from tiaowen_corpus.script import fold
from tiaowen_corpus.types import Span


def slips(text: str) -> Iterator[tuple[Span, str]]:
    """Yield the place and the right wording of each slip; a place may come twice."""
    folded = fold(text)
    for pattern, right, literal in _patterns():
        for match in pattern.finditer(text if literal else folded):
            yield Span(*match.span("damaged")), match.expand(right)


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[re.Pattern[str], str, bool], ...]:
    """Return expression, replacement, and whether it looks at the text as written.

    Over-converted characters (髮言) show only there: folding makes them right.
    """
    return tuple(
        (re.compile(_expression(row)), _template(row), bool(row.script))
        for row in rows()
        if row.kind in {"slot", "pattern"}
    )


def _expression(row: Row) -> str:
    damaged = re.escape(row.damaged) if row.kind == "slot" else row.damaged
    context = row.context or "«»"
    return context.replace("«»", f"(?P<damaged>{damaged})", 1)


def _template(row: Row) -> str:
    return row.right.replace("\\", "\\\\") if row.kind == "slot" else row.right
