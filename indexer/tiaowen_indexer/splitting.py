"""Several documents in one file: where each begins and how its title runs."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from tiaowen_corpus.places import shipped
from tiaowen_corpus.types import Span

from tiaowen_indexer.cohesion import valleys
from tiaowen_indexer.labels import Label, Style, number_of
from tiaowen_indexer.outline import Node
from tiaowen_indexer.reading import outlined

_TITLE_LINE = 60  # characters of a title that has a line to itself
_TITLE_GLUED = 120
_ANNOUNCED = re.compile(r"(?<!\d)(\d{1,2}|[一二三四五六七八九十]{1,3})篇")
_PROMULGATED = re.compile(r"[《?]([^》《?\n]{6,60})[》?]")
_ADDRESSEE = re.compile(
    r"(?:的)?(?=(?:校本部|各[^。;:\n]{1,40}:|局属|机关各|县直|区直|市直|镇直|全体[^。;:\n]{1,20}:))"
)
_OPENING = re.compile(
    r"(?=(?:为(?![主准止期])|根据|按照|同志们|各位|"
    r"尊敬的|第一[章条]|一、|\(一\)|今天))"
)
_LEAD = re.compile(
    r"(?:^|\n|日|印发|\s)((?:附件\s?\d?[::]?\s*)?[^\s。;:,,《日]{0,24})$"  # its issuer
)
_BEHIND_DATE = re.compile(r"日[^\n]{0,40}$|印发\s*$|\n[^\n]*$|附件[\s\d::]*$")
_SHORTEST_NOTICE = 60  # characters
_SHORTEST_ANNEX = 400
_FALLING = frozenset({Style.COMMA, Style.CAPITAL, Style.CHAPTER, Style.ARTICLE, Style.PART})
_ENDED = re.compile(
    r"(?:谢谢(?:大家|各位)?[!。]?|此致|敬礼[!。]?|述职人.{0,12}|年\d{1,2}月(?:\d{1,2}日)?)[\s”]*$"
)


@dataclass(frozen=True, slots=True)
class Part:
    """One document of a file: its span and the span of its title (empty: none), in the text."""

    span: Span
    title: Span


@lru_cache(maxsize=1)
def _rules() -> dict[str, re.Pattern[str]]:
    with (shipped("indexer/rules") / "splitting.toml").open("rb") as stream:
        data = tomllib.load(stream)
    kinds = "|".join(sorted(data["kinds"], key=len, reverse=True))
    return {
        "kind": re.compile(rf"(?:{kinds})(?:\([^)\n]{{1,20}}\)|\d{{1,2}})?$"),
        "kinds": re.compile(rf"(?:{kinds})(?:\([^)\n]{{1,20}}\))?"),
        "series": re.compile("|".join(f"(?:{pattern})" for pattern in data["series"])),
        "preamble": re.compile("|".join(f"(?:{pattern})" for pattern in data["preambles"])),
    }


def announced(folded_head: str) -> int:
    """Return how many documents the page's header promises; 0 if it promises none."""
    numbers = [number_of(match[1]) for match in _ANNOUNCED.finditer(folded_head)]
    return max((number for number in numbers if 2 <= number <= 60), default=0)


def parts(text: str, folded: str, *, promised: int = 0) -> tuple[Part, ...]:
    """Return the documents of ``text`` in order; together their spans are the whole text.

    ``promised`` is the number that the header announces: a check, not a promise.
    """
    titled = {*_series(folded), *_stems(folded)}
    if len(titled) > 1:
        promised = 0  # the documents say themselves where they begin
    starts = titled | _attached(folded)
    if not folded[: min(starts, default=1)].strip():
        starts.discard(min(starts, default=0))
    starts.add(0)
    for start, end in _between(sorted(starts), len(text)):
        starts |= {start + at for at in _falls(text[start:end], folded[start:end], promised)}
    if promised > len(starts):
        begins = _beginnings(text, sorted(starts))
        starts |= set(valleys(folded, sorted(starts), promised - len(starts), begins))
    return tuple(
        Part(Span(start, end), title(folded, start, end))
        for start, end in _between(sorted(starts), len(text))
    ) or (Part(Span(0, 0), Span(0, 0)),)


