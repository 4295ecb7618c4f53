"""`tiaowen requirements`: the mined requirements of the live index."""

from __future__ import annotations

import json
import sys
from enum import StrEnum
from typing import Annotated, cast, get_args

import typer
from tiaowen_corpus.types import Modality

from tiaowen_service.cli.shared import IndexOption, err, out, reported
from tiaowen_service.settings import Settings

app = typer.Typer()


class TableFormat(StrEnum):
    """How requirements are printed."""

    text = "text"
    json = "json"
    jsonl = "jsonl"
    csv = "csv"
    xlsx = "xlsx"


@app.command()
def requirements(
    *,
    index: IndexOption = None,
    format: Annotated[
        TableFormat, typer.Option(help="输出格式 / output format")
    ] = TableFormat.text,
    actor: Annotated[str, typer.Option(help="责任主体 / who must")] = "",
    modality: Annotated[str, typer.Option(help=" | ".join(get_args(Modality)))] = "",
    topic: Annotated[str, typer.Option(help="主题 / topic")] = "",
    period: Annotated[str, typer.Option(help="周期 / period")] = "",
    document: Annotated[
        list[str] | None, typer.Option("--document", help="文件编号 / doc_id")
    ] = None,
    kind: Annotated[list[str] | None, typer.Option(help="文种 / kind of document")] = None,
    by_quantity: Annotated[
        bool, typer.Option("--by-quantity", help="按数量排序 / sort by quantity")
    ] = False,
    distribution: Annotated[
        bool, typer.Option("--distribution", help="各文件的数量分布 / numbers over documents")
    ] = False,
) -> None:
    """列出挖掘出的要求 / list the mined requirements."""
    from tiaowen_indexer.snapshot import open_current

    from tiaowen_service.drafting import requirements as table
    from tiaowen_service.drafting.tables import requirements_csv, requirements_xlsx
    from tiaowen_service.drafting.workshop import Workshop
    from tiaowen_service.searcher import open_searcher

    if modality and modality not in get_args(Modality):
        err.print(f"[bold red]✗[/] modality: {' | '.join(get_args(Modality))}")
        raise typer.Exit(2)
    settings = Settings()
    with reported():
        searcher = open_searcher(open_current(index or settings.index), model=settings.embedder)
    workshop = Workshop(searcher)
    wanted = table.Wanted(
        actor=actor,
        modality=(cast(Modality, modality),) if modality else (),
        topic=topic,
        period=period,
        documents=tuple(document or ()),
        kinds=tuple(kind or ()),
    )
    found = table.select(workshop, wanted, by_quantity=by_quantity)
    if distribution:
        print(json.dumps(table.distribution(workshop, found), ensure_ascii=False))
    elif format is TableFormat.jsonl:
        for norm in found:
            print(json.dumps(table.row(workshop, norm), ensure_ascii=False))
    elif format is TableFormat.json:
        rows = [table.cited_row(workshop, norm) for norm in found]
        print(json.dumps({"total": len(rows), "requirements": rows}, ensure_ascii=False))
    elif format is TableFormat.text:
        for norm in found:
            amount = table.wording(norm.quantity, norm.period) if norm.quantity else norm.period
            parts = [norm.modality, norm.actor, norm.action, amount, norm.deadline]
            out.print(" · ".join(part for part in parts if part), markup=False)
        out.print(f"{len(found)} 项要求 / requirements", style="dim")
    else:
        rows = [table.cited_row(workshop, norm) for norm in found]
        made = requirements_csv if format is TableFormat.csv else requirements_xlsx
        sys.stdout.buffer.write(made(rows))
