"""Where one text stops speaking of its subject and another begins (lexical cohesion).

After Hearst, "TextTiling" (Computational Linguistics 23(1), 1997): the similarity of the words
before and after a paragraph start; its deepest valleys are boundaries. Words are character pairs.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence

_WINDOW = 900  # characters on either side
_APART = 350  # characters between two starts
_LABELLED = re.compile(
    r"\s*(?:[一二三四五六七八九十]{1,3}[、是要]|[(\[【]|\d{1,3}[、.)]|第[一二三四五六七八九十\d]|首先|其次|再次|最后"
    r"|[^\n]{1,6}:|[①-⑳])"
)
_PAIR = re.compile(r"(?=([㐀-鿿]{2}))")
_RELATED = 0.045  # above it the two sides of a paragraph start share their subject
_LONGEST = 400_000  # characters; a longer file is no page of a site


def valleys(
    folded: str, starts: Sequence[int], wanted: int, begins: Callable[[int, int], bool]
) -> list[int]:
    """Return up to ``wanted`` further starts of documents, the deepest valleys first.

    Only unlabelled paragraphs that nothing announces (no colon before them) come into question,
    and of them those where ``begins(offset, end)`` finds no numbering in its middle.
    """
    if wanted <= 0 or len(folded) > _LONGEST:
        return []
    weights = _weights(folded)
    scored = sorted(
        (_similarity(folded, at, starts, weights), at) for at in _paragraph_starts(folded)
    )
    chosen: list[int] = []
    for similarity, at in scored:
        if len(chosen) == wanted or similarity > _RELATED:
            break
        known = (*starts, *chosen)
        end = min((other for other in known if other > at), default=len(folded))
        if all(abs(at - other) >= _APART for other in known) and begins(at, end):
            chosen.append(at)
    return chosen


def _paragraph_starts(folded: str) -> list[int]:
    result = []
    for match in re.finditer(r"\n+", folded):
        at = match.end()
        end = folded.find("\n", at)
        line = folded[at : end if end >= 0 else len(folded)]
        announced = folded[: match.start()].rstrip()[-1:] in (":", "、", ",")
        if (
            (len(line) >= 40 or (len(line) >= 12 and line.rstrip().endswith(":")))
            and not announced
            and not _LABELLED.match(line)
        ):
            result.append(at)
    return result


def _weights(folded: str) -> dict[str, float]:
    """Weigh a pair by how few blocks of the text hold it: what all speak of tells nothing."""
    blocks = [folded[at : at + _WINDOW] for at in range(0, len(folded), _WINDOW)]
    counts: Counter[str] = Counter()
    for block in blocks:
        counts.update(set(_PAIR.findall(block)))
    rarest = math.log(1 + len(blocks))
    return defaultdict(
        lambda: rarest,
        {pair: math.log((1 + len(blocks)) / count) for pair, count in counts.items()},
    )


def _similarity(folded: str, at: int, starts: Sequence[int], weights: dict[str, float]) -> float:
    floor = max((start for start in starts if start < at), default=0)
    ceiling = min((start for start in starts if start > at), default=len(folded))
    before = Counter(_PAIR.findall(folded[max(floor, at - _WINDOW) : at]))
    after = Counter(_PAIR.findall(folded[at : min(ceiling, at + _WINDOW)]))
    shared = sum(
        math.log1p(before[pair]) * math.log1p(after[pair]) * weights[pair] ** 2
        for pair in before.keys() & after.keys()
    )
    norm = math.sqrt(_square(before, weights) * _square(after, weights))
    return shared / norm if norm else 1.0


def _square(counts: Counter[str], weights: dict[str, float]) -> float:
    return sum((math.log1p(count) * weights[pair]) ** 2 for pair, count in counts.items())
