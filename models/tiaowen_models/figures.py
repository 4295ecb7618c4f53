"""Figures and periods of a folded text in one form, so that 两次, 2 次 and twice are one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

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
# what may follow a figure that ends its line: blanks, as periods are, and a unit
_BELOW = re.compile(rf"(?:\s|{_PERIOD.pattern})*.{{0,6}}", re.DOTALL)
_SAME_UNIT = {"名": "人", "日": "天"}  # 3名教师 is 3人; 10日内 is 10天
_ENGLISH = {"once": "1次", "twice": "2次", "thrice": "3次"}
_TIMES = re.compile(r"\b(once|twice|thrice)\b|\b(\d+)\s*times\b")


def _each(unit: str) -> str:
    """Return the alternatives of "every year". Like all of PERIODS they begin with a character
    that the search leaps to; ``\\b`` before it would have it stop everywhere.
    """
    return "|".join(rf"{word}(?<!\w{word}) {unit}\b" for word in ("a", "per", "each", "every"))


# the periods in which is counted
PERIODS = {
    "term": re.compile(rf"每个?学期|一个?学期|{_each('(?:school )?(?:term|semester)')}"),
    "year": re.compile(rf"每学?年|一年|年度|全年|annual(?<!\wannual)|{_each('(?:school )?year')}"),
    "month": re.compile(rf"每个?月|一个月|按月|monthly(?<!\wmonthly)\b|{_each('month')}"),
    "week": re.compile(rf"每周|每星期|一周|weekly(?<!\wweekly)\b|{_each('week')}"),
    "day": re.compile(rf"每[天日]|一天|daily(?<!\wdaily)\b|{_each('day')}"),
}


def figures(folded: str) -> tuple[str, ...]:
    """Return the figures of a folded text, "2次" form, in order and without repetition."""
    return tuple(dict.fromkeys(figure for _, figure in placed_figures(folded)))


def placed_figures(folded: str) -> Iterator[tuple[int, str]]:
    """Yield the figures of a folded text with their places."""
    for match in _FIGURE.finditer(_PERIOD.sub(lambda period: "　" * len(period[0]), folded)):
        if match["share"]:
            yield match.start(), f"{_value(match['share'])}%"
            continue
        unit = match["unit"] or match["han_unit"] or ""
        yield match.start(), _value(match["digits"] or match["han"]) + unit
    for match in _TIMES.finditer(folded):
        yield match.start(), _ENGLISH[match[1]] if match[1] else f"{match[2]}次"


def figure_places(wanted: frozenset[str], folded: str) -> dict[str, list[int]]:
    """Return where a folded text holds each of the figures ``wanted``, or its like.

    They are in the form of `alike`. Without units they are written in digits, and stand in few
    lines: no others are read.
    """
    found: dict[str, list[int]] = {figure: [] for figure in sorted(wanted)}
    pieces: Iterable[tuple[int, int, str]] = [(0, len(folded), folded)]
    if all(figure[-1:].isdecimal() for figure in wanted):
        pieces = _lines_with(wanted, folded)
    for start, end, text in pieces:
        for place, figure in placed_figures(text):
            if (same := alike(figure)) in found and place < end - start:
                found[same].append(start + place)
    return found


def _lines_with(digits: Iterable[str], folded: str) -> Iterator[tuple[int, int, str]]:
    """Yield start and end of the lines that hold one of them, and the text of each, with the unit
    that may follow in the next line.
    """
    for start in sorted({folded.rfind("\n", 0, at) + 1 for at in _written(digits, folded)}):
        end = folded.find("\n", start) + 1 or len(folded)
        below = _BELOW.match(folded, end)
        yield start, end, folded[start : below.end() if below else end]


def _written(digits: Iterable[str], folded: str) -> Iterator[int]:
    """Yield where they stand, not within other numbers."""
    for each in digits:
        at = folded.find(each)
        while at >= 0:
            end = at + len(each)
            if not folded[at - 1 : at].isdecimal() and not folded[end : end + 1].isdecimal():
                yield at
            at = folded.find(each, at + 1)


def periods(folded: str) -> frozenset[str]:
    """Return the periods in which a folded text counts: term, year, month, week, day."""
    return frozenset(name for name, pattern in PERIODS.items() if pattern.search(folded))


def period_places(period: str, folded: str) -> list[int]:
    """Return where a folded text counts by ``period``, one of those of `periods`."""
    return [match.start() for match in PERIODS[period].finditer(folded)]


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
