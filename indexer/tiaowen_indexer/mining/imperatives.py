"""Duties without a modal word: an imperative verb, alone or behind its actor."""

from __future__ import annotations

import re

from tiaowen_corpus.types import Modality, Span

from tiaowen_indexer.mining.actors import actor_in, leading_actor
from tiaowen_indexer.mining.circumstances import framed_verb, is_frame, is_purpose
from tiaowen_indexer.mining.duty import SHORT, Duty, without_trail
from tiaowen_indexer.mining.times import deadline, period
from tiaowen_indexer.mining.verbs import opens_with_verb, verbs, without_adverbs
from tiaowen_indexer.mining.words import words

_LED = re.compile(
    r"(?:^|[^,]{0,10}?)由(?P<who>[^,]{2,16}?)(?=牵头|负责|组织|主持|承担|对|向|于|将|把|统一|逐一|会同|处理|批准|核准|填写|登记)"
)
# 骨干教师到村小支教: no verb of the list, but a way and what for
_SENT = re.compile(
    r"(?P<who>[^,到赴]{2,40}?)(?=(?:分期|分批|轮流|到|赴)[^,]{2,20}"
    r"(?:挂职|任教|支教|走教|送教|锻炼|学习|学艺|交流|轮岗|培训|跟岗|走访|指导))"
)
_HANDS_IN = re.compile(
    r"(?:报送|上报|报(?=[^告名到])|交(?=[^流])|提交|上交|送交|存入|纳入|列入|计入)"
)
_WHEN = re.compile(r"(?:结束|完成|期满)(?:之后|以后|后|前|时)$|期间$|过程中$")
_COUNT = re.compile(r"[一二两三四五六七八九十\d]")
_PASSING = ("must", "planned", "may")  # 可以外出听课,参加培训: one leave for both


def bare(text: str, segment: Span, *, previous: Duty | None) -> Duty | None:
    """Return the duty that an imperative without a modal word states."""
    within = segment.of(text)
    if is_purpose(within, follows=previous is not None) or _WHEN.search(within):
        return None
    stripped = without_adverbs(within)
    if opens_with_verb(stripped, wanted=previous is not None) and not is_frame(stripped):
        actor, action = "", Span(segment.end - len(stripped), segment.end)
    else:
        actor, action = _after_actor(text, segment)
    if not len(action):
        return None
    goes_on = previous is not None and not actor and previous.modality in _PASSING
    modality: Modality = previous.modality if previous is not None and goes_on else "must"
    return Duty(segment, action, actor, modality)


def _after_actor(text: str, segment: Span) -> tuple[str, Span]:
    """Find ``actor + adverbs + verb`` at the start of a segment, or a verb behind circumstances."""
    within = segment.of(text)
    led = _LED.match(within)
    if led and actor_in(led["who"]):
        start = 0 if len(within) - led.end("who") <= SHORT else led.end("who")
        return actor_in(led["who"]), Span(segment.start + start, segment.end)
    limit = deadline(within)
    if limit and any(not verb.start for verb in verbs(within[limit[1].end :])):
        handed = is_handed(within[: limit[1].start], within[limit[1].end :])
        return "", Span(segment.start + (0 if handed else limit[1].end), segment.end)
    framed = framed_verb(within)
    if framed is not None:
        return "", Span(segment.start + framed, segment.end)
    if is_frame(within):
        return "", Span(segment.end, segment.end)
    sent = _SENT.match(within)
    if sent and actor_in(without_trail(sent["who"])):
        actor = actor_in(without_trail(sent["who"]))
        return actor, Span(segment.start + sent.end("who"), segment.end)
    for verb in verbs(within):
        action = Span(segment.start + verb.start, segment.end)
        head = within[: verb.start]
        counted = period(head)
        if counted:
            head = head[: counted[1].start] + head[counted[1].end :]
        plain = without_trail(head)
        if plain.endswith("地") and not is_frame(within):
            return "", action  # 分层次、有针对性地开展
        if counted and not plain.strip(" ,的"):
            return "", action
        nominal = verb.text in words("noun_verbs") | words("name_verbs")
        actor = actor_in(plain) if verb.start else ""
        free = counted or len(plain) < len(head) or _COUNT.match(within[verb.end :])
        if actor and (free or not nominal):
            return actor, action
    return _oblique(segment, within)


def _oblique(segment: Span, within: str) -> tuple[str, Span]:
    """Find ``actor + 对… + verb``: 教育局对各校的活动做好指导; nothing if there is none."""
    actor = leading_actor(within)
    behind = within[within.find(actor) + len(actor) :] if actor else ""
    rest = without_adverbs(behind)
    if re.match(r"[对向给]", rest) and any(verb.start >= 3 for verb in verbs(rest)):
        return actor, Span(segment.end - len(rest), segment.end)
    return "", Span(segment.end, segment.end)


def is_handed(before: str, action: str) -> bool:
    """Say whether ``before`` names what is handed in: 工作总结于月底前报送办公室."""
    limit = deadline(action)
    rest = without_adverbs(action[limit[1].end :] if limit else action)
    return bool(_HANDS_IN.match(rest) and re.search(r"[\u4e00-\u9fff]{3}$", before))
