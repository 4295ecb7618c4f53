"""The duties of one sentence: which of its segments open a requirement, of what modality."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from tiaowen_corpus.types import Span

from tiaowen_indexer.mining.actors import actor_in, leading_actor
from tiaowen_indexer.mining.circumstances import framed_verb, is_frame
from tiaowen_indexer.mining.duty import Duty, without_trail
from tiaowen_indexer.mining.imperatives import bare
from tiaowen_indexer.mining.quantities import is_counted, quantities
from tiaowen_indexer.mining.sentences import segments
from tiaowen_indexer.mining.times import deadline, period
from tiaowen_indexer.mining.told import equates, explains, is_told
from tiaowen_indexer.mining.verbs import without_adverbs
from tiaowen_indexer.mining.worded import worded
from tiaowen_indexer.mining.words import pattern

# What may stand before an imperative: time, means, basis, purpose.
_CIRCUMSTANCE = re.compile(
    r"^(?:为|为了|以|按照|按|根据|围绕|结合|通过|利用|借助|依托|针对|对照|本着|从|在|随着|今后|今年|凡|对|于|每|自|至|把|要|\d)"
    r"|^[^,]{0,4}(?:年|月|日|周|期间|阶段|过程中|时|前|后)$"
)
_LABEL = re.compile(
    r"^(?:[一二三四五六七八九十]{1,2}[是要、]|\(?[一二三四五六七八九十\d]{1,2}[)、.]|[①-⑳]"
    r"|第[一二三四五六七八九十],)"
)
_WHOM = re.compile(rf"^对(?!照)(?:[^,]*的)?[^,的]{{0,12}}?(?:{pattern('actors')}|问题|行为|情况)$")
_SLOGAN = 5  # characters: 分层布置, 精心组织 — a run of them belongs to the duty before


def duties(text: str, *, told: bool) -> Iterator[Duty]:
    """Yield the duties of a folded sentence in order; ``told``: its clause is a report."""
    told = told or explains(text)
    label = _LABEL.match(text)
    listed_want = bool(label and label.group().endswith("要"))
    cut = list(segments(text, Span(label.end() if label else 0, len(text))))
    opened = True  # nothing but circumstances so far: a bare imperative may still open
    previous: Duty | None = None
    whom: Span | None = None
    topic = ""  # whom the last segment without a duty began with
    framed: Duty | None = None  # 各校要围绕中心,…: who and how, for the verb that is yet to come
    for number, segment in enumerate(cut):
        within = segment.of(text)
        after = cut[number + 1].of(text) if number + 1 < len(cut) else ""
        if after and _WHOM.match(within):
            whom = segment  # 对成效显著的学校,要予以表彰: the object stands apart
            continue
        duty = worded(text, segment, told=told)
        if duty is not None and after and _only_frames(text, duty):
            who = duty.actor or (framed.actor if framed else topic)
            framed, opened = replace(duty, actor=who), True
            continue
        if duty is None and (number == 0 and listed_want):
            duty = bare(text, segment, previous=None)
        elif duty is None and (previous or opened):
            wanted = previous or framed  # 要 was said: what follows is an imperative too
            if _may_be_bare(within, after, told=told and wanted is None):
                duty = bare(text, segment, previous=wanted)
            if duty and previous and _is_slogan(text, cut, number, duty):
                duty = None
        if duty is None and not (told or is_told(within) or equates(within)):
            duty = _counted(text, segment, previous)
        if duty is not None:
            previous = _completed(text, duty, framed=framed, topic=topic, whom=whom)
            framed, topic = None, ""
            yield previous
        else:
            topic = leading_actor(within) or topic
            framed = framed or (None if told else _actor_alone(text, segment))
        whom = None
        opened = framed is not None or (opened and bool(_CIRCUMSTANCE.match(within)))
        opened = opened or text[segment.end : segment.end + 1] == ":"  # 工作任务:成立机构,…
    if framed is not None and framed.asked:
        yield framed  # 要站在…的高度,看清…: nothing but the modal word makes it a duty


def _completed(
    text: str, duty: Duty, *, framed: Duty | None, topic: str, whom: Span | None
) -> Duty:
    """Return a duty with the actor and the object that stood in the segments before it."""
    about = "" if topic[-3:] in duty.action.of(text) else topic
    actor = duty.actor or (framed.actor if framed else "") or about
    if whom and not actor:
        duty = replace(duty, action=Span(whom.start, duty.action.end))
    return replace(duty, actor=actor)


def _counted(text: str, segment: Span, previous: Duty | None) -> Duty | None:
    """Return the duty that a number alone states: 班额不超过50人; 师傅每两周听徒弟课1节."""
    within = segment.of(text)
    often = period(within)
    if not is_counted(within) and not (often and next(quantities(within), None)):
        return None
    if is_frame(within) or re.search(r"的$", within):
        return None
    actor = leading_actor(within)
    start = len(actor) if actor and within.startswith(actor) else 0
    if often and often[1].start <= start:
        start = max(start, often[1].end)
    action = Span(segment.start + start, segment.end)
    bound = next(quantities(action.of(text)), None)
    head = ""
    if previous is not None and bound is not None and bound.span.start <= 1:
        counted = next(quantities(previous.action.of(text)), None)
        own = previous.action.of(text)[: counted.span.start] if counted else ""
        head = (own or previous.head) if previous.actor else ""
        if not actor and start == 0:
            return None
    return Duty(segment, action, actor, "must", head)


def _actor_alone(text: str, segment: Span) -> Duty | None:
    """Return who is named where no verb follows: 各县教育局根据实际,…; 校长是第一责任人,…"""
    found = re.match(
        r"(?P<who>[^,]+?)(?:根据|按照|结合|围绕|通过|在(?!职)|以|是[^,]*责任人"
        r"|(?:为|是|担任|作为|(?<![责主担])任)[^,]{0,14}(?:召集人|联络员|负责人|组长|主任|成员|同志|主体)$)",
        segment.of(text),
    )
    actor = actor_in(without_trail(found["who"])) if found else ""
    return Duty(segment, segment, actor, "must") if actor else None


def _may_be_bare(within: str, after: str, *, told: bool) -> bool:
    """Say whether a segment without a modal word can be an imperative at all."""
    return not (told or is_told(within) or equates(within) or is_told_topic(after))


def is_told_topic(after: str) -> bool:
    """Say whether the next segment makes this one its subject: 开展活动,是…的需要."""
    return bool(re.match(r"(?:这|也|正|就)?是(?!否)", after))


def _only_frames(text: str, duty: Duty) -> bool:
    action = without_adverbs(duty.action.of(text))
    limit = deadline(action)
    counted = next(quantities(action), None) is not None
    if counted or (limit and len(action) - limit[1].end >= 2):
        return False  # 在半小时内找到人
    return is_frame(action) and framed_verb(action) is None


def _is_slogan(text: str, cut: Sequence[Span], number: int, duty: Duty) -> bool:
    """Say whether a short segment stands in a run of short ones and asks nothing of its own."""
    around = [cut[at].of(text) for at in (number - 1, number + 1) if 0 <= at < len(cut)]
    short = [len(other.strip("。;!")) <= _SLOGAN for other in around]
    return not duty.actor and len(duty.segment.of(text).strip("。;!")) <= _SLOGAN and any(short)
