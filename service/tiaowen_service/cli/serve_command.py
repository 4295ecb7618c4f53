"""`tiaowen serve`: index if the documents have changed, then serve over HTTP."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer
from tiaowen_corpus.errors import TiaowenError
from tiaowen_indexer.build import NothingToIndex
from tiaowen_indexer.snapshot import current_version

from tiaowen_service.cli.index_command import indexed, tell
from tiaowen_service.cli.shared import CorpusOption, IndexOption, err, out, reported
from tiaowen_service.library.indexes import Indexes
from tiaowen_service.settings import Settings

app = typer.Typer()


@app.command()
def serve(
    corpus: CorpusOption = None,
    index: IndexOption = None,
    host: Annotated[str | None, typer.Option(help="监听地址 / address")] = None,
    port: Annotated[int | None, typer.Option(help="端口 / port", min=1, max=65535)] = None,
) -> None:
    """启动服务;只给 --index 时不重建索引 / serve; with --index alone nothing is re-indexed."""
    from tiaowen_service import logs
    from tiaowen_service.running import Service, doors_of, run

    settings = Settings()
    logs.set_up(settings.log)
    folder = index or settings.index
    address, number = host or settings.host, port or settings.port
    library = corpus or settings.corpus if corpus is not None or index is None else None
    with reported():
        doors = doors_of(settings, address)
        if library is not None:
            _brought_up(library, folder, settings)
        service = Service(settings, corpus=library, index=folder, doors=doors)
    out.print(f"[green]✓[/] http://{address}:{number}/")
    run(service, settings, host=address, port=number)


def _brought_up(corpus: Path, folder: Path, settings: Settings) -> None:
    """Finish what a crash interrupted and index what is new; a live index survives any failure.

    A folder that holds no document yet is served too: documents can be uploaded.
    """
    from tiaowen_service.library.recovery import recover

    started = time.perf_counter()
    try:
        recover(corpus, folder)
        pinned = Indexes(folder).pinned()
        if pinned is not None:
            out.print(f"保持手动选定的索引 / the index chosen by hand stays: {pinned}")
            return
        built = indexed(corpus, folder, model=settings.embedder)
        tell(built, round(time.perf_counter() - started, 2))
    except (TiaowenError, OSError) as error:
        new = isinstance(error, NothingToIndex) and corpus.is_dir()
        if current_version(folder) is None and not new:
            raise
        # what is live answers still, and what is uploaded soon: serve that, and say what is wrong
        err.print(f"! {getattr(error, 'message', error)}", markup=False)
        err.print(f"  → {getattr(error, 'remedy', '')}", markup=False)
