"""Where a heading ends and the wording begins, also where nothing parts them."""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache

from tiaowen_corpus.places import shipped
from tiaowen_corpus.types import Span

from tiaowen_indexer.labels import Style

_STOP = re.compile(r"[。!?]”?")
_BREAKS = "。;:!?"
_LONGEST_LINE = 80  # characters of a heading that has a line to itself
_LONGEST_SENTENCE = 48  # of one that ends in a stop inside the paragraph
_LONGEST_GLUED = 40
_STAGE = re.compile(
    r"[^,。;:、\n\s在]{2,14}?(?:阶段|环节)(?:\([^)\n]{2,40}\)[。:]?|[。:]|(?=\s|各|成立|召开|制定|组织|工作任务|“))"
)
_NAMED = re.compile(r"\s*[㐀-鿿]{2,7}:\s*")  # 目的: on a line of its own
_NOTE = re.compile(r"\s*(?:\([^()\n]{2,80}\)[。;]?)?\s*")  # (责任科室:…): no wording of its own
_QUANTITY = re.compile(r"\d(?![\d年十])|不少于|不超过|不低于|至少")
_DEMAND = re.compile(
    "(?<![需重主简不既更])(?:要(?!求|点|素|件)|应当|应该|必须|必需|不得|严禁|禁止|负责)|各.{0,8}应|须"
)
_MEANS = re.compile(r"以[^。;\n]{2,30}为")
_KEYWORD = re.compile(
    r"(?![^:\n]{0,7}(?:[要应须]|做到|如下|以下|包括|分为))[^,。;:\n\s“(]{2,8}:(?=\S)"
)
_BRACKETED = re.compile(r"\s*[【\[(〔]([^】\])〕\n]{2,20})[】\])〕]")
_JOINS = "的和与及、,上中方是为或等之者性化,)”》人"
_CLOSING = " \t\r\n　。;:!?,、.；：！？，．"


@lru_cache(maxsize=1)
def _words() -> dict[str, re.Pattern[str]]:
    with (shipped("indexer/rules") / "headings.toml").open("rb") as stream:
        data = tomllib.load(stream)
    return {
        name: re.compile("|".join(map(re.escape, sorted(data[name], key=len, reverse=True))))
        for name in ("headings", "openers", "endings")
    }


def opens_heading(folded: str, at: int) -> bool:
    """Say whether one of the headings that recur everywhere stands at ``at``."""
    match = _words()["headings"].match(folded, at)
    return match is not None and len(match[0]) >= 4


def opens_body(folded: str, at: int) -> bool:
    """Say whether a word that begins bodies stands at ``at``."""
    return bool(_words()["openers"].match(folded, at))


def bare(heading: str) -> str:
    """Return a heading without the punctuation that closes it."""
    return re.sub(r"\s*\n\s*", " ", heading).strip(_CLOSING)


def cut(folded: str, own: Span, *, style: Style, has_children: bool) -> Span:
    """Return the heading at the start of ``own``: the text between a label and the next one.

    Offsets lie in ``folded``. The result is empty where the text begins with its wording.
    """
    start, end = _trimmed(folded, own)
    empty = Span(start, start)
    if start == end:
        return empty
    line_end = folded.find("\n", start, end)
    whole = Span(start, end)
    if style is Style.SPEAKER:
        return empty
    if style is Style.ARTICLE:
        bracketed = _BRACKETED.match(folded, start, end)
        return Span(start, bracketed.end()) if bracketed else empty
    if _NAMED.fullmatch(folded, start, end if line_end < 0 else line_end):
        return Span(start, end if line_end < 0 else line_end)
    if line_end < 0 and _stops_at(folded, start, end) >= end - 1 and end - start <= _LONGEST_LINE:
        ends_open = folded[end - 1] not in _BREAKS
        spaced = _spaced(folded, start, end)
        if spaced is not None:
            return Span(start, spaced)
        if has_children and folded[end - 1] not in ";:":
            return whole
        if ends_open and end - start <= _LONGEST_GLUED:
            return whole
    if line_end >= 0 and _is_heading_line(folded, start, line_end):
        return Span(start, line_end)
    return _run_in(folded, start, end if line_end < 0 else line_end, end) or empty


