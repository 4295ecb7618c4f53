"""Duties that a modal word states: 要, 应, 不得, 可以, 鼓励, 将."""

from __future__ import annotations

import re

from tiaowen_corpus.types import Modality, Span

from tiaowen_indexer.mining.actors import actor_in, banned_actor, leading_actor
from tiaowen_indexer.mining.circumstances import framed_verb
from tiaowen_indexer.mining.cues import Cue, cues
from tiaowen_indexer.mining.duty import SHORT, Duty, without_lead, without_trail
from tiaowen_indexer.mining.imperatives import is_handed
from tiaowen_indexer.mining.told import explains, states_fact

_BENEFIT = re.compile(
    r"规范|减轻|满足|提高|促进|增强|使|让|带来|起到|获得|独当|看到|说|避免|节约|有效"
)
_LIMIT = re.compile(r"不得[少低高超多晚迟]")  # 时间不得少于三十分钟: the number needs its noun
_FIRM = re.compile(r"^(?:[绝决坚]|一律|都|也|均|任何)")


def worded(text: str, segment: Span, *, told: bool) -> Duty | None:
    """Return the duty that a modal word of the segment states, if one does."""
    for cue in cues(segment.of(text)):
        duty = _explicit(text, segment, cue, told=told)
        if duty is not None:
            return duty
    return None


def _explicit(text: str, segment: Span, cue: Cue, *, told: bool) -> Duty | None:
    """Return the duty that a modal word states; None if the word means something else here."""
    start = segment.start + cue.span.end
    lead = text[segment.start : segment.start + cue.span.start]
    word, after = cue.span.of(segment.of(text)), text[start : segment.end]
    before = without_trail(lead)
    actor = actor_in(before) or leading_actor(lead, acts=False)
    modality = cue.modality
    if states_fact(segment.of(text)) or _means_else(cue, lead, after):
        return None
    if modality == "planned" and (explains(text) or (word.startswith("将") and not actor)):
        return None  # 将…纳入 without a subject: 将 marks the object
    if modality == "may" and not actor and (told or _BENEFIT.match(after)):
        return None  # 可以规范管理: what it is good for
    if word == "不能" and not actor and not _FIRM.match(lead):
        return None  # 不能细化为止: cannot, not must not
    if modality == "must_not":
        banned = banned_actor(after)
        actor, start = banned or actor, start + len(banned)
    elif modality == "must":
        modality = _turned(after) or modality
    marked = re.match(r"^[^,]{0,8}?(?=将|把)", before)
    if modality == "must" and marked and not actor_in(before):
        start, actor = (
            segment.start + marked.end(),
            actor_in(without_trail(marked.group())) or actor,
        )
    if segment.end - start < 2:
        return None
    action = _action(text, Span(start, segment.end))
    if _LIMIT.match(word):
        action = Span(segment.start + len(actor if lead.startswith(actor) else ""), segment.end)
    elif _needs_all(before, without_lead(text, action).of(text), modality, actor):
        action = segment
    return Duty(segment, action, actor, modality, asked=True)


def _means_else(cue: Cue, lead: str, after: str) -> bool:
    """Say whether a modal word states no duty here."""
    if after.startswith("是") or re.search(r"违背|违反", lead):
        return True  # 应该是…的目标: what something is
    # 将每个校点都要纳入: the 要 behind it is the cue
    return cue.modality == "planned" and bool(re.match(r"[^,]{1,12}都?要", after))


def _needs_all(before: str, action: str, modality: Modality, actor: str) -> bool:
    """Say whether an action is only understood with the object that stands before its verb."""
    if not before or modality not in ("must", "planned"):
        return False
    if modality == "must" and not actor and len(action) <= SHORT:
        return True  # 作业要科学布置
    if re.match(r"对[^,]{2,}$", before):
        return True  # 对成效显著的学校要予以表彰
    return not actor_in(before) and is_handed(before, action)


def _action(text: str, action: Span) -> Span:
    """Return the action from its verb on, where a circumstance stands before the verb."""
    stripped = without_lead(text, action)
    at = framed_verb(stripped.of(text))
    return action if at is None else Span(stripped.start + at, action.end)


def _turned(after: str) -> Modality | None:
    """Return the modality that overrides a 要: 要严禁…, 要鼓励…"""
    found = cues(after[:6])
    return found[0].modality if found and found[0].modality in ("must_not", "encouraged") else None