def _between(starts: Sequence[int], length: int) -> Iterator[tuple[int, int]]:
    for start, end in zip(starts, [*starts[1:], length], strict=True):
        if end > start:
            yield start, end


def _line_starts(folded: str) -> Iterator[tuple[int, int]]:
    at = 0
    for line in folded.split("\n"):
        blank = len(line) - len(line.lstrip())
        if line.strip():
            yield at + blank, at + len(line.rstrip())
        at += len(line) + 1


def _series(folded: str) -> set[int]:
    """Return the starts of pieces that number themselves: 篇一, 【篇二】, 第三篇:, 范文4."""
    if re.search(r"第[一二三四五六七八九十]{1,3}条", folded):
        return set()  # 第一篇 of a regulation is a chapter
    found: list[tuple[int, int]] = []
    for start, end in _line_starts(folded):
        match = _rules()["series"].match(folded, start, end)
        number = number_of(next(filter(None, match.groups()), "")) if match else 0
        if number and (number == 1 or (found and number == found[-1][1] + 1)):
            found.append((start, number))
    return {start for start, _ in found} if len(found) > 1 else set()


def _stems(folded: str) -> set[int]:
    """Return the starts of pieces under one title with rising numbers: 细则1, 细则2."""
    stems: dict[str, list[tuple[int, int]]] = {}
    for start, end in _line_starts(folded):
        match = re.match(
            r"(.{3,40}?)[(【]?(?:篇)?([1-9]\d?|[一二三四五六七八九十]{1,3})[)】]?",
            folded[start:end],
        )
        full = match and match.end() == min(end - start, 60)
        if match and full and _rules()["kind"].search(match[1].strip()):
            stems.setdefault(match[1].strip(), []).append((start, number_of(match[2])))
    result: set[int] = set()
    for stem, found in stems.items():
        if {1, 2} <= {number for _, number in found}:
            result |= {start for start, _ in found}
        elif found[0][1] == 1:  # the other titles may be glued to their texts
            glued = re.compile(rf"(?:^|(?<=\n))[ 　]*{re.escape(stem)}([2-9])(?=\D)")
            starts = {match.start() for match in glued.finditer(folded)}
            result |= {found[0][0], *starts} if starts else set()
    return result


def _attached(folded: str) -> set[int]:
    """Return where the paper begins that a notice issues: its title stands again, unquoted."""
    head = folded[:1500]
    if not re.search(r"印发|转发|发布|颁发", head):
        return set()
    for name in sorted({match[1].strip() for match in _PROMULGATED.finditer(head)}):
        found = [start for start in _unquoted(folded, name) if start > _SHORTEST_NOTICE]
        own = [start for start in found if not re.match(r"附件\s?\d?:", folded[start:])]
        if own:
            return {own[0]}
        if found and len(folded) - found[0] > _SHORTEST_ANNEX:
            return {found[0]}  # not the notice's list of annexes but the annex itself
    return set()


def _unquoted(folded: str, name: str) -> Iterator[int]:
    """Yield where ``name`` stands as a title: at a line start or behind the notice's date."""
    for match in re.finditer(re.escape(name), folded):
        before = folded[max(0, match.start() - 30) : match.start()]
        lead = _LEAD.search(before)
        quoted = folded[match.end() : match.end() + 1] in ("》", "?")
        if lead and _BEHIND_DATE.search(before) and not quoted and not lead[1].endswith("关于"):
            yield match.start() - len(lead[1].removeprefix("印发"))


def _falls(text: str, folded: str, promised: int) -> set[int]:
    """Return the starts of documents that the fall of a top-level numbering betrays."""
    nodes = outlined(text)
    tops = [node for node in nodes if node.depth == 0]
    result: set[int] = set()
    for before, node in pairwise(tops):
        if not _falls_back(before.label, node.label, tops):
            continue
        last = _last_inside(nodes, node)
        start = _start_of_next(folded, last, node.label)
        if start is not None and (promised or _ended_before(folded, start)):
            result.add(start)
    return result


def _beginnings(text: str, starts: Sequence[int]) -> Callable[[int, int], bool]:
    """Return a test: could a document begin at an offset, with every list after it opening at 1?"""
    nodes = [
        (start + node.label.start, node.label)
        for start, end in _between(starts, len(text))
        for node in outlined(text[start:end])
    ]

    def begins(at: int, end: int) -> bool:
        seen: set[Style] = set()
        for offset, label in nodes:
            if at <= offset < end and label.style not in seen:
                seen.add(label.style)
                if label.number > 1 and not {Style.DOES, Style.ARABIC} <= seen:
                    return False
        return True

    return begins


