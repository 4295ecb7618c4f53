"""From clauses to requirements: one `Norm` for every duty, ban, leave, wish or plan.

A sentence is cut at its commas. A segment that carries a modal word, an actor of its own or an
imperative verb opens a requirement; one that tells a purpose or goes on belongs to the one before.
Sentences that tell what was done or what is so open none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tiaowen_corpus.script import fold
from tiaowen_corpus.types import Clause, Document, Norm, Span

from tiaowen_indexer.mining.actors import actor_in, entitled, responsible
from tiaowen_indexer.mining.circumstances import is_only_frame, is_purpose
from tiaowen_indexer.mining.cues import cues
from tiaowen_indexer.mining.duties import duties
from tiaowen_indexer.mining.duty import Duty, without_lead
from tiaowen_indexer.mining.governing import Governors, is_reward, passes_on, steps_in, usual
from tiaowen_indexer.mining.quantities import quantity_within
from tiaowen_indexer.mining.sentences import segments, sentences
from tiaowen_indexer.mining.times import (
    deadline,
    lone_period,
    opening_period,
    passed_on,
    period,
    period_of,
    share,
)
from tiaowen_indexer.mining.told import is_report, is_told, reports
from tiaowen_indexer.mining.words import pattern

REPORT_KINDS = frozenset(
    {"总结", "报告", "纪要"}
)  # tell what was done, unless a modal word says else
LONGEST_ACTION = 60  # characters, so that a row of a table stays one line or two
SHORTEST_ACTION = 2  # characters; below it an action keeps its adverbs
SHORTEST_TITLE = 10  # characters of a heading's action: 加强领导 is a title, not a duty

_CONDITION = re.compile(
    r"(?:凡|对|如|若|因|遇|对于)[^,。;]{2,30}的(?=,|[^,。;]{1,4}(?:要|应|须|必须|给予|予以))"
)
_STAGE = re.compile(r"阶段|\((?:\d{4}|20..)年")  # 实施阶段(2016年10月): when, not what
_ANEW = re.compile(r"(?:还|也|同时)?要")  # 校长要…;要加强…: the school again, not the headmaster
_NOTE = re.compile(r"[(【\[](?:责任|牵头|负责|主管|承办)")
# damaged files lose the signs of a paper's name: ?…方案? is 《…方案》
_LOST_BRACKETS = re.compile(
    r"\?([^?。!\n]{2,40}(?:方案|纲要|意见|办法|规定|规范|标准|条例|规划|通知|法|计划|细则|规则|规那么|决定|制度|章程))\?"
)


@dataclass(frozen=True, slots=True)
class _Sentence:
    span: Span
    text: str  # folded
    duties: tuple[Duty, ...]
    subject: str  # whom a sentence without a duty is about


@dataclass(frozen=True, slots=True)
class _Read:
    """A clause with its sentences; ``noted``: whom a bracketed note makes responsible."""

    clause: Clause
    sentences: tuple[_Sentence, ...]
    noted: str


def mine(document: Document, clauses: Iterable[Clause]) -> tuple[Norm, ...]:
    """Return the requirements of a document, in order of place.

    ``norm.span`` is the sentence in ``document.text``; actor and action are its own wording.
    """
    folded = _LOST_BRACKETS.sub(r"《\1》", fold(document.text))
    told = document.kind in REPORT_KINDS or is_report(folded)
    read = [_read(folded, clause, told=told) for clause in clauses]
    named = [
        actor
        for one in read
        for sentence in one.sentences
        for actor in (sentence.subject, *(duty.actor for duty in sentence.duties))
    ]
    governors = Governors(usual(named))
    return tuple(norm for one in read for norm in _norms(document, one, governors))


def _read(folded: str, clause: Clause, *, told: bool) -> _Read:
    body = clause.body.of(folded)
    if clause.kind == "heading":
        return _Read(clause, (), responsible(body) or entitled(fold(clause.heading)))
    start = clause.span.start + len(clause.label)
    heading = Span(start, max(clause.body.start, start))
    told = told or reports(body)
    return _Read(
        clause,
        (
            *_sentences(folded, heading, told=told, title=True),
            *_sentences(folded, clause.body, told=told, title=False),
        ),
        responsible(body) or entitled(fold(clause.heading)),
    )


def _sentences(folded: str, within: Span, *, told: bool, title: bool) -> Iterator[_Sentence]:
    for span in sentences(folded, within):
        text = span.of(folded)
        found = () if _NOTE.match(text) else tuple(duties(text, told=told))
        if title and not cues(text):
            found = tuple(duty for duty in found if len(duty.action) >= SHORTEST_TITLE)
        if title and _STAGE.search(text):
            found = ()
        yield _Sentence(span, text, found, "" if found else _subject(text))


def _norms(document: Document, read: _Read, governors: Governors) -> Iterator[Norm]:
    """Yield a clause's requirements, each with whom it binds."""
    inherited = governors.of(read.clause.path)
    governors.name(read.clause.path, read.noted)
    here = ""  # whom this clause itself named
    said = ""  # whom the part before a semicolon named, a person too
    for sentence in read.sentences:
        governing = sentence.subject or ("" if _ANEW.match(sentence.text) else said)
        running: Span | None = None  # the period of the duty before
        for duty, following in zip(sentence.duties, [*sentence.duties[1:], None], strict=False):
            until = following.segment.start if following else len(sentence.text)
            apart = lone_period(sentence.text, until) if following else None
            until = apart.start if apart else until  # 每一周期结束后,: of the next duty
            who = duty.actor or read.noted or governing or inherited
            if not duty.actor and not governing and is_reward(duty.action.of(sentence.text)):
                who = read.noted or governors.usual.authority or who
            governing = duty.actor or governing
            often = _often(sentence.text, duty, until, first=sentence.duties[0], running=running)
            running = passed_on(sentence.text, often)
            yield _norm(
                document, read.clause, sentence, duty=duty, until=until, who=who, often=often
            )
        banned = any(duty.modality == "must_not" for duty in sentence.duties)
        said = governing if sentence.text.endswith(";") and not banned else ""
        each = [duty.actor for duty in sentence.duties if passes_on(duty.actor)]
        if len(set(each)) > 1 and governing == each[-1]:
            governing = each[0]  # 各股室要…,各牵头股室要…: what comes next is for all of them again
        if passes_on(governing) and not (inherited and steps_in(governing, inherited, here)):
            inherited = here = governing
            governors.name(read.clause.path, governing)


