"""Line breaks inside sentences, letter-spacing, and contents lists."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tiaowen_corpus.types import Edit, EditKind, Span

_HAN = "㐀-鿿"
_STOPS = "。!！?？;；:：…"
_FEWEST_LINES = 8
_FEWEST_ENTRIES = 3  # of a contents list
_NARROWEST = 36
_WIDEST = 130  # columns; a paragraph on one line is nearly always wider than a page
_RAGGED = 6  # columns that a line may fall short where a long sign would not fit
_LABEL = re.compile(
    r"[ \t　]*(?:[一二三四五六七八九十百]{1,3}[、.．]|[((【][一二三四五六七八九十]{1,3}[))】]"
    r"|\d{1,2}[、.．)）](?!\d)|[((]\d{1,2}[))]|第[一二三四五六七八九十百\d]{1,4}[编篇章节節条條]"
    r"|[①-⑳●○■◆•]|[一二三四五六七八九十][是要]|附件|附:|附：)"
)
_SPACED = re.compile(rf"(?<![{_HAN}])[{_HAN}](?:[ 　][{_HAN}]){{2,}}(?![{_HAN}])")
_WIDE_PAIR = re.compile(
    rf"(?:^|\n)[^\n]{{0,8}}?(?<![{_HAN}])[{_HAN}]([ 　]{{2,4}})[{_HAN}](?=[ 　]*(?:\n|$))"
)
_CHAPTER_NAME = re.compile(rf"(?<=[章节節])[ 　]*[{_HAN}]([ 　]+)[{_HAN}](?=[ 　]*(?:第|\n|$))")
_SPACED_NUMBER = re.compile(r"第([ 　])[一二三四五六七八九十百\d]{1,4}([ 　])[章節节條条]")
_ENDS_OPEN = re.compile(rf"[{_HAN}\d,，、]")
_WHOLE_SENTENCE = re.compile("[。;；]")
_SHORTEST_OPEN = 25  # characters
_LEADER = re.compile(r"[^\n]{1,60}?(?:\.{4,}|…{2,}|·{4,}|_{4,})[ 　]*\d{1,3}[ 　]*")
_CONTENTS = re.compile(r"[ \t　]*目[ \t　]*[录錄][ \t　]*")
_PAGE_AFTER = re.compile(r"[ .·…　\t]*\d{1,3}\s*$")


def layout(raw: str) -> Iterator[Edit]:
    """Yield the line breaks and spaces that cut words, and contents lists."""
    for at in sorted({*_hard_wraps(raw), *_inside_quotes(raw), *_inside_sentences(raw)}):
        yield Edit(Span(at, at + 1), EditKind.LAYOUT, "line break inside a sentence")
    yield from _letter_spacing(raw)
    yield from _contents(raw)


def _bounds(raw: str) -> list[tuple[int, int]]:
    bounds: list[tuple[int, int]] = []
    at = 0
    for line in raw.split("\n"):
        bounds.append((at, at + len(line)))
        at += len(line) + 1
    return bounds


def _hard_wraps(raw: str) -> Iterator[int]:
    """Yield the line breaks of a file whose lines are all filled to one width.

    Such a file has no line wider than its margin, and of the lines that reach it most end
    without a stop. Widths count Chinese characters as two.
    """
    bounds = [(start, end) for start, end in _bounds(raw) if raw[start:end].strip()]
    widths = sorted(_width(raw[start:end]) for start, end in bounds)
    if len(widths) < _FEWEST_LINES or widths[-1] > _WIDEST:
        return
    margin = widths[-1 - len(widths) // 50]  # a few lines may hang out
    if margin < _NARROWEST:
        return
    full = [end for (start, end) in bounds if _width(raw[start:end]) >= margin - _RAGGED]
    open_ends = [end for end in full if raw[end - 1] not in _STOPS]
    if len(open_ends) < 3 or len(open_ends) < 0.5 * len(full):
        return
    for at in open_ends:
        if at < len(raw) and _flows(raw, at):
            yield at


def _width(line: str) -> int:
    return len(line) + sum(ord(character) > 0x2E7F for character in line.rstrip())


def _flows(raw: str, at: int) -> bool:
    """Say whether the text runs over the line break at ``at``: no stop, no indent, no label."""
    following = raw[at + 1 : at + 20]
    if not following.strip() or following[0].isspace():
        return False
    return not _LABEL.match(following)


def _inside_quotes(raw: str) -> Iterator[int]:
    """Yield line breaks between an opening quote and its closing one, at an old page end."""
    for match in re.finditer(r"“([^“”\n]{0,60})\n(?=[^“”\n]{0,60}”)", raw):
        at = match.end() - 1
        if raw[at - 1] not in _STOPS + "、,，" and not _LABEL.match(raw[at + 1 : at + 12]):
            yield at


def _inside_sentences(raw: str) -> Iterator[int]:
    """Yield the break after a line that holds whole sentences and stops in the middle of one."""
    for start, at in _bounds(raw):
        if at - start < _SHORTEST_OPEN or at >= len(raw) or not _ENDS_OPEN.match(raw, at - 1):
            continue
        if (raw[at - 1] in ",，、" or _WHOLE_SENTENCE.search(raw, start, at)) and _flows(raw, at):
            yield at


def _letter_spacing(raw: str) -> Iterator[Edit]:
    places: set[tuple[int, int]] = set()
    for match in _SPACED.finditer(raw):
        places |= {(at, at + 1) for at in range(*match.span()) if raw[at] in " 　"}
    places |= {match.span(1) for match in _WIDE_PAIR.finditer(raw)}
    places |= {match.span(1) for match in _CHAPTER_NAME.finditer(raw)}
    for match in _SPACED_NUMBER.finditer(raw):
        places |= {match.span(1), match.span(2)}
    for start, end in sorted(places):
        yield Edit(Span(start, end), EditKind.LAYOUT, "letter-spacing")


def _contents(raw: str) -> Iterator[Edit]:
    """Yield contents lists: leaders with page numbers, or headings that all recur later."""
    bounds = [(start, end) for start, end in _bounds(raw) if raw[start:end].strip()]
    run: list[tuple[int, int]] = []
    for start, end in bounds[: max(200, len(bounds) // 3)]:
        line = raw[start:end]
        listed = _LEADER.fullmatch(line) or (
            len(line) <= 50
            and (_CONTENTS.fullmatch(line) or _LABEL.match(line))
            and not any(stop in line for stop in "。;；")
        )
        if listed:
            run.append((start, end))
            continue
        yield from _listed(raw, run)
        run = []


def _listed(raw: str, run: list[tuple[int, int]]) -> Iterator[Edit]:
    """Yield the lines of ``run`` that are a contents list; its end may be the body's headings."""
    entries = [(start, end) for start, end in run if not _CONTENTS.fullmatch(raw[start:end])]
    if len(entries) < _FEWEST_ENTRIES:
        return
    bare = [_PAGE_AFTER.sub("", raw[start:end].strip()) for start, end in entries]
    again = next((at for at in range(1, len(bare)) if bare[at] == bare[0]), len(bare))
    leaders = sum(bool(_LEADER.fullmatch(raw[start:end])) for start, end in entries[:again])
    later = {line.strip()[:8] for line in raw[entries[again - 1][1] :].split("\n")[:5000]}
    recurring = sum(entry[:8] in later for entry in bare[:again])
    if leaders < _FEWEST_ENTRIES and (again < _FEWEST_ENTRIES or recurring < 0.75 * again):
        return
    for start, end in run:
        if start < entries[again - 1][1]:
            yield Edit(Span(start, end), EditKind.LAYOUT, "contents list")
