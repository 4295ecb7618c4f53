"""The report as one HTML file that needs nothing else: no server, no network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from string import Template
from typing import Any

from . import charts
from .gate import Verdict
from .report_text import COLUMNS, cell, ordered
from .runs import Record
from .suite import SERVED
from .worst import Miss, worst

_GRADES = {"3": "good", "2": "good", "1": "fair", "0": "bad", "?": "none"}
_STATUS = {
    "passed": ("good", "通过 · may be published"),
    "failed": ("bad", "未通过 · kept aside"),
    "unpinned": ("none", "无基线 · nothing to compare with"),
}
_CARDS = ("S@1", "S@5", "nDCG@10", "R@10", "P@1 passage", "Judged@10")


def html(
    record: Record,
    verdict: Verdict | None = None,
    *,
    history: Sequence[Mapping[str, Any]] = (),
    misses: int = 20,
) -> str:
    """Render an evaluation."""
    systems = record.figures["systems"]
    return Template(_PAGE).substitute(
        version=escape(record.index_version),
        facts=_facts(record),
        gate=_gate(verdict),
        cards=_cards(systems[SERVED]),
        systems_chart=charts.systems(record, ordered(record), ("S@1", "S@5", "nDCG@10", "R@10")),
        systems_table=_systems(record),
        categories=charts.categories(record),
        category_table=_groups(systems[SERVED]["category"], "类别 category"),
        calibration=_confidence(record),
        script_table=_groups(systems[SERVED]["script"], "文字 script"),
        document_table=_groups(systems[SERVED]["document"], "文件 document"),
        latency=_latency(record),
        trend=charts.trend(history)
        or "<p class=quiet>再评测一个版本后显示 · one version so far</p>",
        worst="".join(
            _miss(number, miss) for number, miss in enumerate(worst(record, most=misses), 1)
        ),
        library=charts.library(),
    )


def _facts(record: Record) -> str:
    figures = record.figures
    return escape(
        f"{record.created} · {figures['questions']} 问 questions, {figures['answerable']} 有答案 "
        f"answerable · {figures['skipped']} 略过 skipped (files not indexed) · "
        f"{figures['unjudged']} 未判 pooled clauses unjudged · labels {record.labels[:8]} · "
        f"inputs {record.inputs[:8]}"
    )


def _gate(verdict: Verdict | None) -> str:
    if verdict is None:
        return ""
    kind, words = _STATUS[verdict.status]
    reasons = "".join(f"<li>{escape(each)}</li>" for each in verdict.reasons)
    notices = "".join(f"<li class=quiet>{escape(each)}</li>" for each in verdict.notices)
    return (
        f"<section class='gate {kind}'><b>{escape(words)}</b><ul>{reasons}{notices}</ul></section>"
    )


def _cards(served: Mapping[str, Any]) -> str:
    cards = [
        (name, f"{found['value']:.1%}", f"{found['low']:.1%} – {found['high']:.1%}")
        for name in _CARDS
        if (found := served["overall"].get(name))
    ]
    confidence = served["confidence"]
    cards += [
        (title, f"{confidence[name]:.3f}", note)
        for name, title, note in (
            ("AUROC", "AUROC", "有无答案 answerable or not"),
            ("ECE", "ECE", "置信度误差 of confidence"),
        )
        if name in confidence
    ]
    return "".join(
        f"<div class=card><span>{escape(name)}</span><strong>{value}</strong>"
        f"<small>{escape(note)}</small></div>"
        for name, value, note in cards
    )


def _table(header: Sequence[str], rows: Sequence[Sequence[str]], *, first: str = "") -> str:
    head = "".join(f"<th scope=col>{escape(each)}</th>" for each in header)
    body = "".join(
        f"<tr{' class=first' if row[0] == first else ''}>"
        f"<th scope=row>{escape(row[0])}</th>"
        + "".join(f"<td>{escape(value)}</td>" for value in row[1:])
        + "</tr>"
        for row in rows
    )
    return (
        f"<div class=scroll><table><thead><tr>{head}</tr></thead>"
        f"<tbody>{body}</tbody></table></div>"
    )


def _systems(record: Record) -> str:
    overall = {name: record.figures["systems"][name]["overall"] for name in record.runs}
    rows = [
        [name, *(cell(overall[name], measure) for measure in COLUMNS)] for name in ordered(record)
    ]
    return _table(["系统 system", *COLUMNS], rows, first=SERVED)


def _groups(groups: Mapping[str, Mapping[str, Any]], title: str) -> str:
    shown = ("S@1", "S@5", "nDCG@10", "R@10", "P@1 passage", "Judged@10")
    rows = [
        [
            charts.NAMES.get(name, name),
            str(found["nDCG@10"]["n"]),
            *(cell(found, measure, with_interval=measure == "S@1") for measure in shown),
        ]
        for name, found in groups.items()
        if found
    ]
    return _table([title, "n", *shown], rows)


def _confidence(record: Record) -> str:
    figures = record.figures["systems"][SERVED]["confidence"]
    if not figures:
        return "<p class=quiet>此系统不报置信度 · no confidence is stated</p>"
    named = ("AUROC", "AUROC of the first hit", "ECE", "Brier")
    line = " · ".join(f"{name} {figures[name]:.3f}" for name in named if name in figures)
    return f"<p>{escape(line)}</p>{charts.calibration(record)}"


def _latency(record: Record) -> str:
    points = ("p50", "p90", "p95", "p99")
    rows = [
        [name, *(f"{record.latency[name][point]:.2f}" for point in points)]
        for name in ordered(record)
        if record.latency[name]
    ]
    return _table(["毫秒 ms", *points], rows, first=SERVED)


def _miss(number: int, miss: Miss) -> str:
    confidence = "" if miss.confidence is None else f" · confidence {miss.confidence:.2f}"
    wanted = "".join(
        f"<li><span class=place>{escape(place)}</span> "
        f"<span class=rank>{'第 ' + str(rank) + ' 位' if rank else '未入前百'}</span>"
        f"<p>{escape(_brief(text))}</p></li>"
        for place, text, rank in miss.wanted
    )
    returned = "".join(
        f"<li><span class='grade {_GRADES.get(grade, 'none')}'>{escape(grade)}</span> "
        f"<span class=place>{escape(place)}</span><p>{escape(_brief(text))}</p>"
        f"<p class=why>{escape(why)}</p></li>"
        for place, grade, text, why in miss.returned
    )
    passage = f"<p class=passage>{escape(_brief(miss.passage))}</p>" if miss.passage else ""
    nothing = "<li class=quiet>应无答案 nothing should answer</li>"
    return (
        f"<details class=miss {'open' if number <= 3 else ''}><summary><b>{escape(miss.query)}</b>"
        f"<span class=quiet>{escape(charts.NAMES.get(miss.category, miss.category))} · "
        f"{miss.value:.2f}{confidence} · {escape(miss.verdict)}</span></summary>"
        f"<div class=two><div><h4>应得 wanted</h4><ul>{wanted or nothing}</ul></div>"
        f"<div><h4>所得 returned</h4>{passage}<ol>{returned}</ol></div></div></details>"
    )


def _brief(text: str, most: int = 160) -> str:
    joined = " ".join(text.split())
    return joined if len(joined) <= most else joined[:most] + "…"


_PAGE = """<!doctype html>
<html lang="zh"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>条文评测 $version</title>
<style>
:root { --ink:#1e293b; --quiet:#64748b; --line:#e2e8f0; --paper:#fff; --back:#f8fafc;
  --good:#15803d; --fair:#a16207; --bad:#b91c1c; --accent:#c2410c; color-scheme:light dark }
@media (prefers-color-scheme: dark) { :root { --ink:#e2e8f0; --quiet:#94a3b8; --line:#334155;
  --paper:#111827; --back:#0b1120; --good:#4ade80; --fair:#facc15; --bad:#f87171;
  --accent:#fb923c } }
* { box-sizing:border-box }
body { margin:0; background:var(--back); color:var(--ink);
  font:15px/1.6 system-ui,"Noto Sans CJK SC","PingFang SC","Microsoft YaHei",sans-serif }
main { max-width:1120px; margin:0 auto; padding:28px 20px 80px }
h1 { font-size:24px; margin:0 } h2 { font-size:18px; margin:36px 0 10px } h4 { margin:4px 0 }
.quiet, small { color:var(--quiet) }
.gate { border-left:5px solid var(--quiet); background:var(--paper); padding:10px 16px;
  margin:18px 0; border-radius:6px } .gate ul { margin:4px 0 0; padding-left:20px }
.gate.good { border-color:var(--good) } .gate.bad { border-color:var(--bad) }
.cards { display:grid; gap:12px; grid-template-columns:repeat(auto-fit,minmax(120px,1fr)) }
.card { background:var(--paper); border:1px solid var(--line); border-radius:10px;
  padding:12px 14px; display:flex; flex-direction:column }
.card strong { font-size:24px; line-height:1.3; font-variant-numeric:tabular-nums }
.box { background:var(--paper); border:1px solid var(--line); border-radius:10px;
  padding:12px 14px; margin:10px 0; overflow-x:auto }
.scroll { overflow-x:auto }
table { border-collapse:collapse; width:100%; font-variant-numeric:tabular-nums }
th,td { padding:5px 10px; border-bottom:1px solid var(--line); text-align:right;
  white-space:nowrap } th:first-child { text-align:left } tbody th { font-weight:500 }
thead th { color:var(--quiet); font-weight:500; font-size:13px }
tr.first { color:var(--accent) } tr.first th { font-weight:700 }
.miss { background:var(--paper); border:1px solid var(--line); border-radius:10px;
  padding:10px 14px; margin:8px 0 } summary { cursor:pointer }
summary .quiet { margin-left:12px; font-size:13px }
.two { display:grid; gap:24px; grid-template-columns:repeat(auto-fit,minmax(min(340px,100%),1fr));
  margin-top:8px } .two p { margin:2px 0 } .two ul,.two ol { padding-left:20px; margin:0 }
.two li { margin-bottom:8px } .place { color:var(--quiet); font-size:13px }
.rank { font-size:13px; color:var(--accent) }
.why { color:var(--quiet); font-size:12.5px; overflow-wrap:anywhere }
.passage { border-left:3px solid var(--accent); padding-left:10px }
.grade { display:inline-block; min-width:20px; text-align:center; border-radius:5px;
  color:var(--paper); background:var(--quiet); font-size:12.5px; font-weight:700 }
.grade.good { background:var(--good) } .grade.fair { background:var(--fair) }
.grade.bad { background:var(--bad) }
</style>
<script>$library</script></head><body><main>
<h1>条文检索评测 · Retrieval evaluation <code>$version</code></h1>
<p class=quiet>$facts</p>
$gate
<div class=cards>$cards</div>
<h2>各系统 · Systems</h2>
<div class=box>$systems_chart</div><div class=box>$systems_table</div>
<h2>分类 · Categories: ranked (bar, 95 %) against the others (marks)</h2>
<div class=box>$categories</div>
<div class=box>$category_table</div>
<h2>置信度 · Confidence</h2><div class=box>$calibration</div>
<h2>趋势 · Trend</h2><div class=box>$trend</div>
<h2>最差的问题 · Worst questions</h2>$worst
<h2>文字与文件 · Scripts and documents</h2>
<div class=box>$script_table</div><div class=box>$document_table</div>
<h2>时延 · Latency</h2><div class=box>$latency</div>
</main></body></html>
"""
