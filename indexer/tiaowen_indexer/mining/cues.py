"""Modality cues of a segment: the words that make it a duty, a ban, a leave, a wish, a plan."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tiaowen_corpus.types import Modality, Span


@dataclass(frozen=True, slots=True)
class Cue:
    """A modality and the place of the word that carries it."""

    modality: Modality
    span: Span


# Order matters: a ban holds words (不得, 不可以) that would read as leave or duty.
_CUES: tuple[tuple[Modality, re.Pattern[str]], ...] = (
    (
        "must_not",
        re.compile(
            r"严禁|严格禁止|禁止|不得(?!不|少于|低于|高于|超过|多于|晚于|迟于)|不准|不许|[绝决]?不允许|坚决制止|坚决杜绝|杜绝"
            r"|切忌|切勿|不要(?!求)|(?:一律|坚决|绝)不(?:予|能)|(?<![无时])不能(?!不|满足|适应|少于)|不可以|不应(?!该?少于)|谢绝|严防|力戒|力避"
        ),
    ),
    (
        "must",
        re.compile(
            r"必须|必需(?!品)|应当|应该|务必|不得不"
            r"|(?<![主重需只首摘纲提概扼次紧简不既必想])(?<!向课堂教学)(?<!向管理)要(?![求点素闻害领么质效]|不(?!断|定期|折|得))"
            r"|(?<![相反适供响对效])应(?![用急付届聘试邀有尽对变]|.尽)|(?<![必无])须(?![知臾])"
            r"|不得(?:少于|低于|高于|超过|多于|晚于|迟于)|需(?=向|在|经|提前|由|填|持|凭)"
            r"|(?<![邀申聘宴报约])请(?=各|结合|按|遵照|参照|据此|认真|严格|务必|积极|你们|全体|于\d)"
        ),
    ),
    ("encouraged", re.compile(r"鼓励|提倡|倡导|支持(?=有|各|学|教|社)|建议|宜(?=[采由])")),
    (
        "may",
        re.compile(
            r"(?<![不有])可以|(?<![不许认尽宁非无])可(?![能不以是行见靠持喜贵操塑控供躺回视])|有权|(?<![不取获觉使值懂记晓舍变显认所难来必])得(?=于|准|分|劝|酌|视情|免|向|请|依|另)|允许(?!范围)"
        ),
    ),
    (
        "planned",
        re.compile(
            r"(?<![即必预])将(?!来|近|会|达到|增加|迎来|面临)|计划(?=于|在|用|到|开|组|建|实|完)|拟(?=于|在|定|组|开)|力争|将会"
        ),
    ),
)


def cues(text: str) -> tuple[Cue, ...]:
    """Return the cues of a folded text in order of place; overlapping ones keep the first kind."""
    found: list[Cue] = []
    for modality, pattern in _CUES:
        for match in pattern.finditer(text):
            span = Span(match.start(), match.end())
            if not any(cue.span.start < span.end and span.start < cue.span.end for cue in found):
                found.append(Cue(modality, span))
    return tuple(sorted(found, key=lambda cue: cue.span))