def _often(text: str, duty: Duty, until: int, *, first: Duty, running: Span | None) -> Span | None:
    """Return the place of a duty's period: its own, or that of the duty which it goes on from.

    A duty with a modal word or an actor of its own does not go on: 每学期要召开…,要建立….
    """
    own = period_of(text, Span(duty.segment.start, until)) or lone_period(text, duty.segment.start)
    if own is None and duty is first:
        return opening_period(text, duty.segment.start, alone=bool(duty.actor))
    if own or (duty.actor and not duty.head):
        return own
    return None if duty.asked else running


def _subject(text: str) -> str:
    """Return whom a sentence without a duty is about: 各校要抓住课堂: / 各大学区,"""
    match = re.match(rf"[^,。;:]{{0,12}}?(?:{pattern('actors')})(?=[:,])", text)
    return actor_in(match.group()) if match else ""


def _norm(
    document: Document,
    clause: Clause,
    sentence: _Sentence,
    *,
    duty: Duty,
    until: int,
    who: str,
    often: Span | None,
) -> Norm:
    text, source = sentence.text, sentence.span.of(document.text)
    own = Span(duty.segment.start, until)
    limit, percent = deadline(own.of(text)), share(own.of(text))
    taken = [often] if often else []
    if limit:
        taken.append(Span(limit[1].start + own.start, limit[1].end + own.start))
    condition = _CONDITION.match(text)
    return Norm(
        doc_id=document.doc_id,
        clause_id=clause.clause_id,
        actor=_as_written(source, text, who),
        modality=duty.modality,
        action=_action(source, text, duty, until),
        quantity=quantity_within(text, own, taken, each=who.startswith("每")),
        period=often.of(source) if often else "",
        deadline=limit[0] if limit else "",
        share=percent[0] if percent else "",
        condition=condition.group() if condition else "",
        span=sentence.span,
    )


def _as_written(source: str, text: str, folded: str) -> str:
    at = text.find(folded) if folded else -1
    return source[at : at + len(folded)] if at >= 0 else folded


def _action(source: str, text: str, duty: Duty, until: int) -> str:
    """Return the wording from the verb up to the first segment that only tells a purpose."""
    end = duty.segment.end
    for segment in segments(text, Span(duty.segment.end, max(until, duty.segment.end))):
        within = segment.of(text)
        too_long = segment.end - duty.action.start > LONGEST_ACTION
        if too_long or is_purpose(within, follows=True) or is_told(within):
            break
        if not is_only_frame(within):  # 按照…的要求: it opens what comes behind it
            end = segment.end
    whole = Span(duty.action.start, end).trimmed(text)
    action = without_lead(text, whole)
    if len(action.of(text).strip("。;!")) <= SHORTEST_ACTION:
        action = whole  # 精心组织, not 组织
    often = period(action.of(text))
    if often and not often[1].start:
        action = without_lead(text, Span(action.start + often[1].end, action.end))
    return duty.head + action.of(source).strip("，,。;；:：、 \n!！")
