"""Segments that only frame a duty: by what means, on what ground, to what end."""

from __future__ import annotations

import re

from tiaowen_indexer.mining.verbs import verbs
from tiaowen_indexer.mining.words import pattern, words

_FRAMES = re.compile(
    r"^(?:通过|以(?![上下及前后])|本着|随着|根据|按照|按(?![时期])|依照|依据|结合|围绕|针对|对照|立足|着眼"
    r"|站在|在|从(?!事)|鉴于|由于|借助|依托|凭借)"
)
# What a frame ends in. One that ends otherwise may hold its own verb: 利用假日开展活动.
_CLOSES = re.compile(
    r"(?:活动|形式|平台|途径|方式|方法|手段|载体|契机|基础上?|原则|原那么|要求|思路|精神|下|时|中|上|前提|渠道|出发|入手|着手"
    r"|之机|作用|实际|需要|需求|规定|情况|特点|规律|经验|中心|目标|同时|机制|重点|抓手|主线|突破口|依托|宗旨|指导"
    r"|核心|龙头|对象|主题|条件|激励|约束|体系|改革|过程|态度|作风|高度|方针|部署|等|工作|标准|内容|阶段|里|内)[”\"]?$"
)
_TO_AN_END = re.compile(
    rf"^(?:{pattern('purposes')})|^为(?!期)[^,]*(?:提供|奠定|创造|作出|做出|打下|添)"
)
_AFTER_A_DUTY = re.compile(rf"^(?:{pattern('outcomes')})")
_GROWTH = re.compile(
    r"^(?:推动|推进|带动|加快|促进)[^,]*(?:发展|开展|进程|提高|提升|进行|实施|转化)$"
)
_COUNTED = re.compile(r"\d|[一二两三四五六七八九十]+[名人次节篇所门项本]|率")
_ADVERBS = re.compile(rf"^(?:{pattern('adverbs')}|[,、\s])+")


def is_frame(segment: str) -> bool:
    """Say whether a segment opens like a circumstance: 按照…, 通过…, 以…为…"""
    return bool(_FRAMES.match(_ADVERBS.sub("", segment)))


def is_only_frame(segment: str) -> bool:
    """Say whether a segment is a circumstance and nothing else: 按照…的要求, 以…为载体."""
    plain = _ADVERBS.sub("", segment)
    return (
        is_frame(segment)
        and not plain.startswith(("通过", "利用"))
        and bool(_CLOSES.search(segment) or re.match(r"以[^,]*[为作]", plain))
    )


def framed_verb(segment: str) -> int | None:
    """Return where the verb behind a circumstance begins, None if the segment is nothing else."""
    if not is_frame(segment) or _CLOSES.search(segment) or re.match(r"以[^,]*[为作]", segment):
        return None
    for verb in verbs(segment):
        long_enough = verb.start >= 4 and len(segment) - verb.end >= 2
        listed = verb.text in words("noun_verbs") | words("name_verbs")
        if long_enough and (not listed or verb.text == "进行"):
            return verb.start
    return None


def is_purpose(segment: str, *, follows: bool = False) -> bool:
    """Say whether a segment only tells what a duty is for; ``follows``: one stands before it."""
    plain = _ADVERBS.sub("", segment)
    if _TO_AN_END.match(plain) or _TO_AN_END.match(segment):
        return True
    if not follows or _COUNTED.search(segment):
        return False
    return bool(_AFTER_A_DUTY.match(plain) or _GROWTH.match(plain))
