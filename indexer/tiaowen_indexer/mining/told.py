"""Signs that a sentence, a clause or a document tells what was or is, not what shall be."""

from __future__ import annotations

import re
from functools import lru_cache

from tiaowen_indexer.mining.cues import cues
from tiaowen_indexer.mining.words import pattern

FACT = re.compile(
    rf"{pattern('facts')}|(?<![现所具拥各])有的(?!放)|曾(?!经不)|(?:我|深)[^,。]{{0,6}}体会|(?<![为除罢])了(?=[^解结断无然]|$)|已(?!婚|知)(?=[^,。;]{{1,12}})|过(?=[,。;])"
)
# 解决师资不足: the want is what a duty is to end
_WANTING = re.compile(
    r"(?<![找现进补题])(?:(?P<ended>解决|缓解|弥补|改变|针对|消除|克服|补齐|面临)[^,。;]*?)?不足(?!之)"
)
_TELLS = re.compile(
    r"(?:也|更|就|才|都|正)?是[^否]|即|有利于|意味着|如果说|得益于|关系到|事关|体现了|成为|面临|总之|这|那|据统计"
    r"|记者|同志们|老师们"
)
_EXPLAINS = re.compile(
    r"具有\w{0,6}意义|有着\w{0,8}(?:意义|作用)|决定(?=在|开展)|特点是|特征|核心是|实质|[呢吗]\??$|如何才能|才能够?保证|必然要求"
    r"|(?:制定|订定|制订)(?:本(?![校园局单部地班年级区县市镇乡])|如下)|(?:通知|方案)如下|现实需要|根本途径|有效载体|重要举措|必不可少"
)
_IS = re.compile(r"(?<![凡尤特别但还就不只总若可先其二三四五六七八一])是(?![否非])")
_SHARE_OF_CLAUSE = 0.34  # of its sentences: from here on a clause reads as a report
_SHARE_OF_DOCUMENT = 0.22  # of its sentences: from here on a whole document does,
_SHARE_OF_WANTS = 0.12  # unless this share of its sentences says 要, 应 or 必须


@lru_cache(maxsize=1 << 14)
def states_fact(text: str) -> bool:
    """Say whether a folded text tells what was done; asked of sentence, clause and segment."""
    return bool(FACT.search(text)) or any(not found["ended"] for found in _WANTING.finditer(text))


def explains(text: str) -> bool:
    """Say whether a sentence states what was done, what something means, or asks."""
    return states_fact(text) or bool(_EXPLAINS.search(text))


def is_told(segment: str) -> bool:
    """Say whether a segment states what was done or what is so."""
    return states_fact(segment) or bool(_TELLS.match(segment))


def equates(segment: str) -> bool:
    """Say whether a segment says what something is: X是Y的途径."""
    return bool(_IS.search(re.sub(r"“[^”]*”|\([^)]*\)", "", segment)))


def reports(body: str) -> bool:
    """Say whether a clause tells what was done: then its bare verbs are no imperatives."""
    return told_share(body) >= _SHARE_OF_CLAUSE


def is_report(text: str) -> bool:
    """Say whether a whole document tells what was done and asks for little."""
    if told_share(text) < _SHARE_OF_DOCUMENT:
        return False
    parts = [part for part in re.split(r"[。;\n]", text) if part.strip()]
    wants = sum(any(cue.modality == "must" for cue in cues(part)) for part in parts)
    return wants / len(parts) < _SHARE_OF_WANTS


def told_share(text: str) -> float:
    """Return the share of sentences that state a fact, in [0, 1]."""
    told = [states_fact(part) for part in re.split(r"[。;\n]", text) if part.strip()]
    return sum(told) / len(told) if told else 0.0
