"""A public benchmark through the product's own index and search."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from tiaowen_indexer.build import build_collected
from tiaowen_indexer.snapshot import Snapshot, open_snapshot
from tiaowen_service.searcher import open_searcher

from .baselines import Recipe, bm25_recipe, chunks, sentences, tfidf_recipe
from .beir import Benchmark, Step, ask_all, collected, collection, read
from .collection import Collection
from .measures import BINARY, mean, per_question
from .report_text import table
from .runs import Run, System
from .suite import fuse
from .systems import searched
from .trec import write_qrels, write_run

BENCHMARK_SYSTEMS = ("bm25", "vector", "hybrid", "ranked")
RECIPES: Mapping[str, Callable[[Collection], Recipe]] = {
    "jieba-bm25 sentences": lambda rows: bm25_recipe("jieba-bm25 sentences", sentences(rows), {}),
    "jieba-bm25 chunks": lambda rows: bm25_recipe("jieba-bm25 chunks", chunks(rows), {}),
    "tfidf": lambda rows: tfidf_recipe(rows, {}),
}


def run_benchmark(
    folder: Path,
    *,
    split: str = "test",
    systems: Sequence[str] = BENCHMARK_SYSTEMS,
    model: str | None = None,
    trec: Path | None = None,
    step: Step = lambda name: None,
) -> dict[str, Any]:
    """Index the corpus, ask every query, and return ``{"systems": {name: {measure: value}}, …}``.

    Raises BadBenchmark for a folder in another layout, ValueError for an unknown system.
    """
    if unknown := {*systems} - {*BENCHMARK_SYSTEMS, *RECIPES}:
        known = ", ".join((*BENCHMARK_SYSTEMS, *RECIPES))
        raise ValueError(f"没有此系统 / no such system: {', '.join(sorted(unknown))} ({known})")
    benchmark = read(folder, split=split)
    with tempfile.TemporaryDirectory(prefix="tiaowen-beir-") as place:
        snapshot = indexed(benchmark, Path(place), model=model)
        runs = _runs(benchmark, snapshot, systems, step=step, model=model)
    if trec:
        write_qrels(benchmark.grades, trec / "qrels.txt")
        for run in runs:
            write_run(run, trec / f"{run.name.replace(' ', '-')}.run")
    return {
        "benchmark": benchmark.name,
        "split": split,
        "clauses": len(benchmark.rows),
        "queries": len(benchmark.queries),
        "systems": {run.name: figures(run, benchmark) for run in runs},
    }


def indexed(benchmark: Benchmark, place: Path, *, model: str | None = None) -> Snapshot:
    """Build an index of the benchmark's rows in ``place``."""
    built = build_collected(
        collected(benchmark), place, fingerprint=benchmark.fingerprint, model=model
    )
    return open_snapshot(built.folder)


def figures(run: Run, benchmark: Benchmark) -> dict[str, float]:
    """Return the mean of every measure over all judged queries."""
    values = per_question(run, benchmark.grades, BINARY)
    return {measure: mean(by_query.values()) for measure, by_query in values.items()}


def _runs(
    benchmark: Benchmark, snapshot: Snapshot, names: Sequence[str], *, step: Step, model: str | None
) -> list[Run]:
    needed = {*names} | ({"bm25", "vector"} if "hybrid" in names else set())
    searcher = open_searcher(snapshot, model=model)
    asked: list[System] = [s for s in searched(searcher, pages=False) if s.name in needed]
    rows: Collection | None = None
    for name, recipe in RECIPES.items():
        if name in needed:
            rows = rows or collection(benchmark)
            asked.append(recipe(rows))
    runs = {system.name: ask_all(system, benchmark, step=step) for system in asked}
    if "hybrid" in names:
        runs["hybrid"] = fuse("hybrid", [runs["bm25"], runs["vector"]])
    return [runs[name] for name in names]


def benchmark_markdown(found: dict[str, Any]) -> str:
    """Render the figures as a table."""
    lines = [
        f"# {found['benchmark']} ({found['split']}): {found['clauses']} clauses, "
        f"{found['queries']} queries",
        "",
    ]
    rows = [
        [name, *(f"{values[measure]:.4f}" for measure in BINARY)]
        for name, values in found["systems"].items()
    ]
    return "\n".join([*lines, *table(["system", *BINARY], rows)]) + "\n"
