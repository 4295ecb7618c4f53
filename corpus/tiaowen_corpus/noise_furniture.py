"""Site furniture: headers, counters, leads, recommendation lines, footers, foreign matter."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from tiaowen_corpus.places import shipped
from tiaowen_corpus.script import fold
from tiaowen_corpus.types import Edit, EditKind, Span

ECHO = "title echo of a download page"
GOVERNMENT = "government header table"
_HEAD_LINES = 40
_LONGEST_LINE = 700  # characters; what is longer is text with furniture glued to it
_LONGEST_TAIL = 4000
_BULLET = r"[ \t　]*(?:[-•·*>|][ \t　]*)?"
_LABEL = re.compile(
    r"\s*(?:第?[一二三四五六七八九十百\d]{1,4}[、.章条节]|[((][一二三四五六七八九十\d]{1,3}[))])"
)
_DATED = re.compile(r"\d{1,2}-\d{1,2}\s*$")
_STOPS = re.compile(r"[。!?;,:,;:!?]")


@dataclass(frozen=True, slots=True)
class Rule:
    """One group of patterns of ``furniture.toml``, compiled into one expression."""

    reason: str
    expression: re.Pattern[str]


@lru_cache(maxsize=1)
def rules() -> dict[str, tuple[Rule, ...]]:
    """Return the rules by their place: head, line, tail, inline, gap, government."""
    with (shipped("indexer/rules") / "furniture.toml").open("rb") as stream:
        data = tomllib.load(stream)
    whole = {"head", "line", "tail", "government"}
    return {
        place: tuple(_rule(group, whole=place in whole) for group in groups)
        for place, groups in data.items()
        if isinstance(groups, list)
    } | {"titles": (Rule("link list", re.compile(data["lists"]["title_endings"] + r"\s*$")),)}


def _rule(group: dict[str, list[str]], *, whole: bool) -> Rule:
    body = "|".join(f"(?:{pattern})" for pattern in group["patterns"])
    expression = rf"{_BULLET}(?:{body})[ \t　]*" if whole else body
    return Rule(str(group["reason"]), re.compile(expression))


@dataclass(frozen=True, slots=True)
class _Line:
    span: Span  # without the line break
    text: str  # folded


def furniture(raw: str) -> tuple[Edit, ...]:
    """Return the furniture of ``raw``; line removals take their line break with them."""
    folded = fold(raw)
    lines = tuple(_lines(folded))
    tail = _tail(lines, len(raw))
    return (
        *_head(lines),
        *_each_line(lines),
        *tail,
        *_link_list(lines),
        *_inside(folded),
    )


def _lines(folded: str) -> Iterator[_Line]:
    at = 0
    for piece in folded.split("\n"):
        yield _Line(Span(at, at + len(piece)), piece)
        at += len(piece) + 1


def _removal(line: _Line, reason: str) -> Edit:
    return Edit(line.span, EditKind.FURNITURE, reason)


def _match(place: str, text: str) -> str:
    if len(text) > _LONGEST_LINE or not text.strip():
        return ""
    for rule in rules()[place]:
        if rule.expression.fullmatch(text):
            return rule.reason
    return ""


def _head(lines: tuple[_Line, ...]) -> Iterator[Edit]:
    """Yield the furniture before the first line of content, and earlier echoes of one title."""
    seen: dict[str, _Line] = {}
    for line in lines[:_HEAD_LINES]:
        bare = line.text.strip()
        if not bare:
            continue
        reason = (
            _match("government", line.text) or _match("head", line.text) or _match("line", bare)
        )
        if reason:
            yield _removal(line, reason)
        elif len(bare) <= 60 and not _STOPS.search(bare) and not _LABEL.match(bare):
            if bare in seen:
                yield _removal(seen[bare], ECHO)
            seen[bare] = line
        elif not _resumes(lines, line):
            return


def _resumes(lines: tuple[_Line, ...], line: _Line) -> bool:
    """Say whether the site's header goes on right after this line (a glued lead)."""
    at = lines.index(line)
    following = [other for other in lines[at + 1 : at + 4] if other.text.strip()][:2]
    return bool(following) and all(_match("head", other.text) == ECHO for other in following)


def _each_line(lines: tuple[_Line, ...]) -> Iterator[Edit]:
    for line in lines:
        if len(line.text) <= 160 and (reason := _match("line", line.text)):
            yield _removal(line, reason)


def _tail(lines: tuple[_Line, ...], length: int) -> Iterator[Edit]:
    """Yield the lines from the first footer line in the second half on."""
    for index, line in enumerate(lines):
        if line.span.start * 2 < length or length - line.span.start > _LONGEST_TAIL:
            continue
        reason = _match("tail", line.text)
        if reason and not any(_LABEL.match(other.text) for other in lines[index + 1 :]):
            for other in lines[index:]:
                if other.text.strip():
                    yield _removal(other, reason)
            return


def _link_list(lines: tuple[_Line, ...]) -> Iterator[Edit]:
    """Yield three or more unpunctuated title lines that end the file."""
    filled = [line for line in lines if line.text.strip()]
    run: list[_Line] = []
    for line in reversed(filled):
        bare = line.text.strip()
        titled = _DATED.search(bare) or rules()["titles"][0].expression.search(bare)
        if not titled or len(bare) > 45 or _STOPS.search(bare) or _LABEL.match(bare):
            break
        run.append(line)
    if len(run) >= 3 and len(run) < len(filled):
        for line in run:
            yield _removal(line, "link list")


def _inside(folded: str) -> Iterator[Edit]:
    for place, kind in (("inline", EditKind.FURNITURE), ("gap", EditKind.GAP)):
        for rule in rules()[place]:
            for match in rule.expression.finditer(folded):
                if match.end() > match.start():
                    yield Edit(Span(*match.span()), kind, rule.reason)
