"""``tiaowen evaluate``: measure, check labels, compare, pin, judge."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer
from tiaowen_corpus.places import shipped

from . import history, labelling, precedents, requirements
from .benchmark import BENCHMARK_SYSTEMS, benchmark_markdown, run_benchmark
from .compare import compare as compare_runs
from .console import (
    CorpusOption,
    FormatOption,
    IndexOption,
    ModelOption,
    QuestionsOption,
    bar,
    explained,
    measured,
    out,
    show,
    snapshot_of,
)
from .gate import judge
from .hook import baseline
from .hook import gate as decide
from .measures import BINARY, mean, measure_at, per_question
from .pins import FloorLowered, load_pins, repin, save_pins
from .pins import pin as pin_record
from .report_html import html
from .report_text import comparison_markdown, markdown, table
from .runs import Record
from .session import MEASURED, open_session
from .suite import SERVED
from .trec import read_qrels, read_run, write_qrels, write_run

app = typer.Typer(
    help="评测检索质量 / measure retrieval quality",
    invoke_without_command=True,
    add_completion=False,
)
app.command()(labelling.check)
app.command()(labelling.judge)
app.command()(requirements.requirements)
app.command()(precedents.precedents)


@app.callback()
def evaluate(
    context: typer.Context,
    *,
    corpus: CorpusOption = None,
    index: IndexOption = Path(".index"),
    questions: QuestionsOption = None,
    beir: Annotated[Path | None, typer.Option(help="BEIR 格式的数据集 / a benchmark")] = None,
    split: Annotated[str, typer.Option(help="如 test 或 dev,test")] = "",
    systems: Annotated[str, typer.Option(help="逗号分隔 / comma-separated")] = "",
    output: FormatOption = "text",
    report: Annotated[Path | None, typer.Option(help="写 HTML 报告 / write the report")] = None,
    save: Annotated[Path | None, typer.Option(help="存下结果供 compare 用")] = None,
    trec: Annotated[Path | None, typer.Option(help="写 TREC run 和 qrels 的目录")] = None,
    model: ModelOption = None,
    record_line: Annotated[bool, typer.Option("--record", help="记入 history.jsonl")] = False,
) -> None:
    """Measure an index with the judged questions, or with a public benchmark (--beir)."""
    if context.invoked_subcommand:
        return
    only = tuple(name.strip() for name in systems.split(",") if name.strip())
    with explained():
        if beir:
            names = only or BENCHMARK_SYSTEMS
            with bar(beir.name, 0) as step:
                found = run_benchmark(
                    beir, split=split or "test", systems=names, model=model, trec=trec, step=step
                )
            _print_benchmark(found, output)
            return
        splits = tuple(split.split(",")) if split else MEASURED
        session = open_session(
            snapshot_of(corpus, index, model), model=model, questions=questions, splits=splits
        )
        chosen = [s for s in session.systems() if not only or s.name in {*only, SERVED}]
        result = measured(session, chosen)
        verdict = judge(result, load_pins(baseline())) if splits == MEASURED else None
        line = history.line(result, name=_name(corpus), status=verdict.status if verdict else "")
        if record_line:
            history.append(shipped("evaluation") / "history.jsonl", line)
        if save:
            result.save(save)
        if trec:
            write_qrels(result.grades, trec / "qrels.txt")
            for name, run in result.runs.items():
                write_run(run, trec / f"{name.replace(' ', '-')}.run")
        if report:
            past = history.trend(shipped("evaluation") / "history.jsonl", line)
            report.parent.mkdir(parents=True, exist_ok=True)
            report.write_text(html(result, verdict, history=past), "utf-8")
    if output == "json":
        sys.stdout.write(json.dumps(_json(result), ensure_ascii=False) + "\n")
    else:
        show(markdown(result, verdict), output)
    if verdict and not verdict.may_publish:
        raise typer.Exit(1)


def _name(corpus: Path | None) -> str:
    return corpus.resolve().name if corpus else "live"


def _json(result: Record) -> dict[str, object]:
    return {
        "index_version": result.index_version,
        "labels": result.labels,
        "inputs": result.inputs,
        **result.figures,
        "latency": result.latency,
    }


def _print_benchmark(found: dict[str, object], output: str) -> None:
    if output == "json":
        sys.stdout.write(json.dumps(found, ensure_ascii=False) + "\n")
        return
    show(benchmark_markdown(found), output)


@app.command()
def compare(
    a: Path,
    b: Path,
    *,
    system_a: Annotated[str, typer.Option()] = SERVED,
    system_b: Annotated[str, typer.Option()] = SERVED,
    output: FormatOption = "text",
) -> None:
    """Compare two stored evaluations (--save), or two systems of them."""
    with explained():
        found = compare_runs(Record.load(a), Record.load(b), system_a=system_a, system_b=system_b)
    show(comparison_markdown(found), output)


@app.command()
def trec(
    run: Annotated[Path, typer.Argument(help="TREC run")],
    qrels: Annotated[Path, typer.Argument(help="TREC qrels, BEIR .tsv")],
    *,
    relevant: Annotated[int, typer.Option(help="从此分起算相关 / grade that counts", min=1)] = 1,
    output: FormatOption = "text",
) -> None:
    """Measure the run file of any tool."""
    with explained():
        grades = read_qrels(qrels)
        names = [measure_at(name, relevant) for name in BINARY]
        values = per_question(read_run(run), grades, names)
        found = {name: mean(by_query.values()) for name, by_query in values.items()}
    if output == "json":
        sys.stdout.write(json.dumps(found) + "\n")
        return
    rows = [[name, f"{value:.4f}"] for name, value in found.items()]
    show("\n".join(table(["measure", run.name], rows)) + "\n", output)


@app.command()
def pin(
    *,
    corpus: CorpusOption = None,
    index: IndexOption = Path(".index"),
    questions: QuestionsOption = None,
    name: Annotated[str, typer.Option(help="基线名 / name of the pin")] = "",
    allow_regression: Annotated[str, typer.Option(help="降低下限的理由 / why it may fall")] = "",
    model: ModelOption = None,
) -> None:
    """Pin the figures of an index as the floor for the next ones."""
    with explained():
        session = open_session(snapshot_of(corpus, index, model), model=model, questions=questions)
        result = measured(session, session.systems(baselines=False))
        new = pin_record(result, name or _name(corpus))
        try:
            pins, lowered = repin(load_pins(baseline()), new, reason=allow_regression)
        except FloorLowered as refused:
            raise ValueError(
                f"下限会降低 / floors would fall: {refused}\n"
                '写明理由再来 / say why: --allow-regression "…"'
            ) from refused
        save_pins(pins, baseline())
        row = history.line(result, name=new.name, status="pinned")
        history.append(shipped("evaluation") / "history.jsonl", row)
    out.print(f"已定基线 pinned {new.name} {new.index_version}", markup=False)
    for each in lowered:
        out.print(f"  {each}", markup=False)


@app.command()
def gate(folder: Path, *, allow_regression: Annotated[str, typer.Option()] = "") -> None:
    """Judge one finished snapshot folder as the index build does."""
    with explained():
        decision = decide(folder, allow_regression=allow_regression)
    show(decision["summary"] + "\n", "text")
    if decision["report"]:
        out.print(decision["report"], markup=False)
    if not decision["may_publish"]:
        raise typer.Exit(1)
