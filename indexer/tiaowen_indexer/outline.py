"""The outline: the cheapest consistent reading of all candidate labels as one numbered tree.

A beam search goes through the candidates in order. A state is the path of labels that are open;
each candidate is left as text, continues a list of the path, or opens a list below it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from tiaowen_indexer.labels import Label, Style
from tiaowen_indexer.outline_costs import leave, opening, step, take

# States kept, by the number of candidates: a text with very many is machine-made.
_BEAMS = ((5_000, 8), (20_000, 3))
_CLOSE_HEADING = 3.0  # what stands right under a bare heading belongs to it
_CLOSE_UNASKED = 2.0  # a list ends although the next one opens no further out
_HOPELESS = 14.0  # above the best state
_DEEPEST = 8  # levels; nothing is numbered deeper
_ABSURD = 9.0  # no reading pays this for one step


@dataclass(frozen=True, slots=True)
class Node:
    """A label of the outline. ``parent`` is an index into the outline, -1 at the top."""

    label: Label
    depth: int
    parent: int
    broken: bool  # its number does not continue or open the list it stands in


class _Trail(NamedTuple):
    before: _Trail | None
    label: Label
    depth: int
    broken: bool


class _State(NamedTuple):
    cost: float
    path: tuple[Label, ...]
    signs: tuple[int, ...]  # the path as far as it matters for what follows
    run_on: int  # last Arabic number taken; negative: last article number
    trail: _Trail | None


def outline(labels: Sequence[Label]) -> tuple[Node, ...]:
    """Return the nodes of the cheapest outline, in order of the text."""
    width = next((width for most, width in _BEAMS if len(labels) <= most), 1)
    states = [_State(0.0, (), (), 0, None)]
    for label in labels:
        states = _advance(states, label, width)
    return _nodes(min(states, key=lambda state: state.cost).trail)


def _advance(states: list[_State], label: Label, width: int) -> list[_State]:
    left, taken = leave(label), take(label)
    best: dict[tuple[tuple[int, ...], int], _State] = {}
    limit = min(state.cost for state in states) + min(left, taken + 10.0) + _HOPELESS
    for state in states:
        for successor in _successors(state, label, left, taken):
            if successor.cost > limit:
                continue
            key = (successor.signs, successor.run_on)
            known = best.get(key)
            if known is None or successor.cost < known.cost:
                best[key] = successor
    return sorted(best.values(), key=lambda state: state.cost)[:width]


def _successors(state: _State, label: Label, left: float, taken: float) -> list[_State]:
    result = [state._replace(cost=state.cost + left)]
    path = state.path
    run_on = _run_on(state, label)
    for depth in range(min(len(path), _DEEPEST) + 1):
        if depth < len(path):
            cost = step(path[depth], label, top=depth == 0)
            if cost is not None and cost < _ABSURD:
                link = _Trail(state.trail, label, depth, cost >= 2.0)
                result.append(_taken(state, link, taken + cost, run_on))
        if depth < len(path) and path[depth].style is label.style:
            continue  # a list that begins anew is a step of its list
        cost = opening(path[:depth], label, first=state.trail is None, run_on=state.run_on)
        if depth < len(path):
            cost += 0.6 if label.style < path[depth].style else _CLOSE_UNASKED
            cost += _CLOSE_HEADING if label.headed else 0.0
        if cost < _ABSURD:
            link = _Trail(state.trail, label, depth, cost >= 4.0)
            result.append(_taken(state, link, taken + cost, run_on))
    return result


def _taken(state: _State, link: _Trail, cost: float, run_on: int) -> _State:
    label = link.label
    sign = (label.style + 1 << 40) | (label.number << 20) | label.minor
    path = (*state.path[: link.depth], label)
    return _State(state.cost + cost, path, (*state.signs[: link.depth], sign), run_on, link)


def _run_on(state: _State, label: Label) -> int:
    if label.style is Style.ARABIC:
        return label.number
    if label.style is Style.ARTICLE:
        return -label.number
    return state.run_on


def _nodes(trail: _Trail | None) -> tuple[Node, ...]:
    taken: list[_Trail] = []
    while trail is not None:
        taken.append(trail)
        trail = trail.before
    nodes: list[Node] = []
    open_at: list[int] = []
    for link in reversed(taken):
        del open_at[link.depth :]
        nodes.append(Node(link.label, link.depth, open_at[-1] if open_at else -1, link.broken))
        open_at.append(len(nodes) - 1)
    return tuple(nodes)
