"""The gate: may this index be published?

``baseline.json`` pins, per collection of questions, the values of every question, a floor under
every headline figure, and digests of labels and inputs. A new index passes if

1. no figure of the served results or of a leg falls significantly against the pinned values of the
   same questions (paired randomisation test, one-sided, Holm over all figures, 5 %);
2. no figure lies under its floor (the lower end of its pinned interval): many small falls, none
   significant alone, end there;
3. confidence still tells answerable from unanswerable, and clauses have not grown coarser;
4. the labels are those that were pinned: figures cannot be mended by editing labels.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .compare import DECIDING
from .measures import mean, short
from .pins import JUDGED, Pin, pin_for
from .runs import Record
from .statistics import Difference, holm, paired
from .suite import SERVED

ALPHA = 0.05
LESS_JUDGED = 0.02  # from here on a fall may be want of judgements: say so


@dataclass(frozen=True, slots=True)
class Fall:
    """One figure against its pin; ``p`` is one-sided and Holm-adjusted."""

    system: str
    group: str
    measure: str
    pinned: float
    now: float
    difference: Difference
    p: float

    @property
    def significant(self) -> bool:
        """Whether it fell, and not by chance."""
        return self.now < self.pinned and self.p <= ALPHA


@dataclass(frozen=True)
class Verdict:
    """``status``: passed, failed, or unpinned (no baseline speaks about these questions)."""

    status: str
    reasons: tuple[str, ...]
    notices: tuple[str, ...]
    table: tuple[Fall, ...]

    @property
    def may_publish(self) -> bool:
        """Whether the index may go live."""
        return self.status != "failed"


def judge(record: Record, pins: Sequence[Pin]) -> Verdict:
    """Say whether the evaluated index may be published."""
    chosen = pin_for(pins, record.questions)
    if chosen is None:
        return Verdict(
            "unpinned",
            (),
            ("没有适用于此语料的基线 / no baseline speaks about this corpus: not compared",),
            (),
        )
    same = _same_labels(chosen, record)
    reasons = [*_relabelled(chosen, record)]
    table = falls(chosen, record, same)
    reasons += [
        f"{fall.system} {fall.measure} ({fall.group}): {fall.pinned:.3f} → {fall.now:.3f}, "
        f"p = {fall.p:.4f}, {fall.difference.losses} worse, {fall.difference.wins} better"
        for fall in table
        if fall.significant
    ]
    reasons += [*_under_floors(chosen, record, same), *_beyond_limits(chosen, record)]
    notices = [*_less_judged(chosen, record)]
    if chosen.inputs != record.inputs:
        notices.append(
            "语料与基线不同 / the corpus is not the pinned one: the same questions count"
        )
    if gone := len(chosen.signatures.keys() - record.questions.keys()):
        notices.append(f"{gone} pinned questions ask about files that are not indexed: left out")
    if new := len(record.questions.keys() - chosen.signatures.keys()):
        notices.append(f"{new} questions are not pinned yet: run 'tiaowen evaluate pin'")
    return Verdict("failed" if reasons else "passed", tuple(reasons), tuple(notices), table)


def _less_judged(chosen: Pin, record: Record) -> Iterable[str]:
    overall = record.figures["systems"].get(SERVED, {}).get("overall", {})
    now, pinned = overall.get(JUDGED, {}).get("value", 0.0), chosen.limits.get(JUDGED, 0.0)
    if now < pinned - LESS_JUDGED:
        yield (
            f"Judged@10 {pinned:.3f} → {now:.3f}: 未判按不相关算 / the unjudged count as not "
            "relevant; run 'tiaowen evaluate judge' before believing a fall"
        )


def _same_labels(chosen: Pin, record: Record) -> tuple[str, ...]:
    return tuple(
        question_id
        for question_id, signature in chosen.signatures.items()
        if record.questions.get(question_id, {}).get("signature") == signature
    )


def _relabelled(chosen: Pin, record: Record) -> Iterable[str]:
    changed = [
        question_id
        for question_id, signature in chosen.signatures.items()
        if question_id in record.questions
        and record.questions[question_id]["signature"] != signature
    ]
    if changed:
        listed = ", ".join(changed[:5]) + (" …" if len(changed) > 5 else "")
        yield f"标注已改 / {len(changed)} questions were relabelled since the pin: {listed}"


def falls(chosen: Pin, record: Record, ids: Sequence[str]) -> tuple[Fall, ...]:
    """Test every guarded figure: all questions per system, and each category as served."""
    cells = [
        (system, "all", measure, [q for q in ids if q in values])
        for system, measures in chosen.values.items()
        for measure, values in measures.items()
    ]
    served = chosen.values.get(SERVED, {}).get(DECIDING, {})
    for category in sorted({str(record.questions[q]["category"]) for q in ids}):
        members = [q for q in ids if q in served and record.questions[q]["category"] == category]
        cells.append((SERVED, category, DECIDING, members))
    tested = [(cell, *_pair(chosen, record, cell)) for cell in cells if cell[3]]
    adjusted = holm([difference.p_fall for _, difference, _, _ in tested]) if tested else ()
    return tuple(
        Fall(cell[0], cell[1], short(cell[2]), before, now, difference, float(p))
        for (cell, difference, before, now), p in zip(tested, adjusted, strict=True)
    )


def _pair(
    chosen: Pin, record: Record, cell: tuple[str, str, str, list[str]]
) -> tuple[Difference, float, float]:
    system, _, measure, ids = cell
    before = {q: chosen.values[system][measure][q] for q in ids}
    found = record.per_question.get(system, {}).get(measure, {})
    now = {q: round(found.get(q, 0.0), 4) for q in ids}  # a system that is gone answers nothing
    return paired(before, now), mean(before.values()), mean(now.values())


def _under_floors(chosen: Pin, record: Record, ids: Sequence[str]) -> Iterable[str]:
    for system, floors in chosen.floors.items():
        for measure, floor in floors.items():
            pinned = chosen.values[system][measure]
            common = [q for q in ids if q in pinned]
            if not common:
                continue
            # with questions left out, the floor moves as the pinned mean of the rest does
            moved = floor + mean(pinned[q] for q in common) - mean(pinned.values())
            found = record.per_question.get(system, {}).get(measure, {})
            now = mean(found.get(q, 0.0) for q in common)
            if now < moved - 1e-9:
                yield f"{system} {short(measure)}: {now:.4f} under the floor {moved:.4f}"


def _beyond_limits(chosen: Pin, record: Record) -> Iterable[str]:
    confidence = record.figures["systems"].get(SERVED, {}).get("confidence", {})
    if (least := chosen.limits.get("AUROC")) is not None and confidence.get("AUROC", 0.0) < least:
        yield f"answerability AUROC {confidence.get('AUROC', 0.0):.3f} under {least}"
    if (most := chosen.limits.get("ECE")) is not None and confidence.get("ECE", 1.0) > most:
        yield f"ECE of confidence {confidence.get('ECE', 1.0):.3f} above {most}"
    longest = chosen.limits.get("answer_length", math.inf)
    if record.figures["answer_length"] > longest:
        length = record.figures["answer_length"]
        yield f"clauses that answer grew to {length:.0f} characters, limit {longest:.0f}"
