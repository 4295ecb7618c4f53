"""Figures and periods of a folded text in one form, so that 两次, 2 次 and twice are one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

_DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")}
_DIGITS |= {"两": 2, "〇": 0}
_UNITS = (
    "次|节|篇|人|名|个|天|日|周|月|年|小时|分钟|元|万元"
    "|学时|课时|遍|所|项|条|门|本|册|份|场|岁|公里|米|%"
)
_FIGURE = re.compile(
    r"百分之(?P<share>[零一二三四五六七八九十百两〇]{1,5}|\d+(?:\.\d+)?)"
    rf"|(?P<digits>\d+(?:\.\d+)?)\s*(?P<unit>{_UNITS})?"
    rf"|(?P<han>[零一二三四五六七八九十百千两〇]{{1,7}})(?P<han_unit>{_UNITS})"
)
_PERIOD = re.compile(r"每(?:个)?(?:学期|学年|年|月|周|天|日|季度|星期)")
_HAN = "零一二三四五六七八九十百千两〇"
_OTHERWISE = {"%": ("百分之",), "次": ("times", "once", "twice", "thrice")}
_UNIT_LETTERS = "".join({*_UNITS.replace("|", "")})
_UNIT_BELOW = re.compile(rf"\s+(?:{_UNITS}|times.?)?")  # of a figure that ends its line
_SAME_UNIT = {"名": "人", "日": "天"}  # 3名教师 is 3人; 10日内 is 10天
_ENGLISH = {"once": "1次", "twice": "2次", "thrice": "3次"}
_TIMES = re.compile(r"\b(once|twice|thrice)\b|\b(\d+)\s*times\b")
_PERIODS = {
    "term": re.compile(r"(?:每|一)个?学期|\b(?:a|per|each|every) (?:school )?(?:term|semester)\b"),
    "year": re.compile(
        r"每学?年|一年|年度|全年|\b(?:a|per|each|every) (?:school )?year\b|\bannual"
    ),
    "month": re.compile(r"每个?月|一个月|按月|\b(?:a|per|each|every) month\b|\bmonthly\b"),
    "week": re.compile(r"每(?:周|星期)|一周|\b(?:a|per|each|every) week\b|\bweekly\b"),
    "day": re.compile(r"每[天日]|一天|\b(?:a|per|each|every) day\b|\bdaily\b"),
}


def figures(folded: str) -> tuple[str, ...]:
    """Return the figures of a folded text, "2次" form, in order and without repetition."""
    return tuple(dict.fromkeys(figure for _, figure in placed_figures(folded)))


def placed_figures(folded: str) -> Iterator[tuple[int, str]]:
    """Yield the figures of a folded text with their places."""
    for match in _FIGURE.finditer(_without_periods(folded)):
        if match["share"]:
            yield match.start(), f"{_value(match['share'])}%"
            continue
        unit = match["unit"] or match["han_unit"] or ""
        yield match.start(), _value(match["digits"] or match["han"]) + unit
    for match in _TIMES.finditer(folded):
        yield match.start(), _ENGLISH[match[1]] if match[1] else f"{match[2]}次"


def figure_places(wanted: str, folded: str) -> list[int]:
    """Return where a folded text holds ``wanted``, a figure in the form of `alike`, or its like.

    The places are those of `placed_figures`, which looks only at lines that may hold it.
    """
    bare, found, seen = _without_periods(folded), list[int](), 0
    for at in _perhaps(wanted, bare):
        if at < seen:
            continue
        start = folded.rfind("\n", 0, at) + 1
        seen = folded.find("\n", at) + 1 or len(folded) + 1
        rest = _UNIT_BELOW.match(bare, seen - 1)
        line = folded[start : rest.end() if rest else seen]
        places = (place for place, figure in placed_figures(line) if alike(figure) == wanted)
        found += (start + place for place in places if start + place < seen)
    return found


def _without_periods(folded: str) -> str:
    return _PERIOD.sub(lambda period: "　" * len(period[0]), folded)


def _perhaps(wanted: str, folded: str) -> Iterator[int]:
    """Yield places in order, one at least in every line where a figure like ``wanted`` begins."""
    value = wanted.rstrip(_UNIT_LETTERS)
    if unit := wanted[len(value) :]:
        for match in _stating(unit).finditer(folded):
            at = match.start()
            while folded[at - 1 : at].isspace():
                at -= 1
            yield from (at, match.start())
        return
    at = folded.find(value)  # without a unit it is written in digits
    while at >= 0:
        end = at + len(value)
        if not folded[at - 1 : at].isdecimal() and not folded[end : end + 1].isdecimal():
            yield at
        at = folded.find(value, at + 1)


@cache
def _stating(unit: str) -> re.Pattern[str]:
    """Match the units of figures; a literal comes first, which the search leaps to."""
    units = [each for each in _UNITS.split("|") if alike("1" + each) == "1" + unit]
    parts = [rf"{each}(?<=[{_HAN}\d\s]{each})" for each in units]
    return re.compile("|".join([*parts, *_OTHERWISE.get(unit, ())]))


def periods(folded: str) -> frozenset[str]:
    """Return the periods in which a folded text counts: term, year, month, week, day."""
    return frozenset(name for name, pattern in _PERIODS.items() if pattern.search(folded))


def period_places(period: str, folded: str) -> list[int]:
    """Return where a folded text counts by ``period``, one of those of `periods`."""
    return [match.start() for match in _PERIODS[period].finditer(folded)]


def alike(figure: str) -> str:
    """Return the form in which figures are compared: units that mean the same are one."""
    for unit, other in _SAME_UNIT.items():
        if figure.endswith(unit):
            return figure[: -len(unit)] + other
    return figure


def han_number(text: str) -> int:
    """Return the value of a Chinese numeral below ten thousand."""
    total, digit = 0, 0
    for character in text:
        if character in _DIGITS:
            digit = _DIGITS[character] + (digit * 10 if digit else 0)
        else:
            total += (digit or 1) * {"十": 10, "百": 100, "千": 1000}[character]
            digit = 0
    return total + digit


def _value(text: str) -> str:
    return text if text[0].isdigit() else str(han_number(text))
