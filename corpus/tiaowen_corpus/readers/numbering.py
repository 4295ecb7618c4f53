"""The automatic list numbers of Word, computed as Word shows them (ECMA-376, part 1, 17.9)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from tiaowen_corpus.readers.numerals import format_number

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_LEVELS = 9
_CLOSED = re.compile(r"[、．，。:：)）】〕\]]$")


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list: where it starts, how its number looks, what restarts it."""

    start: int = 1
    form: str = "decimal"
    text: str = ""
    restart: int | None = None  # 1-based level after which it restarts; 0: never; None: any above
    legal: bool = False  # show the numbers of all levels as decimals
    style: str = ""


@dataclass(slots=True)
class _State:
    """Counters of one list while the document is walked."""

    counts: list[int | None] = field(default_factory=lambda: [None] * _LEVELS)


class Numbering:
    """Labels of numbered paragraphs. Walk the paragraphs in document order: it counts."""

    def __init__(self, numbering: Any | None, styles: Any | None) -> None:
        self._styles = _style_rules(styles)
        self._default = _default_style(styles)
        self._abstract_of: dict[str, str] = {}
        self._levels: dict[str, dict[int, Level]] = {}
        self._starts: dict[str, dict[int, int]] = {}
        self._states: dict[str, _State] = {}
        self._opened: set[tuple[str, int]] = set()
        if numbering is not None:
            self._load(numbering)

    def label(self, paragraph: Any) -> str:
        """Return the paragraph's number with its punctuation, "" if it has none."""
        number_id, level = self._place(paragraph)
        rule = self._levels.get(number_id, {}).get(level)
        if rule is None:
            return ""
        counts = self._count(number_id, level)
        return _shown(rule, self._levels[number_id], counts)

    def _load(self, numbering: Any) -> None:
        abstracts: dict[str, Any] = {}
        by_style: dict[str, str] = {}
        for abstract in numbering.findall(W + "abstractNum"):
            abstract_id = abstract.get(W + "abstractNumId", "")
            abstracts[abstract_id] = abstract
            if style := _value(abstract, "styleLink"):
                by_style[style] = abstract_id
        for number in numbering.findall(W + "num"):
            number_id = number.get(W + "numId", "")
            abstract_id = _value(number, "abstractNumId")
            linked = _value(abstracts.get(abstract_id), "numStyleLink")
            abstract_id = by_style.get(linked, abstract_id)
            if abstract_id not in abstracts:
                continue
            self._abstract_of[number_id] = abstract_id
            self._levels[number_id] = _levels(abstracts[abstract_id])
            self._override(number, number_id)

    def _override(self, number: Any, number_id: str) -> None:
        for override in number.findall(W + "lvlOverride"):
            level = _integer(override.get(W + "ilvl"), 0)
            if not 0 <= level < _LEVELS:
                continue
            if (own := override.find(W + "lvl")) is not None:
                self._levels[number_id][level] = _level(own)
            if start := _value(override, "startOverride"):
                self._starts.setdefault(number_id, {})[level] = _integer(start, 1)

    def _place(self, paragraph: Any) -> tuple[str, int]:
        """Return list and level of the paragraph, its own or those of its style."""
        properties = paragraph.find(W + "pPr")
        own = properties.find(W + "numPr") if properties is not None else None
        style = (_value(properties, "pStyle") if properties is not None else "") or self._default
        number_id, level = _number_of(own)
        seen: set[str] = set()
        while style in self._styles and style not in seen and not (number_id and level is not None):
            seen.add(style)
            parent, of_style, of_level = self._styles[style]
            if not number_id and of_style:
                number_id = of_style
                level = self._level_of_style(of_style, style, of_level) if level is None else level
            style = parent
        return number_id, level or 0

    def _level_of_style(self, number_id: str, style: str, stated: int | None) -> int | None:
        for level, rule in self._levels.get(number_id, {}).items():
            if rule.style == style:
                return level
        return stated

    def _count(self, number_id: str, level: int) -> list[int]:
        levels = self._levels[number_id]
        state = self._states.setdefault(self._abstract_of[number_id], _State())
        counts = state.counts
        start = levels[level].start
        override = self._starts.get(number_id, {}).get(level)
        current = counts[level]
        if override is not None and (number_id, level) not in self._opened:
            counts[level] = override
        else:
            counts[level] = start if current is None else current + 1
        self._opened.add((number_id, level))
        for deeper in range(level + 1, _LEVELS):
            rule = levels.get(deeper, Level())
            if rule.restart is None or level < rule.restart:
                counts[deeper] = None
        for upper in range(level):
            if counts[upper] is None:
                counts[upper] = levels.get(upper, Level()).start
        return [count or 0 for count in counts]


def _shown(rule: Level, levels: dict[int, Level], counts: list[int]) -> str:
    if rule.form == "bullet":
        return f"{rule.text if rule.text.isprintable() and rule.text.strip() else '●'} "

    def number(match: re.Match[str]) -> str:
        level = int(match.group(1)) - 1
        form = "decimal" if rule.legal else levels.get(level, Level()).form
        return format_number(counts[level], form)

    label = re.sub(r"%([1-9])", number, rule.text)
    if not label.strip():
        return ""
    return label if _CLOSED.search(label) else f"{label.rstrip()} "


def _levels(abstract: Any) -> dict[int, Level]:
    return {
        level: _level(element)
        for element in abstract.findall(W + "lvl")
        if 0 <= (level := _integer(element.get(W + "ilvl"), 0)) < _LEVELS
    }


def _level(element: Any) -> Level:
    restart = _value(element, "lvlRestart")
    legal = element.find(W + "isLgl")
    return Level(
        start=_integer(_value(element, "start"), 0),
        form=_value(element, "numFmt") or "decimal",
        text=_value(element, "lvlText"),
        restart=_integer(restart, 0) if restart else None,
        legal=legal is not None and legal.get(W + "val") not in {"0", "false"},
        style=_value(element, "pStyle"),
    )


def _style_rules(styles: Any | None) -> dict[str, tuple[str, str, int | None]]:
    """Return by style id: its parent, its list, its level."""
    rules: dict[str, tuple[str, str, int | None]] = {}
    for style in styles.findall(W + "style") if styles is not None else ():
        number_id, level = _number_of(style.find(f"{W}pPr/{W}numPr"))
        rules[style.get(W + "styleId", "")] = (_value(style, "basedOn"), number_id, level)
    return rules


def _default_style(styles: Any | None) -> str:
    for style in styles.findall(W + "style") if styles is not None else ():
        if style.get(W + "type") == "paragraph" and style.get(W + "default") in {"1", "true"}:
            return str(style.get(W + "styleId", ""))
    return ""


def _number_of(properties: Any | None) -> tuple[str, int | None]:
    if properties is None:
        return "", None
    level = _value(properties, "ilvl")
    return _value(properties, "numId"), _integer(level, 0) if level else None


def _value(element: Any | None, child: str) -> str:
    found = element.find(W + child) if element is not None else None
    return str(found.get(W + "val", "")) if found is not None else ""


def _integer(value: str | None, default: int) -> int:
    try:
        return min(int(value or default), 1_000_000)
    except ValueError:
        return default
