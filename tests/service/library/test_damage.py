"""Real damage: every file of an index in turn, a model's folder gone, two processes at once."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from tiaowen_corpus.errors import TiaowenError
from tiaowen_corpus.places import shipped
from tiaowen_indexer.build import build
from tiaowen_indexer.snapshot import current_version, publish
from tiaowen_service.http.app import create_app
from tiaowen_service.library.builder import BuilderHere
from tiaowen_service.library.desk import Desk
from tiaowen_service.library.indexes import Indexes
from tiaowen_service.library.recovery import recover
from tiaowen_service.library.shelf import Asked, Put, Shelf
from tiaowen_service.live import Live
from tiaowen_service.running import catch_up
from tiaowen_service.security.apart import ReaderApart

NOTICE = "一、开门\n每天七点开门。\n".encode()
ROUNDS = 8  # files that each of two processes adds

DAMAGES: dict[str, Callable[[Path, bytes], object]] = {
    "removed": lambda path, data: path.unlink(),
    "emptied": lambda path, data: path.write_bytes(b""),
    "cut": lambda path, data: path.write_bytes(data[: len(data) // 2]),
    "longer": lambda path, data: path.write_bytes(data + b"\0"),
    "turned": lambda path, data: path.write_bytes(_turned(data)),
}


def _turned(data: bytes) -> bytes:
    middle = len(data) // 2
    return data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :] if data else b"\1"


def _damages(folder: Path) -> Iterator[tuple[Path, str]]:
    """Name every way to damage every file of ``folder``."""
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        for name in DAMAGES:
            if path.stat().st_size or name not in {"emptied", "cut"}:
                yield path, name


@contextmanager
def _damaged(path: Path, damage: str) -> Iterator[None]:
    data = path.read_bytes()
    path.unlink()  # versions may share files: only this one's is damaged
    path.write_bytes(data)
    DAMAGES[damage](path, data)
    yield
    path.write_bytes(data)


@pytest.fixture
def versions(corpus: Path, tmp_path: Path, ungated: None) -> tuple[Path, str, str]:
    """An index folder, the version that was live before and the one that is."""
    index = tmp_path / "index"
    build(corpus, index, model="svd")
    Indexes(index).note_live()
    old = current_version(index)
    (corpus / "n.txt").write_bytes(NOTICE)
    build(corpus, index, model="svd")
    Indexes(index).note_live()
    new = current_version(index)
    assert old is not None and new is not None and old != new
    return index, old, new


def test_whatever_file_of_the_live_index_is_damaged_the_one_before_serves(
    versions: tuple[Path, str, str], corpus: Path
) -> None:
    index, old, new = versions
    unnoticed = []
    for path, damage in _damages(index / new):
        with _damaged(path, damage):
            recover(corpus, index)
        if current_version(index) != old:
            unnoticed.append((path.name, damage))
        publish(index, new)
    assert not unnoticed
    recover(corpus, index)
    assert current_version(index) == new  # mended, it stays


def test_an_index_that_is_damaged_and_the_only_one_is_said(
    versions: tuple[Path, str, str], corpus: Path
) -> None:
    index, old, new = versions
    shutil.rmtree(index / old)
    others = []
    for path, damage in _damages(index / new):
        with _damaged(path, damage):
            recover(corpus, index)
            try:
                Live(index, model="svd").searcher()
            except TiaowenError as error:
                assert " / " in error.remedy
            except Exception as error:
                others.append((path.name, damage, repr(error)[:80]))
    assert not others
    build(corpus, index, model="svd", force=True)
    assert Live(index, model="svd").searcher().version


def test_a_model_folder_that_is_gone_fails_builds_and_not_searches(
    corpus: Path, tmp_path: Path, read_apart: ReaderApart, ungated: None
) -> None:
    model = tmp_path / "model"
    shutil.copytree(shipped("models") / "tiaowen-static", model)
    build(corpus, tmp_path / "index", model=str(model))
    live = Live(tmp_path / "index", model=str(model))
    desk = Desk(
        *(corpus, tmp_path / "index"),
        **{"read": read_apart, "model": str(model), "builder": BuilderHere()},
        published=lambda: catch_up(live),
    )
    client = TestClient(create_app(live, desk=desk), raise_server_exceptions=False)
    model.rename(tmp_path / "elsewhere")
    answer = client.post("/v1/documents", params={"name": "n.txt"}, content=NOTICE)
    desk.foreman.stop()
    task = client.get(f"/v1/tasks/{answer.json()['task_id']}").json()
    assert task["state"] == "failed"
    assert " / " in task["error"]["remedy"]
    assert client.post("/v1/search", json={"query": "听课"}).json()["hits"]
    (tmp_path / "elsewhere").rename(model)
    answer = client.post("/v1/indexes", json={})
    desk.foreman.stop()
    assert client.get(f"/v1/tasks/{answer.json()['task_id']}").json()["state"] == "succeeded"
    assert "开门" in client.post("/v1/search", json={"query": "几点开门"}).json()["hits"][0]["text"]


WRITER = """
import json, sys
from pathlib import Path
from tiaowen_corpus.errors import TiaowenError
from tiaowen_service.library.shelf import Asked, Put, Shelf

shelf, me, rounds = Shelf(Path(sys.argv[1])), sys.argv[2], int(sys.argv[3])
won = []
for turn in range(rounds):
    own = Put(f"{me}-{turn}.txt", f"一、{me} 第{turn}次\\n".encode())
    shelf.accept([own], asked=Asked("test", f"{me}-{turn}"))
    try:
        both = Put(f"both-{turn}.txt", me.encode())
        shelf.accept([both], asked=Asked("test", f"{me}-both-{turn}"))
        won.append(turn)
    except TiaowenError as error:
        assert error.code == "document_exists", error
print(json.dumps(won))
"""


def test_two_processes_write_one_library(corpus: Path) -> None:
    Shelf(corpus).accept([Put("first.txt", NOTICE)], asked=Asked("test", "first"))
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(corpus), me, str(ROUNDS)], stdout=subprocess.PIPE
        )
        for me in ("one", "two")
    ]
    won = [json.loads(writer.communicate(timeout=120)[0]) for writer in writers]
    assert sorted(won[0] + won[1]) == list(range(ROUNDS))  # each contested name once
    shelf = Shelf(corpus)
    assert shelf.recover() == 0
    for me, turns in zip(("one", "two"), won, strict=True):
        for turn in turns:
            assert (corpus / f"both-{turn}.txt").read_text() == me
        for turn in range(ROUNDS):
            assert shelf.bytes_of(f"{me}-{turn}", 1)[1] == f"一、{me} 第{turn}次\n".encode()
    assert [entry.seq for entry in shelf._journal.read()] == list(range(1, 3 * ROUNDS + 2))
