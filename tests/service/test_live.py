"""Snapshots are exchanged while requests run."""

from __future__ import annotations

import threading
from pathlib import Path

from tiaowen_indexer.build import build
from tiaowen_indexer.snapshot import POINTER, publish
from tiaowen_service.live import Live
from tiaowen_service.request import SearchRequest


def test_requests_go_on_through_switches(library: Path, tmp_path: Path) -> None:
    index = tmp_path / "index"
    first = build(library, index, model="svd").manifest.version
    more = tmp_path / "more"
    more.mkdir()
    for path in library.iterdir():
        (more / path.name).write_bytes(path.read_bytes())
    (more / "notice.txt").write_text("一、升国旗时全体肃立。\n二、不得迟到。\n", encoding="utf-8")
    second = build(more, index, model="svd", publish=False).manifest.version
    live = Live(index, model="svd")
    stop, wrong, seen = threading.Event(), [], set()

    def ask() -> None:
        while not stop.is_set():
            answer = live.searcher().search(SearchRequest("变相体罚"))
            seen.add(answer["index_version"])
            if "变相体罚" not in answer["hits"][0]["text"]:
                wrong.append(answer)

    askers = [threading.Thread(target=ask) for _ in range(2)]
    for asker in askers:
        asker.start()
    for version in (second, first, second):
        publish(index, version)
        assert live.reopen().version == version
    stop.set()
    for asker in askers:
        asker.join()
    assert not wrong
    assert seen <= {first, second}


def test_an_index_that_does_not_open_leaves_the_old_one_serving(
    library: Path, tmp_path: Path
) -> None:
    version = build(library, tmp_path, model="svd").manifest.version
    live = Live(tmp_path, model="svd")
    (tmp_path / POINTER).write_text("0123456789abcdef\n")
    assert live.reopen().version == version
    assert live.searcher().search(SearchRequest("吸烟"))["hits"]
