"""What the index build calls before it publishes.

The build lives two floors below and may not import this room; it finds ``gate`` by the entry
point group ``tiaowen.gates`` and speaks to it in plain values.
"""

from __future__ import annotations

from pathlib import Path

from tiaowen_corpus.places import shipped
from tiaowen_indexer.publishing import Decision
from tiaowen_indexer.snapshot import open_snapshot
from tiaowen_service.forked import rest

from . import history
from .gate import Verdict, judge
from .pins import load_pins, pin_for
from .questions import BadLabelsError
from .report_html import html
from .report_text import gate_lines, markdown
from .session import open_session

REPORTS = "reports"  # beside the versions in the index folder


def gate(folder: Path, *, model: str | None = None, allow_regression: str = "") -> Decision:
    """Evaluate the finished snapshot in ``folder`` and say whether it may be published.

    ``allow_regression`` is the reason for publishing in spite of a fall; it is kept in the report.
    The report lies in ``reports/`` beside the snapshots. An index that no question speaks about is
    not judged.
    """
    reports = folder.parent / REPORTS
    try:
        session = open_session(open_snapshot(folder), model=model, strict=False)
    except BadLabelsError as bad:
        lost = Verdict("failed", tuple(map(str, bad.errors)), (), ())
        return _decision(lost, reason=allow_regression)
    except FileNotFoundError:
        return _unasked("此安装不含评测题 / this installation has no questions")
    if not session.labels.answerable:
        return _unasked("没有关于此语料的评测题 / no question asks about this corpus")
    pins = load_pins(baseline())
    pinned = pin_for(pins, (question.question_id for question in session.labels.questions))
    files = frozenset(pinned.files) if pinned and pinned.files else None
    systems = session.systems(baselines=False, files=files)
    record = session.run(systems, step=lambda name: rest())
    verdict = judge(record, pins)
    row = history.line(record, name=folder.parent.name, status=verdict.status)
    history.append(reports / "history.jsonl", row)
    record.save(reports / f"{folder.name}.json")
    (reports / f"{folder.name}.md").write_text(markdown(record, verdict), "utf-8")
    page = reports / f"{folder.name}.html"
    page.write_text(html(record, verdict, history=history.read(reports / "history.jsonl")), "utf-8")
    return _decision(verdict, report=page, figures=row["figures"], reason=allow_regression)


def baseline() -> Path:
    """Return the shipped baseline, or where it would lie."""
    return shipped("evaluation") / "baseline.json"


def _unasked(notice: str) -> Decision:
    return _decision(Verdict("unpinned", (), (notice,), ()))


def _decision(
    verdict: Verdict,
    *,
    report: Path | None = None,
    figures: dict[str, float] | None = None,
    reason: str = "",
) -> Decision:
    allowed = not verdict.may_publish and bool(reason.strip())
    notices = [*verdict.notices, *([f"允许 / allowed: {reason.strip()}"] if allowed else [])]
    return Decision(
        may_publish=verdict.may_publish or allowed,
        status="allowed" if allowed else verdict.status,
        reasons=list(verdict.reasons),
        notices=notices,
        summary="\n".join(gate_lines(verdict)),
        report=str(report) if report else "",
        figures=figures or {},
    )
