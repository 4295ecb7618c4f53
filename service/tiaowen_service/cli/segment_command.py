"""`tiaowen segment`: the clauses of one file, one JSON object a line."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text
from tiaowen_corpus.library import Library, file_id_of
from tiaowen_indexer.segment import rows, segment

from tiaowen_service.cli.shared import out, reported

app = typer.Typer()


class RowFormat(StrEnum):
    """How clauses are printed."""

    text = "text"
    json = "json"
    jsonl = "jsonl"


@app.command(name="segment")
def segment_file(
    file: Annotated[Path, typer.Argument(help="文件 / file")],
    format: Annotated[RowFormat, typer.Option(help="输出格式 / output format")] = RowFormat.text,
) -> None:
    """把一个文件切成条文 / cut one file into clauses."""
    with reported():
        text = Library(file.parent).read(file)
        parts = segment(
            text.text, file_id=file_id_of(file), source=file.name, labels_hint=text.labels
        )
        found = list(rows(parts))
    if format is RowFormat.json:
        print(json.dumps(found, ensure_ascii=False))
    elif format is RowFormat.jsonl:
        for row in found:
            print(json.dumps(row, ensure_ascii=False))
    else:
        for row in found:
            depth = "  " * max(0, len(row["path"]) - 1)
            head = Text(f"{depth}{'/'.join(row['path'])} {row['heading']}".rstrip(), style="bold")
            out.print(head)
            if row["text"] != row["heading"]:
                out.print(Text(f"{depth}  {row['text']}"))
