"""Full disks, read-only folders, damaged snapshots, two writers, models that go: all is said."""

from __future__ import annotations

import errno
import os
import threading
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from tiaowen_corpus import durable
from tiaowen_corpus.durable import Busy
from tiaowen_indexer.snapshot import current_version
from tiaowen_service.library.desk import Desk
from tiaowen_service.library.indexes import Indexes
from tiaowen_service.library.journal import JournalDamaged
from tiaowen_service.library.recovery import recover
from tiaowen_service.library.shelf import Asked, Put, Shelf
from tiaowen_service.live import Live

NOTICE = "一、开门\n每天七点开门。\n".encode()


def _put(client: TestClient, name: str = "n.txt") -> dict[str, object]:
    answer = client.post("/v1/documents", params={"name": name}, content=NOTICE)
    return {"status": answer.status_code, **answer.json()}


@pytest.mark.parametrize("part", ["blob", "journal"])
def test_a_full_disk_refuses_and_keeps_what_was(
    client: TestClient, desk: Desk, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    def full(step: str) -> None:
        if step in {f"{part}.opened", f"{part}.half"}:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(durable, "step", full)
    answer = _put(client)
    assert (answer["status"], answer["code"]) == (507, "cannot_write")
    assert not desk.shelf.is_there("n")
    assert client.post("/v1/search", json={"query": "听课"}).json()["hits"]
    monkeypatch.undo()
    assert not list(desk.shelf.folder.rglob(".writing-*"))
    assert _put(client)["status"] == 202


def test_a_disk_that_is_full_for_the_build_fails_the_task_alone(
    client: TestClient, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    live = current_version(desk.indexes.folder)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("tiaowen_indexer.patch.write_store", full)
    task_id = str(_put(client)["task_id"])
    desk.foreman.stop()
    task = client.get(f"/v1/tasks/{task_id}").json()
    assert task["state"] == "failed"
    assert "serves on" in task["error"]["detail"]
    assert current_version(desk.indexes.folder) == live
    assert desk.shelf.is_there("n")  # accepted all the same
    monkeypatch.undo()
    rebuilt = client.post("/v1/indexes", json={}).json()["task_id"]
    desk.foreman.stop()
    assert client.get(f"/v1/tasks/{rebuilt}").json()["state"] == "succeeded"


def test_a_folder_that_cannot_be_written_is_said(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def denied(*_: object, **__: object) -> None:
        raise PermissionError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr(Path, "mkdir", denied)
    answer = _put(client)
    assert (answer["status"], answer["code"]) == (507, "cannot_write")


def test_two_writers_take_turns(corpus: Path) -> None:
    shelves = [Shelf(corpus), Shelf(corpus)]

    def write(number: int) -> None:
        for turn in range(5):
            put = Put(f"{number}-{turn}.txt", NOTICE)
            shelves[number].accept([put], asked=Asked("test", f"{number}-{turn}"))

    writers = [threading.Thread(target=write, args=(number,)) for number in range(2)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    fresh = Shelf(corpus)
    assert len(fresh.names()) == 11
    assert sorted(entry.seq for entry in fresh._journal.read()) == list(range(1, 11))


def test_a_second_builder_is_told_to_wait(tmp_path: Path) -> None:
    indexes = Indexes(tmp_path / "index")
    with indexes.writing(), pytest.raises(Busy, match="retry"), indexes.writing():
        pass


def test_a_damaged_live_index_gives_way_to_the_last_whole_one(
    client: TestClient, desk: Desk, live: Live
) -> None:
    index, old = desk.indexes.folder, current_version(desk.indexes.folder)
    desk.indexes.note_live()
    _put(client)
    desk.foreman.stop()
    new = current_version(index)
    assert new != old
    damaged = index / str(new) / "lexical" / "body.data.npy"
    damaged.write_bytes(damaged.read_bytes()[:-1] + b"\xff")
    assert live.searcher().search  # what is open serves on
    recover(desk.shelf.folder, index)
    assert current_version(index) == old
    assert Live(index, model="svd").searcher().version == old
    answer = client.post(f"/v1/indexes/{new}:activate")
    assert (answer.status_code, answer.json()["code"]) == (409, "index_damaged")


def test_a_model_that_goes_fails_the_task_and_the_old_index_serves_on(
    client: TestClient, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: object, **__: object) -> None:
        raise FileNotFoundError("models/tiaowen-static")

    monkeypatch.setattr("tiaowen_indexer.build.load_embedder", gone)
    task_id = str(_put(client)["task_id"])
    desk.foreman.stop()
    assert client.get(f"/v1/tasks/{task_id}").json()["state"] == "failed"
    assert client.post("/v1/search", json={"query": "听课"}).json()["hits"]


def test_a_damaged_journal_is_an_error_and_a_torn_end_is_not(corpus: Path) -> None:
    shelf = Shelf(corpus)
    for number in range(3):
        shelf.accept([Put(f"{number}.txt", NOTICE)], asked=Asked("test", str(number)))
    journal = corpus / ".tiaowen" / "journal"
    whole = journal.read_bytes()
    journal.write_bytes(whole + b"0123 torn")
    assert Shelf(corpus).recover() == 0
    assert journal.read_bytes() == whole
    journal.write_bytes(whole.replace(b'"name":"0.txt"', b'"name":"9.txt"'))
    with pytest.raises(JournalDamaged, match="backup"):
        Shelf(corpus).recover()
