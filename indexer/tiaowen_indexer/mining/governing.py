"""Whom a duty binds that names nobody: the sentence before, the headings above, the document."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

# A duty of each teacher or of the pupils does not pass on to the next sentence; a school's does.
_PERSONS = re.compile(
    r"^每|(?:教师|老师|学生|家长|带头人|班主任|人员|职工|成员|校长|干部|园长|局长|主任|组长|书记)$|^我们$"
)
# 普通高中要…;学前教育要…: one of a contrasted row, which does not pass on where all are known
_PART = re.compile(r"^(?!各|全)\w*(?:教育|阶段学校|高中|初中|寄宿制学校|后勤)$")
_AUTHORITY = re.compile(r"(?:局|厅|委|政府|领导小组|办公室|中心学校|中心校|部门|督导室|学区)$")
_REWARD = re.compile(
    r"^(?:对[^。;]{2,60}?,?)?(?:要|将|进行|给予|予以|严肃|及时|总结|通报|一律)*(?:表彰|奖励|批评|追究|处理|处分|查处|问责|表扬|整改)"
)


_EACH = 1.6
_ALIKE = ("各", "全")  # those addressed together


@dataclass(frozen=True, slots=True)
class Usual:
    """The actors that a document names most: of any kind, and among those with authority."""

    common: str
    authority: str


def usual(named: Iterable[str]) -> Usual:
    """Return the usual actors; one that is named once only is not usual."""
    counts = Counter(actor for actor in named if passes_on(actor))
    offices = Counter({actor: n for actor, n in counts.items() if _AUTHORITY.search(actor)})
    return Usual(_most(counts), _most(offices))


def _most(counts: Mapping[str, int]) -> str:
    """Return the most frequent actor, of equals the first named; "" if none is named twice.

    Those addressed together (各校, 全体…) count for more than an office among them.
    """
    best = max(
        counts,
        key=lambda actor: counts[actor] * (_EACH if actor[0] in _ALIKE else 1),
        default="",
    )
    return best if best and counts[best] > 1 else ""


def passes_on(actor: str) -> bool:
    """Say whether an actor governs the sentences that follow it."""
    return bool(actor) and not _PERSONS.search(actor)


def steps_in(actor: str, inherited: str, here: str) -> bool:
    """Say whether an actor has its say in one sentence only, among duties of ``inherited``.

    One of a contrasted row (普通高中, 学前教育) does; so does an office in a clause that began
    with all alike (``here``: 各校要…。调研组要…。作业要…).
    """
    return bool(_PART.match(actor)) or (here[:1] in _ALIKE and actor[:1] not in _ALIKE)


def is_reward(action: str) -> bool:
    """Say whether an action rewards or punishes, which is the authority's to do."""
    return bool(_REWARD.match(action))


@dataclass
class Governors:
    """Actors named so far by path; asked in the order of the clauses."""

    usual: Usual
    named: dict[tuple[str, ...], str] = field(default_factory=dict)
    last: str = ""

    def of(self, path: tuple[str, ...]) -> str:
        """Return the actor of the nearest ancestor, the usual one, or the last one named."""
        for depth in range(len(path) - 1, 0, -1):
            if self.named.get(path[:depth]):
                return self.named[path[:depth]]
        return self.usual.common or self.last

    def name(self, path: tuple[str, ...], actor: str) -> None:
        """Note whom a clause named."""
        if actor:
            self.named[path] = self.last = actor
