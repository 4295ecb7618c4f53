"""What commands share: options, messages, progress, exit codes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn
from tiaowen_corpus.errors import TiaowenError
from tiaowen_indexer.collect import Progress as Report

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)

STAGES = {
    "segment": "切分条文 / segmenting",
    "embed": "计算向量 / embedding",
    "lexical": "建立词索引 / indexing words",
    "evaluate": "评测 / evaluating",
}


class Format(StrEnum):
    """How a command prints."""

    text = "text"
    json = "json"


FormatOption = Annotated[Format, typer.Option("--format", help="输出格式 / output format")]
CorpusOption = Annotated[Path | None, typer.Option("--corpus", help="文件夹 / folder of documents")]
IndexOption = Annotated[Path | None, typer.Option("--index", help="索引目录 / index folder")]


@contextmanager
def reported() -> Iterator[None]:
    """Print an error of ours with its remedy and leave with status 1; never a traceback."""
    try:
        yield
    except TiaowenError as error:
        err.print(f"[bold red]✗[/] {_plain(error.message)}")
        err.print(f"  → {_plain(error.remedy)}")
        raise typer.Exit(1) from error


@contextmanager
def progress_bar(*, show: bool = True) -> Iterator[Report]:
    """Yield a callback that draws one bar a stage on stderr."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=err, transient=True, disable=not show) as bars:
        tasks: dict[str, TaskID] = {}

        def report(stage: str, done: int, of: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(STAGES.get(stage, stage))
            bars.update(tasks[stage], completed=done, total=of)

        yield report


def _plain(text: str) -> str:
    return text.replace("[", "\\[")