def _falls_back(before: Label, label: Label, tops: Sequence[Node]) -> bool:
    if label.style is before.style and label.style in _FALLING:
        return label.number < before.number and not (label.style is Style.ARTICLE and label.minor)
    # （一）…（三） and then 二、 whose 一、 stands nowhere before
    return (
        label.style is Style.COMMA
        and before.style is Style.PAREN
        and label.number == 2
        and not any(
            node.label.style is Style.COMMA for node in tops if node.label.start < label.start
        )
    )


def _last_inside(nodes: Sequence[Node], node: Node) -> Label:
    return nodes[nodes.index(node) - 1].label


def _start_of_next(folded: str, last: Label, label: Label) -> int | None:
    """Return where between ``last`` and ``label`` the new document begins.

    A text whose first heading was cut off has at least one paragraph before its 二、.
    """
    lines = [
        (last.span.end + start, last.span.end + end)
        for start, end in _line_starts(folded[last.span.end : label.start])
    ]
    if not lines:
        return label.start
    first_line, *others = lines
    bare = "。" not in folded[first_line[0] : first_line[1]].rstrip("。")
    titled = [start for start, end in others if is_title(folded[start:end])]
    if titled:
        return titled[0]
    opening = [start for start, end in others if _rules()["preamble"].match(folded, start)]
    if label.number > 1:
        if bare and others:
            return others[0][0]
        return opening[0] if opening else (others[-1][0] if others else label.start)
    leads = [start for start, end in others[-1:] if folded[end - 1] == ":"]
    if bare and len(others) == 1 and (leads or opening):
        return others[0][0]
    if leads:  # it announces the list: the document begins before it, if it is another one
        return leads[0] if leads[0] in opening else None
    return label.start


def _ended_before(folded: str, start: int) -> bool:
    """Say whether a title begins at ``start`` or the words before it end a document."""
    end = folded.find("\n", start)
    line = folded[start : end if end >= 0 else len(folded)]
    return is_title(line) or bool(_ENDED.search(folded[max(0, start - 60) : start].rstrip()))


def is_title(line: str) -> bool:
    """Say whether a folded line reads as a document's title."""
    line = line.strip()
    if not 5 <= len(line) <= _TITLE_LINE or re.search(
        r"[。;:!,]|^[(\d一二三四五六七八九十]+[、.)]", line
    ):
        return False
    return bool(_rules()["kind"].search(line))


def title(folded: str, start: int, end: int) -> Span:
    """Return the title that a document begins with, number and issuer included; empty: none."""
    at = start
    lines = list(_line_starts(folded[start : min(end, start + 600)]))
    taken = start
    for line_start, line_end in lines[:5]:
        line = folded[start + line_start : start + line_end]
        if not _title_like(line):
            glued = _glued_title(line)
            taken = start + line_start + glued if glued else taken
            break
        taken = start + line_end
    while at < taken and folded[at].isspace():
        at += 1
    return Span(at, max(at, taken))


def _title_like(line: str) -> bool:
    if len(line) > _TITLE_LINE or re.search(
        r"[。;:!,,]|^[一二三四五六七八九十]{1,3}、|^\(?[一二\d]{1,2}[).、]", line
    ):
        return False
    return not line.startswith(("第一章", "第一条"))


def _glued_title(line: str) -> int:
    """Return the length of a title that runs into the text behind it; 0 if none does."""
    for kind in _rules()["kinds"].finditer(line[:_TITLE_GLUED]):
        at = kind.end()
        if re.search(r"[。;:!]", line[:at]):
            return 0
        if line[at : at + 1] in "》?”、的" and line[at : at + 1]:
            continue
        if line[at : at + 1].isspace() or _ADDRESSEE.match(line, at) or _OPENING.match(line, at):
            return at
    salutation = re.match(r"[^。;:!,]{4,60}?(?=\s+(?:同志们|各位|尊敬的)[^。]{0,20}:)", line)
    return salutation.end() if salutation else 0
