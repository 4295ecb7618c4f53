"""What the evaluation's commands share: options, progress, errors, opening an index."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markdown import Markdown
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from tiaowen_corpus.errors import TiaowenError
from tiaowen_indexer.build import build
from tiaowen_indexer.snapshot import Snapshot, open_current, open_snapshot

from .questions import BadLabelsError
from .runs import Record, System
from .session import Session
from .suite import Step

out, err = Console(), Console(stderr=True)

CorpusOption = Annotated[
    Path | None, typer.Option("--corpus", help="先为此文件夹建索引 / index this folder first")
]
IndexOption = Annotated[Path, typer.Option("--index", envvar="TIAOWEN_INDEX", help="索引目录")]
QuestionsOption = Annotated[
    Path | None, typer.Option("--questions", help="题目文件夹 / folder of *.jsonl")
]
ModelOption = Annotated[
    str | None, typer.Option("--model", envvar="TIAOWEN_EMBEDDER", help="向量模型 / embedder")
]
FormatOption = Annotated[str, typer.Option("--format", help="text, markdown, json")]


@contextmanager
def explained() -> Iterator[None]:
    """Turn known errors into one message and exit status 2."""
    try:
        yield
    except (TiaowenError, BadLabelsError, ValueError, FileNotFoundError) as error:
        err.print(str(error), style="red", markup=False, highlight=False)
        if remedy := getattr(error, "remedy", ""):
            err.print(str(remedy), markup=False)
        raise typer.Exit(2) from error


@contextmanager
def bar(title: str, total: int) -> Iterator[Step]:
    """Show progress on standard error; yields the function to call after each query."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=err, transient=True) as progress:
        task = progress.add_task(title, total=total)
        yield lambda name: progress.update(task, advance=1, description=f"{title} {name}")


def snapshot_of(corpus: Path | None, index: Path, model: str | None) -> Snapshot:
    """Open the live index, or one built of ``corpus`` in a folder of its own."""
    if corpus is None:
        return open_current(index)
    with bar("索引 index", 1) as step:
        built = build(
            corpus,
            index / "evaluation" / corpus.resolve().name,
            model=model,
            progress=lambda stage, done, of: step(stage) if done == of else None,
        )
    return open_snapshot(built.folder)


def measured(session: Session, systems: list[System]) -> Record:
    """Evaluate with a progress bar. Raises ValueError if no question can be asked."""
    if not session.labels.answerable:
        raise ValueError(
            f"没有可问的题 / no question asks about the indexed files "
            f"({len(session.labels.skipped)} skipped)"
        )
    with bar("评测 evaluate", len(systems) * len(session.labels.questions)) as step:
        return session.run(systems, step=step)


def show(text: str, output: str) -> None:
    """Render Markdown on a terminal, print it as it is elsewhere."""
    if output == "markdown" or not out.is_terminal:
        sys.stdout.write(text)
    else:
        out.print(Markdown(text))
