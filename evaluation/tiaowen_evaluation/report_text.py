"""The report as Markdown: for terminals, logs and commits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .compare import Comparison
from .gate import Verdict
from .runs import Record
from .suite import SERVED
from .worst import worst

COLUMNS = (
    "S@1",
    "S@3",
    "S@5",
    "nDCG@10",
    "RR@10",
    "R@5",
    "R@10",
    "R@100",
    "P@1 passage",
    "Judged@10",
)


def ordered(record: Record) -> list[str]:
    """Return the systems, the served one first, the usual recipes last."""
    first = [SERVED, "hybrid", "bm25", "vector"]
    return [name for name in first if name in record.runs] + sorted(record.runs.keys() - {*first})


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Return a Markdown table, first column left, the rest right."""
    rule = [":--", *["--:"] * (len(header) - 1)]
    cells = [[cell.replace("|", "\\|") for cell in row] for row in (header, rule, *rows)]
    return ["| " + " | ".join(row) + " |" for row in cells]


def cell(figures: Mapping[str, Any], measure: str, *, with_interval: bool = False) -> str:
    """Return a figure as ``0.712`` or ``0.712 [0.65, 0.77]``, ``–`` where there is none."""
    found = figures.get(measure)
    if found is None:
        return "–"
    if with_interval:
        return f"{found['value']:.3f} [{found['low']:.2f}, {found['high']:.2f}]"
    return f"{found['value']:.3f}"


def markdown(record: Record, verdict: Verdict | None = None, *, misses: int = 20) -> str:
    """Render an evaluation."""
    figures = record.figures
    systems = figures["systems"]
    lines = [
        f"# 检索评测 · Retrieval evaluation {record.index_version}",
        "",
        f"{record.created} · {figures['questions']} questions, {figures['answerable']} answerable, "
        f"{figures['skipped']} skipped (files not indexed) · {figures['unjudged']} pooled clauses "
        f"unjudged · labels `{record.labels[:12]}` · inputs `{record.inputs[:12]}`",
        "",
    ]
    if verdict:
        lines += [*gate_lines(verdict), ""]
    lines += ["## 各系统 · Systems (95 % bootstrap interval)", ""]
    rows = [
        [
            name,
            *(cell(systems[name]["overall"], m, with_interval=m in COLUMNS[:4]) for m in COLUMNS),
        ]
        for name in ordered(record)
    ]
    lines += table(["system", *COLUMNS], rows)
    lines += ["", f"## 分类 · Categories ({SERVED})", ""]
    lines += _groups(systems[SERVED]["category"])
    lines += ["", "## 文字 · Scripts of the query", "", *_groups(systems[SERVED]["script"])]
    lines += ["", "## 文件 · Documents", "", *_groups(systems[SERVED]["document"])]
    if confidence := systems[SERVED]["confidence"]:
        lines += ["", "## 置信度 · Confidence", "", *_confidence(confidence)]
    lines += ["", "## 时延 · Latency (ms)", "", *_latency(record)]
    lines += ["", "## 最差的问题 · Worst questions", ""]
    for miss in worst(record, most=misses):
        lines.append(f"- **{miss.query}** ({miss.category}, {miss.value:.2f}): {miss.verdict}")
        for place, grade, text, why in miss.returned[:1]:
            lines.append(f"  - got [{grade}] {place}: {text[:60]!r} {why}")
        for place, text, rank in miss.wanted[:1]:
            lines.append(f"  - wanted (rank {rank or '> 100'}) {place}: {text[:60]!r}")
    return "\n".join(lines) + "\n"


def _groups(groups: Mapping[str, Mapping[str, Any]]) -> list[str]:
    shown = ("S@1", "S@5", "nDCG@10", "R@10", "P@1 passage", "Judged@10")
    rows = [
        [name, str(found["nDCG@10"]["n"]), *(cell(found, measure) for measure in shown)]
        for name, found in groups.items()
        if found
    ]
    return table(["", "n", *shown], rows)


def _confidence(figures: Mapping[str, Any]) -> list[str]:
    named = ("AUROC", "AUROC of the first hit", "ECE", "Brier")
    lines = [" · ".join(f"{name} {figures[name]:.3f}" for name in named if name in figures), ""]
    rows = [
        [f"{point['stated']:.2f}", f"{point['true']:.2f}", str(point["questions"])]
        for point in figures["curve"]
    ]
    return [*lines, *table(["stated", "true", "questions"], rows)]


def _latency(record: Record) -> list[str]:
    points = ("p50", "p90", "p95", "p99")
    rows = [
        [name, *(f"{record.latency[name][point]:.2f}" for point in points)]
        for name in ordered(record)
        if record.latency[name]
    ]
    return table(["system", *points], rows)


def gate_lines(verdict: Verdict) -> list[str]:
    """Render the gate's decision with its reasons."""
    words = {
        "passed": "通过 · the gate is passed",
        "failed": "未通过 · the gate refuses this index",
        "unpinned": "未比较 · nothing to compare with",
    }
    lines = [f"**{words[verdict.status]}**", ""]
    lines += [f"- {reason}" for reason in verdict.reasons]
    lines += [f"- ({notice})" for notice in verdict.notices]
    return lines


def comparison_markdown(comparison: Comparison, *, most: int = 10) -> str:
    """Render a comparison: the tests, then losses and wins with the clauses side by side."""
    lines = [
        f"# {comparison.a} → {comparison.b}",
        "",
        f"{comparison.questions} questions in both, {comparison.left_out} left out "
        "(asked in one only, or labelled differently). Paired randomisation test; "
        "p adjusted by Holm over the table; d: Cohen's d of the paired differences.",
        "",
    ]
    rows = [
        [
            f"{row.measure} ({row.group})",
            str(row.difference.n),
            f"{row.a:.3f}",
            f"{row.b:.3f}",
            f"{row.difference.mean:+.3f}",
            f"{row.p:.4f}" + (" *" if row.p <= 0.05 else ""),
            f"{row.difference.effect:+.2f}",
            f"{row.difference.wins}/{row.difference.losses}",
        ]
        for row in comparison.rows
    ]
    lines += table(["measure", "n", "A", "B", "B−A", "p", "d", "better/worse"], rows)
    losses = [change for change in comparison.changes if change.gain < 0]
    wins = [change for change in reversed(comparison.changes) if change.gain > 0]
    for title, changes in (("变差 · Worse", losses), ("变好 · Better", wins)):
        lines += ["", f"## {title} ({len(changes)})", ""]
        for change in changes[:most]:
            lines.append(f"**{change.query}** ({change.category}, {change.gain:+.2f})")
            lines.append("")
            pairs = zip(change.a, change.b, strict=False)
            body = [
                [f"[{one[1]}] {_cut(one)}", f"[{other[1]}] {_cut(other)}"] for one, other in pairs
            ]
            lines += [*table(["A", "B"], body), ""]
    return "\n".join(lines) + "\n"


def _cut(shown: tuple[str, str, str]) -> str:
    clause_id, _, text = shown
    return f"{clause_id} {' '.join(text.split())[:50]}"
