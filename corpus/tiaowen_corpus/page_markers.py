"""Page numbers that scanners and converters left in the text.

A marker is believed for the company it keeps: numbers that rise by one through the whole file at
page distances. The same signs alone (`1-2所`, `8:30-9:00`, `前1/3`) are the author's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from tiaowen_corpus.types import Edit, EditKind, Span

_DASHED = re.compile(r"(?<![\d:：.\-—–－])[-—–－―][ 　]?(\d{1,3})[ 　]?[-—–－―](?![-—–－])")
_LINED = re.compile(r"(?:^|\n)[ \t　]*(\d{1,4})、[ \t　]*")
_FRACTION = re.compile(r"(?<![\d/.])(\d{1,3})/(\d{1,3})")
_ALONE = re.compile(
    r"(?:^|\n)[ \t　]*(?:第[ ]?(\d{1,3})[ ]?[页頁版]|[Pp]\. ?(\d{1,3})|PAGE ?(\d{1,3})-?"
    r"|第 ?\d{1,3} ?[页頁][,， ]*共 ?\d{1,3} ?[页頁]|共 ?\d{1,3} ?[页頁])[ \t　]*(?=\n|$)"
)
_PAREN = re.compile(r"(?:^|\n)[ \t　]*[((](\d{1,3})[))][ \t　]*(?=\n|$)")
_FINAL = re.compile(r"(?<=[。!！?？”])[ \n　]+\d{1,3}[ \n　]*$")
_STOPS = "。!！?？;；:：”』」…"
_MIN_PAGE = 60  # characters; a shorter page would hold less than two lines


def page_markers(raw: str) -> tuple[Edit, ...]:
    """Return the page markers of ``raw``, in order of their finding."""
    return (
        *_edits(_dashed(raw), "page number between dashes"),
        *_edits(_machine_pages(raw), "page number at a line start, at page distance"),
        *_edits(_fractions(raw), "page i of n inside the text"),
        *_edits((_whole(raw, match) for match in _ALONE.finditer(raw)), "page number on a line"),
        *_edits(_parenthesised(raw), "page number alone on a line"),
        *_edits((match.span() for match in _FINAL.finditer(raw)), "page number after the end"),
    )


def _edits(spans: Iterator[tuple[int, int]], reason: str) -> Iterator[Edit]:
    return (Edit(Span(*span), EditKind.PAGE_MARKER, reason) for span in spans)


def _dashed(raw: str) -> Iterator[tuple[int, int]]:
    matches = list(_DASHED.finditer(raw))
    rising = set(_rising([(match.start(), int(match[1])) for match in matches], at_least=3))
    for index, match in enumerate(matches):
        if index in rising or _on_own_line(raw, match):
            yield _whole(raw, match)


def _rising(marks: list[tuple[int, int]], *, at_least: int) -> list[int]:
    """Return the indices of the longest chain of (position, number) that rises page by page.

    One page number may be missing. Chains shorter than ``at_least`` do not count.
    """
    best: dict[int, tuple[int, int, int]] = {}  # number -> (chain length, index, position)
    before: list[int] = []
    length: list[int] = []
    for index, (position, number) in enumerate(marks):
        earlier = max(
            (
                best[number - step]
                for step in (1, 2)
                if number - step in best and position - best[number - step][2] >= _MIN_PAGE
            ),
            default=(0, -1, 0),
        )
        before.append(earlier[1])
        length.append(earlier[0] + 1)
        if number not in best or best[number][0] < length[index]:
            best[number] = (length[index], index, position)
    if not length or max(length) < at_least:
        return []
    at = length.index(max(length))
    chain = []
    while at >= 0:
        chain.append(at)
        at = before[at]
    return chain


def _on_own_line(raw: str, match: re.Match[str]) -> bool:
    start = raw.rfind("\n", 0, match.start()) + 1
    end = raw.find("\n", match.end())
    line = raw[start : end if end >= 0 else len(raw)]
    return line.strip() == match[0].strip() and "\n" in raw.strip()


def _whole(raw: str, match: re.Match[str]) -> tuple[int, int]:
    """Take in the line break before a marker that stands in the middle of a sentence."""
    start, end = match.span()
    if raw[start : start + 1] == "\n":
        start += 1
    at_line_start = start == 0 or raw[start - 1] == "\n"
    at_line_end = end == len(raw) or raw[end] == "\n"
    if not (at_line_start and at_line_end):
        return start, end
    before = raw[:start][-2:].strip()
    if before and before[-1] not in _STOPS and not raw[end : end + 1].isspace():
        return start - 1, end
    if before and before[-1] not in _STOPS and end < len(raw):
        return start - 1, end + 1
    return start, end


def _machine_pages(raw: str) -> Iterator[tuple[int, int]]:
    matches = list(_LINED.finditer(raw))
    chain = _regular(raw, matches)
    for match in chain:
        first = match is chain[0]  # the first page cuts no word: its line keeps its break
        yield match.start() + (first and raw[match.start()] == "\n"), match.end()


def _regular(raw: str, matches: list[re.Match[str]]) -> list[re.Match[str]]:
    """Return the run of line-initial numbers 1…N that keeps one stride, or nothing.

    A list of items keeps no stride and its lines end with stops; pages of a converter do.
    """
    by_number: dict[int, list[re.Match[str]]] = {}
    for match in matches:
        by_number.setdefault(int(match[1]), []).append(match)
    best: list[re.Match[str]] = []
    for first in by_number.get(1, [])[:8]:
        for second in by_number.get(2, [])[:40]:
            run = _follow(first, second, by_number)
            if len(run) > len(best) and _cuts_words(raw, run):
                best = run
    return best if len(best) >= 3 else []


def _follow(
    first: re.Match[str], second: re.Match[str], by_number: dict[int, list[re.Match[str]]]
) -> list[re.Match[str]]:
    stride = second.start() - first.start()
    run = [first]
    if stride < 100:
        return run
    following: re.Match[str] | None = second
    while following is not None:
        run.append(following)
        expected = following.start() + stride
        near = [
            match
            for match in by_number.get(len(run) + 1, [])[:40]
            if abs(match.start() - expected) <= max(12, stride // 12)
        ]
        following = min(near, key=lambda match: abs(match.start() - expected), default=None)
    return run


def _cuts_words(raw: str, run: list[re.Match[str]]) -> bool:
    """Say whether most pages begin in the middle of a sentence, or all are equally long."""
    strides = [after.start() - before.start() for before, after in pairwise(run)]
    if len(run) >= 5 and max(strides) - min(strides) <= 2:
        return True  # to the character: no author writes so
    ends = (raw[max(match.start() - 8, 0) : match.start()].rstrip() for match in run[1:])
    cuts = sum(bool(end) and end[-1] not in _STOPS for end in ends)
    return cuts * 3 >= 2 * (len(run) - 1)


def _fractions(raw: str) -> Iterator[tuple[int, int]]:
    matches = list(_FRACTION.finditer(raw))
    for total in _totals(matches):
        pages = [match for match in matches if match[2].startswith(total)]
        marks = [(match.start(), int(match[1])) for match in pages]
        chain = _rising(marks, at_least=3)
        if chain and marks[chain[0]][1] <= int(total):
            for index in chain:
                start = pages[index].start()
                yield start, pages[index].start(2) + len(total)
            return


def _totals(matches: list[re.Match[str]]) -> list[str]:
    counts: dict[str, int] = {}
    for match in matches:
        for digits in range(1, len(match[2]) + 1):
            total = match[2][:digits]
            if int(match[1]) <= int(total):
                counts[total] = counts.get(total, 0) + 1
    often = [total for total, count in counts.items() if count >= 3]
    return sorted(often, key=lambda total: (-counts[total], -len(total)))[:8]


def _parenthesised(raw: str) -> Iterator[tuple[int, int]]:
    matches = list(_PAREN.finditer(raw))
    marks = [(match.start(), int(match[1])) for match in matches]
    for index in _rising(marks, at_least=3):
        yield _whole(raw, matches[index])
