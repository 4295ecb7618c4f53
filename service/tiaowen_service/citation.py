"""How a clause is cited: 《题目》(发文机关, 文号, 日期) 三(二)2."""

from __future__ import annotations

from collections.abc import Sequence

_HAN_NUMBERS = frozenset("〇零一二三四五六七八九十百")


def citation(*, title: str, issuer: str, doc_number: str, issued: str, path: Sequence[str]) -> str:
    """Return the citation; facts that the document does not state are left out."""
    facts = ", ".join(fact for fact in (issuer, doc_number, issued) if fact)
    place = _place(path)
    cited = f"《{title}》" + (f"({facts})" if facts else "")
    return f"{cited} {place}".strip()


def _place(path: Sequence[str]) -> str:
    """三 / 二 / 2 is written 三(二)2, 三 / 一是 三(一是); 第三条 and ¶2 stand as they are."""
    parts: list[str] = []
    for depth, label in enumerate(path):
        bare = depth and _HAN_NUMBERS.issuperset(label.removesuffix("是"))
        parts.append(f"({label})" if bare else label)
    return "".join(parts)
