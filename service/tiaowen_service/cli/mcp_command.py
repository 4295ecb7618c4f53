"""`tiaowen mcp`: the tools for agents, over standard input and output."""

from __future__ import annotations

from typing import Annotated

import typer

from tiaowen_service.cli.shared import IndexOption, reported
from tiaowen_service.settings import Settings

app = typer.Typer()


@app.command()
def mcp(
    index: IndexOption = None,
    base_url: Annotated[
        str, typer.Option(help="条文链接的服务地址 / address of the service that clauses link to")
    ] = "",
) -> None:
    """以 MCP 协议为智能体提供工具(标准输入输出)/ serve agents over stdio."""
    from tiaowen_service.agents.server import create_server
    from tiaowen_service.live import Live

    settings = Settings()
    with reported():
        live = Live(index or settings.index, model=settings.embedder)
    create_server(live.searcher, base=base_url.rstrip("/")).run("stdio")
