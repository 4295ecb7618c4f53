"""`tiaowen add`: copy files into the corpus, each checked first, and index them."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from tiaowen_corpus.errors import TiaowenError
from tiaowen_corpus.library import Library

from tiaowen_service.cli.index_command import indexed, tell
from tiaowen_service.cli.shared import (
    CorpusOption,
    Format,
    FormatOption,
    IndexOption,
    err,
    out,
    reported,
)
from tiaowen_service.settings import Settings

app = typer.Typer()


@dataclass(frozen=True, slots=True)
class Added:
    """What became of one file; ``error`` is "" if it was taken in."""

    name: str
    error: str = ""


@app.command()
def add(
    paths: Annotated[list[Path], typer.Argument(help="文件或文件夹 / files or folders")],
    corpus: CorpusOption = None,
    index: IndexOption = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="同名文件以新换旧 / replace files of the same name")
    ] = False,
    format: FormatOption = Format.text,
) -> None:
    """加入文件并更新索引 / add files and update the index."""
    settings = Settings()
    target = corpus or settings.corpus
    results = [take_in(path, target, replace=replace) for path in _files(paths)]
    added = [result for result in results if not result.error]
    if format is Format.text:
        for result in results:
            mark = (
                f"[red]✗[/] {result.name}: {result.error}" if result.error else f"+ {result.name}"
            )
            (err if result.error else out).print(mark)
    if added:
        with reported():
            started = time.perf_counter()
            built = indexed(target, index or settings.index, model=settings.embedder)
        if format is Format.text:
            tell(built, round(time.perf_counter() - started, 2))
    if format is Format.json:
        print(json.dumps([{"file": r.name, "error": r.error} for r in results], ensure_ascii=False))
    if len(added) < len(results) or not results:
        raise typer.Exit(1)


def take_in(path: Path, corpus: Path, *, replace: bool = False) -> Added:
    """Read ``path`` as a document and copy it into ``corpus`` by one atomic rename."""
    try:
        Library(path.parent).read(path)
    except TiaowenError as error:
        return Added(path.name, f"{error.message} → {error.remedy}")
    there = corpus / path.name
    if there.exists() and not replace and there.read_bytes() != path.read_bytes():
        return Added(
            path.name,
            "已有同名而内容不同的文件 / another file has this name → "
            "改名,或加 --replace / rename it, or use --replace",
        )
    corpus.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=".adding-", dir=corpus)
    os.close(handle)
    shutil.copyfile(path, name)
    Path(name).chmod(0o644)
    Path(name).replace(there)
    return Added(path.name)


def _files(paths: list[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from (found for _, found in Library(path).files())
        else:
            yield path
