"""`tiaowen index`: build a snapshot and publish it."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Annotated

import typer
from tiaowen_indexer.build import Built
from tiaowen_indexer.publishing import build_and_publish

from tiaowen_service.cli.shared import (
    CorpusOption,
    Format,
    FormatOption,
    IndexOption,
    err,
    out,
    progress_bar,
    reported,
)
from tiaowen_service.library.indexes import Indexes
from tiaowen_service.settings import Settings

app = typer.Typer()


@app.command()
def index(
    corpus: CorpusOption = None,
    index: IndexOption = None,
    force: Annotated[bool, typer.Option("--force", help="全部重建 / rebuild everything")] = False,
    allow_regression: Annotated[
        str, typer.Option(help="答得更差也发布的理由 / why to publish what answers worse")
    ] = "",
    format: FormatOption = Format.text,
) -> None:
    """建立索引并发布 / build the index and publish it."""
    settings = Settings()
    with reported():
        started = time.perf_counter()
        built = indexed(
            corpus or settings.corpus,
            index or settings.index,
            model=settings.embedder,
            force=force,
            allow_regression=allow_regression,
        )
        seconds = round(time.perf_counter() - started, 2)
    if format is Format.json:
        print(json.dumps(_summary(built, seconds), ensure_ascii=False))
    else:
        tell(built, seconds)


def indexed(
    corpus: Path,
    index: Path,
    *,
    model: str | None,
    force: bool = False,
    allow_regression: str = "",
) -> Built:
    """Build with a progress bar on stderr. Raises IndexKeptAside if the gate refuses,
    Busy if another process builds.
    """
    with Indexes(index).writing(), progress_bar() as report:
        return build_and_publish(
            corpus,
            index,
            model=model,
            force=force,
            allow_regression=allow_regression,
            progress=report,
        ).built


def tell(built: Built, seconds: float) -> None:
    """Say what a build did, and which files were left out and why."""
    manifest = built.manifest
    for name, _, message in manifest.errors:
        err.print(f"[yellow]![/] {name}: {message}", markup=True)
    if built.reused:
        out.print(f"索引已是最新 / index is up to date: {manifest.version}")
        return
    out.print(
        f"[green]✓[/] {manifest.documents} 份文件、{manifest.clauses} 条 / "
        f"{manifest.documents} documents, {manifest.clauses} clauses "
        f"({built.embedded} 新向量 / new vectors, {seconds} s) → {manifest.version}"
    )


def _summary(built: Built, seconds: float) -> dict[str, object]:
    manifest = built.manifest
    return {
        "version": manifest.version,
        "reused": built.reused,
        "documents": manifest.documents,
        "clauses": manifest.clauses,
        "embedded": built.embedded,
        "model": manifest.model.name,
        "errors": [
            {"file": name, "code": code, "message": message}
            for name, code, message in manifest.errors
        ],
        "seconds": seconds,
    }
