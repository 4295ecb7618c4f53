"""`tiaowen search`: one query against the live index."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer
from pydantic import ValidationError
from rich.text import Text
from tiaowen_indexer.snapshot import open_current

from tiaowen_service.cli.shared import Format, FormatOption, IndexOption, err, out, reported
from tiaowen_service.http.wire import SearchIn
from tiaowen_service.request import LARGEST_LIMIT, MODES
from tiaowen_service.searcher import open_searcher
from tiaowen_service.settings import Settings

app = typer.Typer()


@app.command()
def search(
    query: Annotated[str, typer.Argument(help="要查的内容 / what to search")],
    mode: Annotated[str, typer.Option(help=" | ".join(MODES))] = "hybrid",
    k: Annotated[int, typer.Option("-k", help="条数 / hits", min=1, max=LARGEST_LIMIT)] = 10,
    index: IndexOption = None,
    format: FormatOption = Format.text,
) -> None:
    """查条文 / search clauses."""
    settings = Settings()
    try:
        wanted = SearchIn.model_validate({"query": query, "mode": mode, "limit": k}).checked()
    except ValidationError as error:
        for item in error.errors():
            err.print(f"[bold red]✗[/] {item['loc'][-1]}: {item['msg']}", markup=True)
        raise typer.Exit(2) from error
    with reported():
        snapshot = open_current(index or settings.index)
        answer = open_searcher(snapshot, model=settings.embedder).search(wanted)
    if format is Format.json:
        print(json.dumps(answer, ensure_ascii=False))
        return
    for warning in answer["warnings"]:
        err.print(f"! {warning['message']}")
    for hit in answer["hits"]:
        _show(hit)
    share = round(answer["confidence"] * 100)
    out.print(f"{answer['total']} 条 / clauses · {answer['took_ms']} ms · {share} %", style="dim")


def _show(hit: dict[str, Any]) -> None:
    out.print(Text(f"{hit['rank']}. {hit['citation']}", style="bold"))
    if hit["heading_path"]:
        out.print(Text("   " + " › ".join(hit["heading_path"]), style="dim"))
    passage = hit["passage"]
    shown = Text(passage["text"])
    for mark in hit["highlights"]:
        start, end = mark["start"] - passage["start"], mark["end"] - passage["start"]
        if start >= 0 and end <= len(passage["text"]):
            shown.stylize("bold yellow" if mark["match"] == "word" else "bold cyan", start, end)
    out.print(Text("   ") + shown)
    out.print(Text(f"   {hit['clause_id']}", style="dim"))
