"""Where the last item of a list ends and text that belongs to no item goes on."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tiaowen_indexer.labels import Place, Style
from tiaowen_indexer.outline import Node

_ADDRESS = "(?:同志们|各位(?:领导|老师|同志|同仁|代表|家长|来宾|校长)|老师们|同学们|朋友们|家长们)"
_APPEAL = re.compile(
    rf"(?:(?<=\n)|(?<=[。!?])[ 　]*)[ 　]*"
    rf"(?:{_ADDRESS}[,:!、]|谢谢(?:大家|各位)|此致[\s\n]|(?:正本|副本|抄送)\s?:)"
)
_YEAR = r"(?:(?:19|20)\d{2}|20[x×_*]{2}|二[〇零○o][一二三四五六七八九〇零○]{2}|民国\d{2,3})"
_DATE_LINE = re.compile(
    rf"(?<=\n)[ \t　]*(?:中华)?{_YEAR}\s?年\s?[\d一二三四五六七八九十x]{{1,3}}\s?月"
    r"(?:\s?[\d一二三四五六七八九十x]{1,3}\s?日)?[ \t　]*(?:印发)?[ \t　]*(?=\n|$)"
)
_NAME_LINE = re.compile(r"[^\n。;:,!?]{2,40}")  # of the office or person that signs
_LONGEST_CLOSING = 400  # characters from the date line to the end: print lines, notes
_FEWEST = 2  # items before the last one that show how many lines an item has
_LINES = 2  # longer items differ too much among themselves to tell
_SPOKEN = frozenset({Style.SPEAKER, Style.BULLET, Style.ARTICLE, Style.CHAPTER, Style.COMMA})


def closing_at(folded: str, start: int, end: int) -> int:
    """Return where in ``[start, end)`` the words that close a document begin; ``end`` if none.

    They are an appeal to those present, or the signature: names, and a date alone on its line.
    """
    found = [end]
    if match := _APPEAL.search(folded, start, end):
        found.append(match.start())
    for match in _DATE_LINE.finditer(folded, max(start, end - _LONGEST_CLOSING), end):
        found.append(_names_before(folded, start, match.start()))
        break
    return min(found)


def _names_before(folded: str, start: int, at: int) -> int:
    for _ in range(3):
        line_end = at - 1
        line_start = folded.rfind("\n", start, line_end) + 1
        line = folded[line_start:line_end].strip() if line_start > start else ""
        if line_start <= start or not (not line or _NAME_LINE.fullmatch(line)):
            return at
        at = line_start
    return at


def outgrown(text: str, nodes: Sequence[Node], index: int, end: int) -> int:
    """Return where item ``index`` ends if its own text runs to ``end`` at most.

    Where all items before it have one line each (or a heading line and one more), the lines that
    the last item has beyond that are the parent's.
    """
    node = nodes[index]
    if _inline_chain(text, nodes, index):
        line_end = text.find("\n", node.label.span.end, end)
        return line_end + 1 if line_end >= 0 and text[line_end:end].strip() else end
    if node.label.style in _SPOKEN or (node.label.place is not Place.LINE and not _spun(node)):
        return end
    if index + 1 < len(nodes) and _goes_on(node, nodes[index + 1]):
        return end
    siblings = _siblings(nodes, index)
    if len(siblings) < _FEWEST or any(nodes[at + 1].parent == at for at in siblings):
        return end
    sizes = {_size(text, nodes, at) for at in siblings}
    if len(sizes) != 1 or (size := sizes.pop()) > _LINES or (size > 1 and len(siblings) < 3):
        return end
    return _after_lines(text, node.label.start, size, end)


def _goes_on(node: Node, following: Node) -> bool:
    """Say whether the next label is a child of this one or its next sibling."""
    if following.depth != node.depth:
        return following.depth > node.depth
    return following.label.number == node.label.number + 1


def _inline_chain(text: str, nodes: Sequence[Node], index: int) -> bool:
    """Say whether the item is the last of a list that runs inside one paragraph."""
    node = nodes[index]
    if node.label.place is Place.LINE or _spun(node):
        return False
    if index + 1 < len(nodes) and _goes_on(node, nodes[index + 1]):
        return False
    siblings = _siblings(nodes, index)
    return bool(siblings) and "\n" not in text[nodes[siblings[-1]].label.start : node.label.start]


def _spun(node: Node) -> bool:
    return node.label.start < node.label.span.start


def _siblings(nodes: Sequence[Node], index: int) -> list[int]:
    result: list[int] = []
    for at in range(index - 1, max(-1, index - 200), -1):
        if nodes[at].depth < nodes[index].depth:
            break
        if nodes[at].depth == nodes[index].depth:
            result.append(at)
            if nodes[at].label.number <= 1:
                break
    return result


def _size(text: str, nodes: Sequence[Node], index: int) -> int:
    region = text[nodes[index].label.start : nodes[index + 1].label.start]
    return sum(bool(line.strip()) for line in region.split("\n"))


def _after_lines(text: str, start: int, count: int, end: int) -> int:
    at = start
    while count and at < end:
        line_end = text.find("\n", at, end)
        line_end = end if line_end < 0 else line_end + 1
        count -= bool(text[at:line_end].strip())
        at = line_end
    return at if text[at:end].strip() else end
