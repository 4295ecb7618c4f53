"""Quantities of a requirement: value, bound, unit, and where they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import cn2an
from tiaowen_corpus.types import Bound, Quantity, Span

from tiaowen_indexer.mining.words import pattern

_HAN = "零〇一二两三四五六七八九十百千"
_NUMBER = rf"(?:\d+(?:,\d{{3}})*(?:\.\d+)?|[{_HAN}]+)"
_AT_LEAST = r"至少要?|不少于|不得少于|不低于|不得低于|最少|起码|不小于|多于|不早于"
_AT_MOST = (
    r"不超过|不得超过|不多于|不得多于|最多|至多|不高于|不得高于|不大于|控制在"
    r"|不得晚于|不晚于|少于|低于"
)
_ABOVE = r"\(?含?\)?(?:及|及其)?以上"
_BELOW = r"(?:及)?(?:以内|以下|之内)"


@dataclass(frozen=True, slots=True)
class Found:
    """A quantity and its place in the text it was read from, bound words included."""

    quantity: Quantity
    span: Span


@lru_cache(maxsize=1)
def _expression() -> re.Pattern[str]:
    return re.compile(
        rf"(?:(?P<before>{_AT_LEAST}|{_AT_MOST})[^\w,。;]{{0,2}}(?P<verb>[\u4e00-\u9fff]{{0,10}}?))?"
        rf"(?P<low>{_NUMBER})(?:(?:-|~|—|–|至|到)(?P<high>{_NUMBER}))?"
        rf"(?P<early>以上|多)?(?P<unit>%|{pattern('units')})"
        rf"(?:(?P<above>{_ABOVE})|(?P<below>{_BELOW}))?"
    )


# What makes a number a name, a date, a place in an order or a manner of speaking.
_NAME_BEFORE = re.compile(
    r"[第“\"《〈十国初高]$|[一二三四五六七八九十]、$|统$|唯$|进$|同$|这$|那$|任何$|另$|逐$|某$|有$|是$|成$|为$|之$|作为$|某$|单$|万$|专$|划$|每$|不$|哪$|头$|前$|后$|近$|共$"
)
_DATE_AFTER = re.compile(
    r"(?:级|\d|月\d|教育|教学|号|日—|日-|日至|起|底|初|中旬|上旬|下旬|前|以前|之前)"
)
# 五千元以上三万元以下
_UPPER = re.compile(rf"(?P<high>{_NUMBER})(?P<unit>[\u4e00-\u9fff]{{1,3}}?)以下")
_CLOCK = re.compile(r"[时点:]$")
# 四个方面, 一对一, 十八届, 一项不漏, 二本: counted in speech only
_MANNER = re.compile(
    rf"{_NUMBER}个?(?:方面|强化|坚持|到位|统一|结合|阶段|层次|问题|环节|确保|代表|满意|统一|意识)"
    rf"|{_NUMBER}次(?=全[会体]|人代|党代|常委|代表)|一对一|{_NUMBER}届|{_NUMBER}[名人项个件]不[漏少]"
)
_LOOSE_ONE = {
    "支",
    "个",
    "部",
    "点",
    "级",
    "年",
    "月",
    "日",
    "科",
    "班",
    "组",
    "字",
    "度",
    "类",
    "期",
    "把",
    "条",
    "家",
    "座",
    "种",
}


def quantities(text: str, *, each: bool = False) -> Iterator[Found]:
    """Yield the quantities of a folded text, in order.

    Ordinals, dates, years, quoted slogans (“六个一”) and the article-like 一个 are left out.
    """
    for match in _expression().finditer(text):
        found = _quantity(text, match, each=each)
        if found is not None:
            yield found


def _quantity(text: str, match: re.Match[str], *, each: bool) -> Found | None:
    unit, low = match["unit"], match["low"]
    if (
        unit == "分"
        and (
            text[match.end() : match.end() + 1] == "之" or _CLOCK.search(text[: match.start("low")])
        )
    ) or (unit == "%"):
        return None  # 三分之二, 8时30分; a percentage is a share
    start = match.start("low")
    bounded = bool(match["before"] or match["above"] or match["below"]) or match["early"] == "以上"
    before = text[max(0, start - 2) : start]
    if not bounded and _is_name(text, match, before, each=each):
        return None
    if re.match(r"[一二三]本(?!书|专|教|著)", text[start:]):
        return None  # 二本以上: a class of universities
    if match["before"] and match["verb"] and match["verb"][-1] in "第":
        return None
    if match["before"] in ("少于", "低于") and text.startswith("的", match.end()):
        return None  # 教龄少于5年的教师: whom it is about, not how much is asked
    if unit in "年月日点号" and not bounded and not match["high"]:
        return None
    if unit in ("月", "日", "年") and re.match(r"\d|月|日", text[match.end() : match.end() + 1]):
        return None
    value, high = number(low), number(match["high"]) if match["high"] else None
    if value is None or (match["high"] and high is None):
        return None
    begin = match.start("before") if match["before"] else start
    upper = _UPPER.match(text, match.end()) if match["above"] and high is None else None
    if upper and upper["unit"] == unit and (top := number(upper["high"])) is not None:
        return Found(Quantity((value, top), "range", unit), Span(begin, upper.end()))
    return Found(
        Quantity((value, high) if high is not None else value, _bound(match, high), unit),
        Span(begin, match.end()),
    )


def _is_name(text: str, match: re.Match[str], before: str, *, each: bool) -> bool:
    low, unit = match["low"], match["unit"]
    if before and _NAME_BEFORE.search(before) and not before.endswith(("为", "是", "有", "共")):
        return True
    if text[match.start("low") - 1 : match.start("low")].isdigit():
        return True
    if low == "一" and unit in _LOOSE_ONE and not (each and unit == "个"):
        return True
    if all(character in _HAN for character in low) and text[match.end() :].startswith(("”", '"')):
        return True
    if _MANNER.match(text[match.start("low") :]) or re.search(r"不[漏少落]$", before):
        return True
    return bool(unit in ("年", "月", "日", "级") and _DATE_AFTER.match(text[match.end() :]))


def _bound(match: re.Match[str], high: float | None) -> Bound:
    if high is not None:
        return "range"
    before = match["before"] or ""
    if match["above"] or match["early"] == "以上" or re.fullmatch(_AT_LEAST, before):
        return "at_least"
    if match["below"] or re.fullmatch(_AT_MOST, before):
        return "at_most"
    return "exact"


@lru_cache(maxsize=4096)
def number(written: str) -> float | None:
    """Return the value of a figure or a Chinese numeral; None if it is neither."""
    plain = written.replace(",", "").replace("〇", "零")
    try:
        return float(plain) if plain[0].isdigit() else float(cn2an.cn2an(plain, "smart"))
    except ValueError:
        return None


def quantity_within(
    text: str, own: Span, taken: Sequence[Span], *, each: bool = False
) -> Quantity | None:
    """Return the quantity of ``text[own]``, a bounded one before an exact one.

    Figures that start within ``taken`` belong to a period or a deadline. ``each``: the actor is
    每名 or 每位, so that 一个 counts.
    """
    found = [
        one
        for one in quantities(text, each=each)
        if own.start <= one.span.start < own.end
        and not any(span.start <= one.span.start < span.end for span in taken)
    ]
    found.sort(
        key=lambda one: (
            one.quantity.bound == "exact",
            text[one.span.end : one.span.end + 1] == "的",  # 少于5年的教师: whom, not how many
            one.span,
        )
    )
    return found[0].quantity if found else None


def is_counted(segment: str) -> bool:
    """Say whether a segment sets a bound (不超过50人), not a condition (低于70%的)."""
    bounded = (one for one in quantities(segment) if one.quantity.bound != "exact")
    return any(segment[one.span.end : one.span.end + 1] != "的" for one in bounded)
