"""Who bears a duty: the noun phrase before its verb, or the one that was named before."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from itertools import pairwise

from tiaowen_indexer.mining.verbs import tagged, tagger
from tiaowen_indexer.mining.words import pattern, words

LONGEST_ACTOR = 40
_PLACES = frozenset("区县市校园镇乡省")  # actors of one character
LONGEST_LEAD = 20  # characters before a predicate

_LEAD = re.compile(
    r"^(?:但是?|而|且|一方面|另一方面|座的|在座的|今后|[一二三四五六七八九十]{1,2}是|首先|其次|再次|最后|同时|另外|此外|因此|为此|所以|今后|今年"
    r"|下一步|从[^,。;]{1,8}(?:开始|起)|目前|要求|其中|并|凡|第[一二三四五六七八九十]|原则上|还|也)[,:]?"
)
_OBLIQUE = re.compile(
    r"^(?:\(|教育引导|引导|组织(?!部)|动员|帮助|培养|鼓励|带动|报|经|由|须|未|与|和|她|他|在|对|把|将|为|向|以|按|通过|根据|关于|针对|于|让|使|由于|随着)"
    r"|的(?:要求|规定|原则|精神|基础)|(?:全|内|局|一)部$|年内|年底|.每(?![名位个所班校生人])|^具有|^有|^\d+月|^每\d+[名人个]|^每(?:学期|学年|年|月|周|天|期)"
)
_RESPONSIBLE = re.compile(
    r"[(【\[](?:责任|牵头|负责|主管|承办)(?:部门|科室|单位|股室|处室|人|领导)[:为是]\s*"
    r"(?P<who>[^)】\]。;]{2,40})"
)


_TAIL = re.compile(r"(?:\([^)]{1,12}\)|[”」]|主要负责人|负责人|主要领导|领导)+$")


@cache
def _endings() -> tuple[str, ...]:
    return tuple(sorted(words("actors")))


def actor_in(prefix: str) -> str:
    """Return the actor that ``prefix`` (what stands before the verb) consists of, or "".

    Leading time and list words are left out. A prefix with an object or a clause is no actor.
    """
    prefix = _LEAD.sub("", prefix.strip()).rsplit(",", 1)[-1].strip(":, ")
    short = len(prefix) < 2 and prefix not in _PLACES
    if short or len(prefix) > LONGEST_ACTOR or _OBLIQUE.search(prefix):
        return ""
    named = prefix.endswith(_endings()) or _TAIL.sub("", prefix).endswith(_endings())
    return prefix if named and not _has_verb(prefix) else ""


@lru_cache(maxsize=1 << 14)
def _has_verb(phrase: str) -> bool:
    """Say whether a verb stands in ``phrase``: then it is a clause, not a noun phrase."""
    # 有培养前途的干部: what tells which ones
    plain = re.sub(rf"\([^)]*\)|有[^,的]{{1,8}}的|{pattern('actors')}", "某", phrase)
    return any(
        tag in ("v", "p", "vd") and word not in words("nominal")
        for word, tag in tagger().tag(plain)
    )


def entitled(heading: str) -> str:
    """Return whose duties a heading announces: 师傅职责, 校长的责任; or ""."""
    match = re.fullmatch(r"(?P<who>[^,。]{2,16}?)的?(?:职责|责任|任务|义务|要求)", heading.strip())
    return actor_in(match["who"]) if match else ""


def responsible(text: str) -> str:
    """Return whom a bracketed note such as ``(责任部门:基教科)`` names, or ""."""
    match = _RESPONSIBLE.search(text)
    return match["who"] if match else ""


def banned_actor(after: str) -> str:
    """Return who is meant by a ban: 严禁**教师**体罚, 禁止**在职教师**从事."""
    match = re.match(
        rf"(?:任何|在职|在岗|全体|所有|各|非)?(?:{pattern('banned')})(?=[^的,。;、和与及])", after
    )
    return match.group() if match else ""


def leading_actor(segment: str, *, acts: bool = True) -> str:
    """Return whom a segment begins with, if a predicate follows: 师傅每两周听课…

    ``acts=False``: not if it is a verb of its own (书记提出各校要…).
    """
    found, best = tagged(segment), ""
    for word, following in pairwise(found):
        if word.end > LONGEST_LEAD:
            break
        predicate = (
            following.tag[0] in ("vdpam" if acts else "dpam")
            or following.text[0] in "每不须应各均都"
        )
        if predicate and following.tag != "vn" and actor_in(segment[: word.end]):
            best = segment[: word.end]
    return actor_in(best) if best else ""
