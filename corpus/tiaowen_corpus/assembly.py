"""Text out of a raw file: removals made disjoint, offsets mapped both ways."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate

from tiaowen_corpus.types import Edit, Span


def disjoint(edits: Iterable[Edit]) -> tuple[Edit, ...]:
    """Return the removals in order without overlap: of two that overlap the earlier one wins.

    What the later one covers beyond the earlier keeps its own reason.
    """
    result: list[Edit] = []
    at = 0
    for edit in sorted(edits, key=lambda edit: (edit.span.start, -edit.span.end)):
        start = max(edit.span.start, at)
        if start < edit.span.end:
            result.append(Edit(Span(start, edit.span.end), edit.kind, edit.reason))
            at = edit.span.end
    return tuple(result)


@dataclass(frozen=True, slots=True)
class Assembly:
    """The kept characters of ``raw[extent]`` and where each of them stands in ``raw``.

    ``starts[i]`` is the raw offset and ``offsets[i]`` the text offset of the i-th kept run.
    """

    text: str
    extent: Span
    starts: tuple[int, ...]
    offsets: tuple[int, ...]

    def raw_at(self, offset: int) -> int:
        """Return the raw offset of a character of the text; past the last one: the extent's end."""
        if offset >= len(self.text):
            return self.extent.end
        run = bisect_right(self.offsets, offset) - 1
        return self.starts[run] + offset - self.offsets[run]

    def to_raw(self, span: Span) -> Span:
        """Map a span of the text to the smallest span of ``raw`` that holds its characters."""
        start = self.raw_at(span.start)
        return Span(start, self.raw_at(span.end - 1) + 1) if len(span) else Span(start, start)

    def text_at(self, raw_offset: int) -> int:
        """Return the text offset of the first kept character at or after ``raw_offset``."""
        run = bisect_right(self.starts, raw_offset) - 1
        if run < 0:
            return 0
        following = self.offsets[run + 1] if run + 1 < len(self.offsets) else len(self.text)
        return min(self.offsets[run] + raw_offset - self.starts[run], following)


def assemble(raw: str, extent: Span, removals: tuple[Edit, ...]) -> Assembly:
    """Build the text of ``raw[extent]`` less the removals, which are disjoint and in order."""
    kept = _kept(extent, removals)
    lengths = [end - start for start, end in kept]
    return Assembly(
        "".join(raw[start:end] for start, end in kept),
        extent,
        tuple(start for start, _ in kept),
        tuple(accumulate(lengths[:-1], initial=0)) if kept else (),
    )


def _kept(extent: Span, removals: tuple[Edit, ...]) -> list[tuple[int, int]]:
    kept: list[tuple[int, int]] = []
    at = extent.start
    first = bisect_left(removals, extent.start, key=lambda edit: edit.span.end)
    for edit in removals[first:]:
        if edit.span.start >= extent.end:
            break
        if edit.span.start > at:
            kept.append((at, edit.span.start))
        at = max(at, edit.span.end)
    if at < extent.end:
        kept.append((at, extent.end))
    return kept
