"""The title: the one in the text first, what the site calls it second."""

from __future__ import annotations

import re

from tiaowen_corpus.facts_kind import kind_of_title
from tiaowen_corpus.script import fold

_HEAD_LINES = 12
_LONGEST = 80
_CJK = "㐀-鿿"
_NUMBER = re.compile(
    r"[〔\[【(（][\dxX×]{2,4}[〕\]】)）]\s*第?\s*\d+\s*号|字第?\s*\d+\s*号|第\d+/\d{4}号"
)
_ABOUT = re.compile(
    r"(?P<title>[^\n。,，;；:：]{0,40}?关于[^\n。;；:：]{2,90}?的"
    r"(?:补充)?(?:通知|意见|函|报告|请示|批复|决定|通报|复函|公告))"
)
# Where the body begins when a title is glued to it.
_BODY = re.compile(
    r"为了|为(?=[一-鿿]{2})|根据|按照|依据|一、|壹、|第一章|第一条|\(一\)|同志们|各位|老师们|尊敬的"
    r"|各[一-鿿]{1,8}[:：、]|校本部"
)
_NUMBERED_TITLE = re.compile(
    rf"(?P<title>[^\n。,，()]{{4,60}})\((?:[{_CJK}]{{1,14}})?(?:{_NUMBER.pattern})"
)
_SALUTATION = re.compile(r"(?:同志们|各位[一-鿿]{2,6}|老师们|尊敬的[一-鿿]{2,8})\s{0,4}[:：,，!！]")
# The title of a speech ends before its speaker and date.
_SPOKEN = re.compile(
    r"[^\n。]{4,60}?(?:讲话|发言|致辞)(?:稿|提纲)?(?=[\s(]|[一-鿿]{2,12}(?:局长|校长|书记|县长|市长|主任))"
)
_STOP = re.compile(r"[。;；:：!！?？,，]\s*$")
_LABEL = re.compile(
    r"^\s*(?:[一二三四五六七八九十壹贰]+[、.．]|[(（][一二三四五六七八九十\d]+[)）]|第[一二三四五六七八九十百\d]+[章条节]|\d{1,2}[.．、])"
)
_PAGE_LABEL = re.compile(r"^\s*1、(?=[一-鿿])")
_BRACKETED = re.compile(r"^[(（【].*[)）】]$")
_UPLOAD = (
    re.compile(r"(?:word|Word|WORD)?(?:文件|文档|版)?(?:免费)?下载"),
    re.compile(r"\.(?:docx?|pdf|txt|pptx?|wps|html?|md)", re.I),
    re.compile(r"_第\d+页.*$"),
    re.compile(
        r"[(（\[【](?:\d+页|共\d+|精选|通用|热门|推荐|优秀|最新|熱門|推薦|精選|[^()（）]{0,6}\d+篇)[^()（）\[\]【】]*[)）\]】]"
    ),
    re.compile(r"^\s*【[^】]{1,6}】"),
    re.compile(r"(?:推荐度|推薦度).*$"),
    re.compile(r"(?:精选|通用|热门)?\d+篇\s*$"),
    re.compile(r"(?:19|20)\d\d[.．]\d{1,2}(?:[.．]\d{1,2})?\s*$"),
)
_HASH = re.compile(r"^[\da-fA-F_\-.~]+$")


def title_of(text: str, fallback: str) -> str:
    """Return the title in the text, else the cleaned ``fallback``, else ``fallback`` itself."""
    return in_text(text) or clean_title(fallback) or fallback.strip()


def clean_title(echo: str) -> str:
    """Return an upload's title without file suffix, page counts, tags; "" for a mere file code."""
    for pattern in _UPLOAD:
        echo = pattern.sub("", echo)
    echo = re.sub(r"\s+", " ", echo).strip(" -_|·")
    return "" if _HASH.match(echo) else echo


def in_text(text: str) -> str:
    """Return the title that stands at the head of the text, "" if there is none."""
    lines = [line.strip() for line in text.split("\n")]
    head = [line for line in lines if line][:_HEAD_LINES]
    for at, line in enumerate(head):
        if title := _title_at(head, at, line):
            return title
        if _is_body(line):
            return ""
    return ""


def _title_at(head: list[str], at: int, line: str) -> str:
    folded = fold(line)
    if (bracket := _NUMBERED_TITLE.match(folded)) and kind_of_title(bracket["title"]):
        return _tidy(line[slice(*bracket.span("title"))])
    start = _start(folded)
    if about := _ABOUT.match(folded, start):
        return _tidy(line[slice(*about.span("title"))])
    if start and not line[start:].strip():
        return ""
    salutation = _SALUTATION.search(folded, start)
    if salutation and start < salutation.start() <= start + _LONGEST:
        spoken = _SPOKEN.match(folded, start, salutation.start())
        end = spoken.end() if spoken else salutation.start()
        return _tidy(line[start:end]) if _names(folded[start:]) else ""
    if len(line) - start <= _LONGEST and not _STOP.search(folded) and not _is_body(line):
        return _short_line(head, at, line[start:])
    return _glued(line, folded, start)


def _start(folded: str) -> int:
    """Return where the title begins in a line: behind a page label or the document's number."""
    page = _PAGE_LABEL.match(folded)
    start = page.end() if page else 0
    numbers = [match.end() for match in _NUMBER.finditer(folded[:60])]
    return max([start, *numbers])


def _short_line(head: list[str], at: int, line: str) -> str:
    """Return the title that a line of its own is, with the line it continues."""
    if kind_of_title(line) and not _BRACKETED.match(line):
        before = head[at - 1] if at else ""
        if (
            fold(line).startswith("关于")
            and 2 <= len(before) <= 30
            and not _NUMBER.search(fold(before))
        ):
            return _tidy(before.removesuffix("文件") + line)
        return _tidy(line)
    following = head[at + 1] if at + 1 < len(head) else ""
    if re.match(r"^(?:关于|在)", fold(line)) and kind_of_title(following) and len(following) < 30:
        return _tidy(line + following)
    return ""


def _glued(line: str, folded: str, start: int) -> str:
    """Return the title in front of the body that is glued to it."""
    body = _BODY.search(folded, start + 4, start + _LONGEST + 10)
    if body is None:
        return ""
    title = line[start : body.start()]
    named = kind_of_title(title) and not re.search(r"[。;；,，]", title)
    return _tidy(title) if named and _ends_in_kind(fold(title)) else ""


def _ends_in_kind(folded: str) -> bool:
    return bool(kind_of_title(folded[-8:]))


def _names(folded: str) -> bool:
    return bool(re.match(rf"[{_CJK}“”\"《》\d]{{4,}}", folded))


def _is_body(line: str) -> bool:
    """Say whether a line is body text: a label, or a sentence."""
    return bool(_LABEL.match(line)) or len(re.findall(r"[。;；]", line)) >= 1


def _tidy(title: str) -> str:
    title = clean_title(title)
    title = re.sub(rf"(?<=[{_CJK}])[ \t　]+(?=[{_CJK}])", "", title)
    return title.strip(" 　:：-")
