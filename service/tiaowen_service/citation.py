"""How a clause is cited: 《题目》(发文机关, 文号, 日期) 三(二)2."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

_HAN_NUMBERS = frozenset("〇零一二三四五六七八九十百")


def citation(*, title: str, issuer: str, doc_number: str, issued: str, path: Sequence[str]) -> str:
    """Return the citation; facts that the document does not state are left out."""
    return f"{_document(title, issuer, doc_number, issued)} {_place(tuple(path))}".strip()


@lru_cache(maxsize=1 << 12)
def _document(title: str, *stated: str) -> str:
    facts = ", ".join(fact for fact in stated if fact)
    return f"《{title}》" + (f"({facts})" if facts else "")


@lru_cache(maxsize=1 << 12)
def _place(path: tuple[str, ...]) -> str:
    """三 / 二 / 2 is written 三(二)2, 三 / 一是 三(一是); 第三条 and ¶2 stand as they are."""
    parts: list[str] = []
    for depth, label in enumerate(path):
        bare = all(character in _HAN_NUMBERS for character in label.removesuffix("是"))
        parts.append(f"({label})" if depth and bare else label)
    return "".join(parts)
