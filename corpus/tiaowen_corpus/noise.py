"""Everything that leaves ``raw`` before it is read as a document, each removal with its reason."""

from __future__ import annotations

import re
from dataclasses import replace

from tiaowen_corpus.assembly import assemble, disjoint
from tiaowen_corpus.noise_furniture import ECHO, GOVERNMENT, furniture
from tiaowen_corpus.noise_layout import layout
from tiaowen_corpus.noise_marks import marks
from tiaowen_corpus.page_markers import page_markers
from tiaowen_corpus.types import Edit, Span

_TAGS = re.compile(
    r"(?:word文?[件档]?(?:免费)?下载)?\.(?:docx?|pdf|pptx?|wps|txt).*$|[((]\d+页.*$|_第\d+页.*$"
    r"|^[\s\-•·]*(?:【[^】]{1,8}】)?|[((]?(?:通用|精选|热门|推荐|实用|必备|最新|优秀|共)?\d+篇[))]?$",
    re.IGNORECASE,
)


def removals(raw: str) -> tuple[Edit, ...]:
    """Return all removals of ``raw`` (no repairs), disjoint and in order. Never raises.

    Page markers go first: they stand inside the lines and words that the other rules read.
    """
    markers = disjoint(page_markers(raw))
    unpaged = assemble(raw, Span(0, len(raw)), markers)
    text = unpaged.text
    others = (
        replace(edit, span=unpaged.to_raw(edit.span))
        for edit in (*furniture(text), *marks(text), *layout(text))
    )
    return disjoint([*markers, *others])


def echoed_title(raw: str, edits: tuple[Edit, ...]) -> str:
    """Return the title that the page's header repeats, less its tags; "" if there is none."""
    for edit in edits:
        if edit.reason == ECHO and (title := _TAGS.sub("", edit.span.of(raw)).strip()):
            return title
    return ""


def header_table(raw: str, edits: tuple[Edit, ...]) -> str:
    """Return the lines of a government header table: no text, but facts."""
    return "\n".join(edit.span.of(raw) for edit in edits if edit.reason == GOVERNMENT)