def _trimmed(folded: str, own: Span) -> tuple[int, int]:
    start, end = own.start, own.end
    while start < end and folded[start].isspace():
        start += 1
    while end > start and folded[end - 1].isspace():
        end -= 1
    return start, end


def _stops_at(folded: str, start: int, end: int) -> int:
    match = _STOP.search(folded, start, end)
    return match.end() - 1 if match else end


def _is_heading_line(folded: str, start: int, line_end: int) -> bool:
    line = folded[start:line_end].rstrip()
    if not line or line[-1] in ";:,、":
        return bool(line) and line[-1] == ":" and len(line) <= 13 and opens_heading(folded, start)
    if len(line) > 18 and _QUANTITY.search(line):
        return False
    longest = _LONGEST_LINE if line[-1] not in _BREAKS else _LONGEST_SENTENCE
    return len(line) <= longest and not any(stop in line[:-1] for stop in "。;!?")


def _run_in(folded: str, start: int, line_end: int, end: int) -> Span | None:
    """Find a heading inside the first line ``[start, line_end)`` of ``[start, end)``."""
    for find in (_stage, _known, _spaced, _sentence, _glued):
        at = find(folded, start, line_end)
        if at is not None and start < at < end and not _NOTE.fullmatch(folded, at, end):
            return Span(start, at)
    return None


def _stage(folded: str, start: int, end: int) -> int | None:
    match = _STAGE.match(folded, start, end)
    return match.end() if match else None


def _known(folded: str, start: int, end: int) -> int | None:
    match = _words()["headings"].match(folded, start, end)
    keyword = _KEYWORD.match(folded, start, end)
    cut_short = match and len(match[0]) >= 4 and folded[match.end()] not in _JOINS + ":"
    if keyword and not cut_short:
        return keyword.end()
    if not match:
        return None
    at = match.end()
    following = folded[at : at + 1]
    if following in "。:":
        return at + 1
    if following.isspace():
        return at
    if len(match[0]) >= 4 and following not in _JOINS:
        return at
    return at if opens_body(folded, at) and following != "在" else None


def _spaced(folded: str, start: int, end: int) -> int | None:
    """A heading that ends at a blank behind which a whole sentence follows."""
    for match in re.finditer(
        r"(?<!\d)[ \t　]+(?=[^\s(])|(?<=\d)[ \t　]+(?=[^\s(\d])",
        folded[start : min(end, start + _LONGEST_LINE)],
    ):
        at = start + match.start()
        if any(mark in folded[start:at] for mark in _BREAKS):
            return None
        behind = re.match(r"[^\s。;:!?,]*[,]?[^\s。;:!?]*", folded[start + match.end() : end])
        quoted = folded.count("“", start, at) > folded.count("”", start, at)
        ends = start + match.end() + len(behind[0]) if behind else end
        longest = 14 if folded[ends : ends + 1] != "。" else 6
        if at - start >= 4 and behind and len(behind[0]) >= longest and not quoted:
            return at
    return None


def _sentence(folded: str, start: int, end: int) -> int | None:
    match = _STOP.search(folded, start, min(end, start + _LONGEST_SENTENCE))
    if not match or any(mark in folded[start : match.start()] for mark in ";:"):
        return None
    if match.end() - start > 18 and _QUANTITY.search(folded, start, match.end()):
        return None
    if match.end() - start > 18 and _DEMAND.search(folded, start + 2, match.end()):
        return None  # a requirement, not the name of one
    return match.end()


def _glued(folded: str, start: int, end: int) -> int | None:
    """A heading that runs into a body opener: …质量意识以…"""
    head = folded[start : min(end, start + _LONGEST_GLUED)]
    for match in _words()["endings"].finditer(head):
        at = start + match.end()
        if any(mark in folded[start:at] for mark in "。;:,!?("):
            return None
        opener = _words()["openers"].match(folded, at)
        if match.end() >= 4 and opener and (len(opener[0]) >= 2 or _MEANS.match(folded, at)):
            return at
    return None
