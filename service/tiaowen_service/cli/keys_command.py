"""`tiaowen keys`: create, list and revoke the keys of the HTTP service."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from tiaowen_service.cli.shared import Format, FormatOption, err, out, reported
from tiaowen_service.security.keys import SCOPES, BadKeys, KeyRing
from tiaowen_service.security.keys import create as new_key
from tiaowen_service.settings import Settings

app = typer.Typer(help="HTTP 服务的密钥 / keys of the HTTP service", no_args_is_help=True)

FileOption = Annotated[Path | None, typer.Option("--file", help="密钥文件 / file of keys")]


@app.command()
def create(
    name: Annotated[str, typer.Argument(help="名称 / name, e.g. page")],
    scope: Annotated[str, typer.Option(help=" | ".join(SCOPES))] = "read",
    file: FileOption = None,
    format: FormatOption = Format.text,
) -> None:
    """新建密钥,只显示这一次 / create a key; it is shown this once."""
    with reported():
        known = {item: item for item in SCOPES}
        if scope not in known or not name.strip():
            raise BadKeys(f"--scope {' | '.join(SCOPES)}")
        key, token = new_key(name.strip(), known[scope])
        _ring(file).add(key)
    if format is Format.json:
        print(json.dumps({"name": key.name, "scope": key.scope, "key": token}))
        return
    print(token)
    err.print("请妥善保存,不再显示 / keep it; it is not shown again", style="yellow")


@app.command("list")
def list_keys(file: FileOption = None, format: FormatOption = Format.text) -> None:
    """列出密钥 / list the keys."""
    with reported():
        keys = _ring(file).all()
    if format is Format.json:
        rows = [
            {"id": k.key_id, "name": k.name, "scope": k.scope, "created": k.created}
            | {"revoked": k.revoked}
            for k in keys
        ]
        print(json.dumps(rows, ensure_ascii=False))
        return
    table = Table("id", "名称 / name", "权限 / scope", "新建 / created", "撤销 / revoked")
    for key in keys:
        table.add_row(key.key_id, key.name, key.scope, key.created, key.revoked)
    out.print(table)


@app.command()
def revoke(
    name: Annotated[str, typer.Argument(help="名称或 id / name or id")], file: FileOption = None
) -> None:
    """撤销密钥,一秒内生效 / revoke a key; it is refused within a second."""
    with reported():
        key = _ring(file).revoke(name)
    out.print(f"[green]✓[/] {key.name} ({key.key_id})")


def _ring(file: Path | None) -> KeyRing:
    return KeyRing(file or Settings().keys_file)
