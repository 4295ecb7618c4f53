"""Periods (每学期, 每年4月和9月的最后一周), deadlines (3月8日前) and shares (85%以上)."""

from __future__ import annotations

import re

from tiaowen_corpus.types import Span

_COUNT = r"[一二两三四五六七八九十\d]*"
_TERM = r"(?:个)?(?:学期|学年|学段|季度|星期|半年|半月|单元|旬|年|月|周|天|日|期|晚|节课|次)"
_DAY = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})"
_MONTHS = rf"{_DAY}月(?:份|底|初|{_DAY}日|中旬|上旬|下旬)?"
_PERIOD = re.compile(
    rf"每(?:一|个)*周期(?:\([^)]*\))?(?:[^,。;每]{{0,8}}(?:结束)?后)?|每次[^,。;的每]{{1,6}}后"
    rf"|(?<!每生)每(?:隔)?{_COUNT}{_TERM}(?:度)?(?!\d{{1,2}}[人名])"
    rf"(?:(?<=每周)[一二三四五六日](?![次节名课])(?:(?:、|和|至|到)(?:周)?[一二三四五六日])*)?(?:(?<=月)\d{{1,2}}日前?)?"
    rf"(?:的?{_MONTHS}(?:(?:、|和|及|与|,)?{_MONTHS})*)?"
    rf"(?:的?(?:最后|第){_COUNT}(?:个)?(?:周|星期|天|日)[一二三四五六日]?)?(?:[初末底])?"
    r"|(?:不定期|定期)(?![^,。]{0,6}(?:制度|机制|相结合|原则))|经常性|按月|按季|按学期|逐月|常年"
)
_YEAR = r"(?:(?:\d{4}|20xx|[二一][〇零一二三四五六七八九]{3})年|今年|当年|次年|本年度?|明年)?"
_BEFORE = r"(?:之前|以前|前|内|之内|以内)"
_SOME = r"(?:半|\d+|[一二两三四五六七八九十]+)"
_SPAN_UNIT = r"(?:个)?(?:上课天|工作天|工作日|周|星期|月|日|天|小时|分钟)"
# what a term counts from: 考试后一周内, 发布前10个工作日
_EVENT = (
    r"(?:新学期开学|开学|放假|活动|会议|检查|考试|事故发生|离校|返校|到校|复课|公示|处置"
    r"|接到投诉|[^\W\d于在并的应须由每至后]{2,4}(?=后|(?<![提超目以之])前))"
)
_DEADLINE = re.compile(
    rf"(?:截至|截止(?:到|至)?|务?于|在|到)?(?P<what>{_YEAR}{_DAY}月(?:{_DAY}日|底|初|末|中旬|上旬|下旬|份)?{_BEFORE}"
    rf"|{_YEAR}{_DAY}月(?:底|末)"
    rf"|(?:\d{{4}}年|今年|本学期|学期|学年|年)(?:结束|底|末|初|开始){_BEFORE}"
    rf"|(?:{_EVENT}(?:结束)?(?:后|前|起|之日起)?的?第?)?{_SOME}{_SPAN_UNIT}(?:之内|以内|内|前)"
    rf"|{_EVENT}前{_SOME}{_SPAN_UNIT}"
    rf"|\d{{4}}年(?:底)?{_BEFORE}"
    r"|当日|当天(?![值到])|次日(?!可))"
)
_ENDS = re.compile(r"[前内底末初]|当[日天]|次日")  # what every deadline holds
# 每学年结束后: still nothing but a period
_EDGE = re.compile(r"(?:结束|开始|开学)?(?:[之以]?[后前]|[初末时])?")
_SHARE = re.compile(r"(?:\d+(?:\.\d+)?%|百分之[一二三四五六七八九十百零点]+)(?:以上|以下|以内)?")


def period(text: str) -> tuple[str, Span] | None:
    """Return the first period of a folded text and its place, if it states one."""
    for match in _PERIOD.finditer(text):
        if not _is_distributive(text, match):
            return match.group(), Span(match.start(), match.end())
    return None


def _is_distributive(text: str, match: re.Match[str]) -> bool:
    """Tell 每次活动, 每节课 (each of them) from a period."""
    return match.group() in {"每次", "每节课"}


def deadline(text: str) -> tuple[str, Span] | None:
    """Return the first deadline of a folded text and its place, if it states one."""
    match = _DEADLINE.search(text) if _ENDS.search(text) else None
    if not match:
        return None
    return match["what"], Span(match.start(), match.end())


def share(text: str) -> tuple[str, Span] | None:
    """Return the first percentage of a folded text, with 以上 or 以下, and its place."""
    match = _SHARE.search(text)
    return (match.group(), Span(match.start(), match.end())) if match else None


def period_of(text: str, own: Span) -> Span | None:
    """Return the place of the period stated in ``text[own]``."""
    found = period(own.of(text))
    return Span(found[1].start + own.start, found[1].end + own.start) if found else None


def passed_on(text: str, found: Span | None) -> Span | None:
    """Return a period that holds for what follows it too: 每学期, but not 定期."""
    vague = found is not None and found.of(text) in ("定期", "不定期", "经常性")
    return None if vague else found


def lone_period(text: str, before: int) -> Span | None:
    """Return the place of a period that fills the segment which ends at ``before``."""
    head = text[:before].rstrip(", ")
    start = head.rfind(",") + 1
    found = period_of(text, Span(start, len(head)))
    if found is None or not start or found.start > start + 1:
        return None
    return found if _EDGE.fullmatch(head[found.end :]) else None


def opening_period(text: str, before: int, *, alone: bool) -> Span | None:
    """Return the place of the period in the first segment of ``text[:before]``.

    ``alone``: only if the segment says nothing else: 每学期初,校长要…
    """
    opening = text[:before].split(",", maxsplit=1)[0]
    found = period(opening)
    if found is None or (alone and len(opening) - len(found[0]) > 1):
        return None
    return passed_on(text, found[1])
