"""Brackets that became question marks, and closing quotation marks that were lost."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tiaowen_corpus.types import Span

# What a title ends in. A pair of question marks round such words is a pair of brackets.
_TITLE_END = (
    r"(?:方案|纲要|綱要|意见|意見|规则|規則|规那么|细那么|准那么|细则|細則|准则|準則|通知|条例|條例|法"
    r"|规划|規劃|规定|規定|决定|決定|办法|辦法|标准|標準|规范|規範|计划|計劃|制度|章程|预案|預案|要点"
    r"|报告|報告|公约|公約|守则|守則|守那么|讲话|講話|建议|建議|总结|目录|指南|手册|协议|责任书|大纲"
    r"|法律|宪法|教程|课程|读本|日报|教育)(?:[(（][^()（）?？]{1,12}[)）])?"
)
_BRACKETED = re.compile(
    rf"(?P<open>[?？])(?P<title>[^?？。!！;；\n《》]{{0,58}}?{_TITLE_END})(?P<close>[?？])"
)
_ASKING = re.compile(r"(?:什么|怎么|怎样|如何|是否|能否|哪|吗|呢|谁|多少|為什|嗎)")
_OPENING = re.compile("“")
# Where a quoted term of which the end is lost can end: before another quote, or before what
# follows such terms. The longest-known slogans of the field end by themselves.
_QUOTED_END = re.compile(
    r"(?=、?“|和“|与“|及“)"
    r"|(?<=两会)|(?<=十[一二三四五]五)|(?<=班班通)|(?<=两基)|(?<=双减)|(?<=[一二三四五六七八九十]个一)"
    r"|(?=的(?:落实|目标|要求|思路|原则|原那么|精神|工作|股室|学校|开展|发展|活动|方针|理念|局面|特色))"
    r"|(?=活动|工程|精神|规划|模式|课堂|制度|行动)"
)
_LONGEST_QUOTE = 40


def brackets(text: str) -> Iterator[tuple[Span, str]]:
    """Yield 《 or 》 for each question mark of a pair round a title.

    Only in texts that hold no 《: a file loses all its brackets or none.
    """
    if "《" in text:
        return
    for match in _BRACKETED.finditer(text):
        if not _ASKING.search(match["title"]):
            yield Span(*match.span("open")), "《"
            yield Span(*match.span("close")), "》"


def closing_quotes(text: str) -> Iterator[tuple[Span, str]]:
    """Yield the empty span where a closing quotation mark was lost.

    Only in texts that have at least two opening marks and no closing one.
    """
    opened = [match.end() for match in _OPENING.finditer(text)]
    if len(opened) < 2 or "”" in text:
        return
    limits = [*opened[1:], len(text)]
    for at, limit in zip(opened, limits, strict=True):
        stop = re.search(r"[。;；!！?？\n]", text[at:limit])
        end = min(limit, at + _LONGEST_QUOTE, at + stop.start() if stop else limit)
        found = _QUOTED_END.search(text, at + 1, end)
        if found and text[at : found.start()].strip():
            yield Span(found.start(), found.start()), "”"
