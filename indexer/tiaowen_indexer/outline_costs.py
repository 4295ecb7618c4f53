"""What an outline pays for taking or leaving a label and for each step of its numbering.

The unit is arbitrary; only differences count. The figures follow how often each form meant a
label, and each break of numbering occurred, in the documents described by the project's guide.
"""

from __future__ import annotations

from tiaowen_indexer.labels import Label, Place, Style

# Cost of reading a candidate at a line start as mere text.
_LEAVE = {
    Style.ANNEX: 4.0,
    Style.PART: 4.0,
    Style.CHAPTER: 8.0,
    Style.SECTION: 6.0,
    Style.ARTICLE: 8.0,
    Style.CAPITAL: 6.0,
    Style.ROMAN: 4.0,
    Style.COMMA: 7.0,
    Style.DECIMAL1: 2.5,
    Style.SPEAKER: 4.0,
    Style.PAREN: 6.0,
    Style.ORDINAL: 3.0,
    Style.BARE: 2.2,
    Style.DOES: 3.5,
    Style.ARABIC: 6.0,
    Style.DECIMAL2: 3.0,
    Style.DECIMAL3: 4.0,
    Style.ARABIC_PAREN: 5.5,
    Style.CIRCLED: 5.5,
    Style.LETTER: 3.0,
    Style.BULLET: 3.0,
}
_LEAVE_SHARE = {
    Place.LINE: 1.0,
    Place.STOP: 0.9,
    Place.SPACE: 0.6,
    Place.COLON: 0.45,
    Place.COMMA: 0.1,
    Place.INSIDE: 0.1,
}
# Forms that hardly occur in prose unless they number something, even glued to the word before.
_LEAVE_INSIDE = {
    Style.ARABIC: 2.6,
    Style.PAREN: 2.6,
    Style.CHAPTER: 3.0,
    Style.ARTICLE: 2.4,
    Style.SECTION: 2.0,
    Style.CIRCLED: 2.5,
    Style.ARABIC_PAREN: 1.4,
    Style.COMMA: 0.8,
}
_TAKE = {
    Place.LINE: 0.0,
    Place.STOP: 0.3,
    Place.SPACE: 0.7,
    Place.COLON: 1.2,
    Place.COMMA: 3.5,
    Place.INSIDE: 1.0,
}
_KNOWN = 3.0  # a heading's own words follow the label
_CHAINED = 4.0  # its neighbour numbers a part of the same sentence
_FREE = frozenset({Style.DOES, Style.ORDINAL, Style.BARE, Style.BULLET, Style.DECIMAL2})
_PROSE = frozenset({Style.DOES, Style.ORDINAL})
FREE_START = 99  # number of 最后: follows any


def leave(label: Label) -> float:
    """Return the cost of reading the candidate as text."""
    if label.chained and label.place is not Place.LINE:
        return 0.2
    if label.start < label.span.start:
        return 2.0
    if label.place in (Place.INSIDE, Place.COMMA):
        cost = _LEAVE_INSIDE.get(label.style, 0.2) if label.place is Place.INSIDE else 0.2
        if label.followed and label.style in _PROSE:
            cost = 2.0
    else:
        cost = _LEAVE[label.style] * _LEAVE_SHARE[label.place]
    if label.chained:
        cost = min(cost, 1.0) if label.style in _PROSE else cost * 0.7
    return cost + (_KNOWN if label.known else 0.0)


def take(label: Label) -> float:
    """Return the cost of reading the candidate as a label, whatever its number."""
    if label.start < label.span.start:
        return 0.8 + (_CHAINED if label.chained else 0.0)
    cost = _TAKE[label.place]
    if label.style in _PROSE and label.place in (Place.INSIDE, Place.COMMA):
        cost += 0.5 if label.followed else 5.0
    if label.style is Style.COMMA and label.place is Place.INSIDE and not label.known:
        cost += 2.0
    if label.style is Style.BARE:
        cost += 0.4
    if label.chained and (label.place is not Place.LINE or label.style in _PROSE):
        cost += _CHAINED
    return cost


def step(before: Label, label: Label, *, top: bool) -> float | None:
    """Return the cost of ``label`` following ``before`` in one list; None if it cannot."""
    if before.style is not label.style:
        if {before.style, label.style} == {Style.DOES, Style.ARABIC}:
            return 1.0 if label.number == before.number + 1 else None
        return None
    if label.style in (Style.BULLET, Style.SPEAKER):
        return 0.0
    if label.style in (Style.DECIMAL2, Style.DECIMAL3) and label.minor != before.minor:
        return 0.2 if label.minor == before.minor + 1 and label.number == 1 else 4.0
    if label.style is Style.ARTICLE and label.number == before.number and label.minor:
        return 0.0 if label.minor == before.minor + 1 else 2.0
    gap = label.number - before.number
    if gap == 1:
        return 0.0
    if label.number == FREE_START:
        return 0.3
    if gap > 1:
        return min(2.0 + gap, 9.0)
    if gap == 0:
        return 4.0
    if label.number == 1 and label.headed:
        return 6.5  # a list does not end with a bare heading
    if label.number == 1:
        return 2.4 if label.place is Place.LINE or top else 3.5
    return 5.0 if label.place is Place.LINE else 7.0


def opening(parents: tuple[Label, ...], label: Label, *, first: bool, run_on: int) -> float:
    """Return the cost of ``label`` opening a list below ``parents``.

    ``first``: no label was taken before. ``run_on``: the last Arabic number of the section, which
    a new parent need not reset.
    """
    cost = 3.0 if label.style is Style.BARE else 0.4
    if label.number != 1 and label.style not in (Style.BULLET, Style.SPEAKER):
        if label.style is Style.ARABIC and run_on and label.number == run_on + 1:
            cost += 0.5
        elif label.style is Style.ARTICLE and run_on == -label.number + 1:
            cost += 0.1
        elif label.style in (Style.DECIMAL2, Style.DECIMAL3):
            cost += 2.0
        elif first and label.number <= 12:
            cost += 1.6
        else:
            cost += 5.0 if label.style not in _FREE else 6.0
    if not parents:
        return cost
    parent = parents[-1]
    if any(other.style is label.style for other in parents):
        return cost + (3.5 if label.headed and parent.style is label.style else 6.0)
    if label.style < parent.style:
        free = label.style in _PROSE or parent.style in _PROSE
        return cost + (1.0 if free else 3.0)
    return cost + _descent(parent, label)


def _descent(parent: Label, label: Label) -> float:
    if parent.style is Style.COMMA and label.style > Style.ARABIC_PAREN:
        return 0.5
    return 0.0 if label.style in _PROSE else 0.1
