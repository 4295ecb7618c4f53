"""Markdown: the words without the marks, line for line."""

from __future__ import annotations

import re

from tiaowen_corpus.encoding import decode
from tiaowen_corpus.readers.rawtext import RawText

_FRONT_MATTER = re.compile(r"\A---\n(.*?)\n---\n", re.S)
_FRONT_TITLE = re.compile(r"^title:(.+)$", re.M)
_QUOTES = re.compile(r"^[\"']|[\"']$")
_HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]+(.*)$")
_RULE = re.compile(r"^([-*_=])(?:[ \t]*\1){2,}$")
_FENCE = re.compile(r"^(?:```|~~~)")
_TABLE_RULE = re.compile(r"(?=[^\n]{0,600}--)[ \t|:-]{2,600}$")
_TABLE_ROW = re.compile(r"^\|(.+)\|$")
_QUOTE = re.compile(r"^\s{0,3}(?:>\s?)+")
_BULLET = re.compile(r"^(\s*)[-*+]\s+")
_INLINE = (
    (re.compile(r"!\[([^\]\n]{0,300})\]\([^)\n]{0,600}\)"), r"\1"),
    (re.compile(r"\[([^\]\n]{1,300})\]\([^)\n]{0,600}\)"), r"\1"),
    (re.compile(r"(\*\*|__)(?=\S)(.{1,300}?)(?<=\S)\1"), r"\2"),
    (re.compile(r"(?<![*\w])\*(?=\S)([^*\n]{1,300}?)(?<=\S)\*(?![*\w])"), r"\1"),
    (re.compile(r"`([^`\n]{1,300})`"), r"\1"),
    (re.compile(r"\\([\\`*_{}\[\]()#+\-.!|>~])"), r"\1"),
)


def read(data: bytes, name: str) -> RawText:
    """Return the text line for line; headings, emphasis, links and tables lose their marks."""
    text, encoding = decode(data)
    title = ""
    if front := _FRONT_MATTER.match(text):
        stated = _FRONT_TITLE.search(front.group(1))
        title = _QUOTES.sub("", stated.group(1).strip()) if stated else ""
        text = text[front.end() :]
    lines: list[str] = []
    for line in text.split("\n"):
        heading = _HEADING.match(line)
        if heading and not title:
            title = _heading(heading.group(1))
        if not _is_mark(line):
            lines.append(_words(line))
    return RawText(name, "md", encoding, "\n".join(lines), title_hint=title)


def _is_mark(line: str) -> bool:
    line = line.strip()
    return bool(_RULE.match(line) or _FENCE.match(line) or _TABLE_RULE.match(line))


def _words(line: str) -> str:
    line = _QUOTE.sub("", line)
    if heading := _HEADING.match(line):
        return _heading(heading.group(1))
    if row := _TABLE_ROW.match(line.strip()):
        cells = re.split(r"(?<!\\)\|", row.group(1))
        return _inline("\t".join(cell.strip() for cell in cells))
    return _inline(_BULLET.sub(r"\1● ", line))


def _heading(words: str) -> str:
    return _inline(words.strip().rstrip("#").rstrip())


def _inline(line: str) -> str:
    for pattern, words in _INLINE:
        line = pattern.sub(words, line)
    return line
