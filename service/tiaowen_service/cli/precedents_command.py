"""`tiaowen precedents`: who worded a draft sentence before, and how."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.text import Text

from tiaowen_service.cli.shared import Format, FormatOption, IndexOption, out, reported
from tiaowen_service.settings import Settings

app = typer.Typer()

KINDS = {
    "near_verbatim": "几乎照录 / near-verbatim",
    "reworded": "同义异文 / reworded",
    "same_topic": "同一主题 / same topic",
}


@app.command()
def precedents(
    text: Annotated[str, typer.Argument(help="草稿文字,或 txt、docx 文件 / a draft, or its file")],
    k: Annotated[int, typer.Option("-k", help="每句条数 / hits a sentence", min=1, max=50)] = 10,
    index: IndexOption = None,
    format: FormatOption = Format.text,
) -> None:
    """查先例:每句话谁写过、怎么写 / precedents of every sentence of a draft."""
    from tiaowen_corpus.library import Library
    from tiaowen_indexer.snapshot import open_current

    from tiaowen_service.drafting import precedents as drafting
    from tiaowen_service.drafting.similar import Finder
    from tiaowen_service.searcher import open_searcher

    settings = Settings()
    with reported():
        path = _file(text)
        draft = Library(path.parent).read(path).text if path else text
        searcher = open_searcher(open_current(index or settings.index), model=settings.embedder)
        answer = drafting.precedents(Finder(searcher), draft, limit=k)
    if format is Format.json:
        print(json.dumps(answer, ensure_ascii=False))
        return
    for sentence in answer["sentences"]:
        _show(sentence)


def _file(text: str) -> Path | None:
    path = Path(text)
    try:
        return path if len(text) < 500 and path.is_file() else None
    except OSError:
        return None


def _show(sentence: dict[str, Any]) -> None:
    out.print(Text(sentence["text"], style="bold"))
    if sentence["copied"]:
        copied = sentence["copied"]
        out.print(
            Text(f"  ! 照录 {copied['characters']} 字 / copied: {copied['citation']}", "yellow")
        )
    if not sentence["groups"]:
        out.print(Text("  没有先例 / no precedent", style="dim"))
    for group in sentence["groups"]:
        head = f"  {KINDS[group['kind']]} · {group['documents']} 份文件 / documents"
        out.print(Text(head + (f" · {group['formula']}" if group["formula"] else ""), style="cyan"))
        for hit in group["hits"]:
            out.print(Text("    ") + _marked(hit))
            out.print(Text(f"      {hit['citation']} · {hit['clause_id']}", style="dim"))


def _marked(hit: dict[str, Any]) -> Text:
    """Show the source's wording: what differs underlined, differing figures in brackets."""
    shown, text = Text(), hit["passage"]["text"]
    at = 0
    for part in hit["diff"]:
        start, end = part["source_start"], part["source_end"]
        shown.append(text[at:start])
        wording = text[start:end]
        if part["op"] == "equal":
            shown.append(wording)
        elif part["number"]:
            shown.append(f"[{wording}]", "bold yellow")
        else:
            shown.append(wording, "underline")
        at = max(at, end)
    shown.append(text[at:])
    return shown
