"""The outline of a text, read once however often it is asked for."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from tiaowen_corpus.script import fold

from tiaowen_indexer.headings import opens_heading
from tiaowen_indexer.labels import candidates
from tiaowen_indexer.outline import Node, outline


@lru_cache(maxsize=4)
def outlined(text: str, vouched: frozenset[int] = frozenset()) -> tuple[Node, ...]:
    """Return the outline of ``text``. At the offsets ``vouched`` a label is known to stand."""
    folded = fold(text)
    return outline(
        [
            replace(label, known=True)
            if label.span.start in vouched or opens_heading(folded, label.span.end)
            else label
            for label in candidates(text)
        ]
    )
