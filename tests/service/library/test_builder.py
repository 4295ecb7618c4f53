"""Builds in a process of their own: apart from searches, ended with the service, dying alone."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from tiaowen_corpus import durable
from tiaowen_indexer.build import build
from tiaowen_indexer.snapshot import current_version
from tiaowen_service.forked import context
from tiaowen_service.http.app import create_app
from tiaowen_service.library import building
from tiaowen_service.library.builder import NICE, BuilderApart
from tiaowen_service.library.building import Job, Outcome
from tiaowen_service.library.desk import Desk
from tiaowen_service.library.foreman import Order
from tiaowen_service.library.indexes import Indexes
from tiaowen_service.live import Live
from tiaowen_service.request import SearchRequest

sys.path.insert(0, str(Path(__file__).parent))  # another process imports it by name too
from library_crashing import build_on, text

NOTICE = "一、开门\n每天七点开门。\n".encode()
MANY = 400  # documents: a build that takes long enough to be met half-way


@pytest.fixture
def desk(corpus: Path, tmp_path: Path) -> Iterator[Desk]:
    """A desk as the service has it."""
    build(corpus, tmp_path / "index", model="svd")
    made = Desk(corpus, tmp_path / "index", read=lambda data, name: None, model="svd", keep=3)
    yield made
    made.foreman.stop(seconds=0.0)


@pytest.fixture
def live(desk: Desk) -> Live:
    return Live(desk.indexes.folder, model="svd")


@pytest.fixture
def client(desk: Desk, live: Live) -> Iterator[TestClient]:
    with TestClient(create_app(live, desk=desk), raise_server_exceptions=False) as client:
        yield client


def _many(folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    for number in range(MANY):
        (folder / f"m{number:03}.txt").write_bytes(text(number))


def _until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < end, "not in time"
        time.sleep(0.01)


def _left_over(index: Path) -> list[str]:
    return [path.name for path in index.iterdir() if path.name.startswith((".b", ".w", ".r"))]


def test_documents_go_live_and_this_process_builds_nothing(
    client: TestClient,
    live: Live,
    finished: Callable[[Any], dict[str, Any]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def never(*_: object, **__: object) -> None:
        raise AssertionError("built here")

    monkeypatch.setattr(building, "build", never)
    monkeypatch.setattr(building, "build_and_publish", never)
    answer = client.post("/v1/documents", params={"name": "n.txt"}, content=NOTICE)
    task = finished(answer)
    assert task["state"] == "succeeded", task
    assert (task["documents"], task["embedded"]) == (2, 1)
    assert task["index_version"] == live.reopen().version
    hits = live.searcher().search(SearchRequest("七点开门"))["hits"]
    assert hits[0]["doc_id"] == "n"


@pytest.mark.skipif(sys.platform != "linux", reason="looks at the scheduler of Linux")
def test_a_build_stands_back_for_searches(desk: Desk) -> None:
    _many(desk.shelf.folder)
    desk.rebuild(force=True)
    _until(lambda: any(desk.indexes.folder.glob(".building-*")))
    (building_now,) = desk.indexes.folder.glob(".building-*")
    process = int(building_now.name.removeprefix(".building-").partition("-")[0])
    before = os.getpriority(os.PRIO_PROCESS, 0)
    assert os.getpriority(os.PRIO_PROCESS, process) == min(19, before + NICE)
    assert os.sched_getscheduler(process) == os.SCHED_IDLE


def test_progress_reaches_the_event_stream(client: TestClient, desk: Desk) -> None:
    _many(desk.shelf.folder)
    task_id = client.post("/v1/documents", params={"name": "n.txt"}, content=NOTICE).json()[
        "task_id"
    ]
    with client.stream("GET", f"/v1/tasks/{task_id}/events") as stream:
        told = "".join(stream.iter_text())
    assert '"stage":"segment"' in told
    assert told.rstrip().rpartition("event: ")[2].startswith("done")
    assert f'"documents":{MANY + 2}' in told


def test_a_builder_that_dies_fails_the_task_and_the_old_index_serves_on(
    client: TestClient,
    desk: Desk,
    finished: Callable[[Any], dict[str, Any]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = current_version(desk.indexes.folder)
    monkeypatch.setenv(durable.DIE_AT, "build.written")
    task = finished(client.post("/v1/documents", params={"name": "n.txt"}, content=NOTICE))
    assert (task["state"], task["error"]["code"]) == ("failed", "builder_died")
    assert "(9)" in task["error"]["detail"] and " / " in task["error"]["remedy"]
    assert current_version(desk.indexes.folder) == before
    assert client.post("/v1/search", json={"query": "听课"}).json()["hits"]
    monkeypatch.delenv(durable.DIE_AT)
    assert finished(client.post("/v1/indexes", json={}))["documents"] == 2


def test_a_build_that_is_stopped_leaves_nothing_half_written(desk: Desk) -> None:
    _many(desk.shelf.folder)
    index = desk.indexes.folder
    before = current_version(index)
    task = desk.rebuild(force=True)
    _until(lambda: any(index.glob(".building-*")))
    desk.foreman.stop(seconds=0.0)
    assert _left_over(index) == []
    assert current_version(index) == before
    stopped = desk.tasks.get(task.task_id)
    assert stopped is not None and stopped.state == "queued"
    with desk.indexes.writing():
        pass  # nobody builds any more


def test_a_builder_ends_with_its_service(tmp_path: Path) -> None:
    corpus, index = tmp_path / "corpus", tmp_path / "index"
    _many(corpus)
    service = context().Process(target=build_on, args=(corpus, index))
    service.start()
    _until(lambda: any(index.glob(".building-*")))
    os.kill(service.pid or 0, signal.SIGKILL)
    service.join()
    with Indexes(index).writing(wait=30.0):
        assert current_version(index) is None
        assert _left_over(index) == []


def test_what_comes_while_a_build_runs_shares_the_next_one(corpus: Path, tmp_path: Path) -> None:
    going, jobs = threading.Event(), list[Job]()

    class Slow:
        def __call__(self, job: Job, report: object) -> Outcome:
            jobs.append(job)
            going.wait(30)
            return {"state": "succeeded"}

        def stop(self) -> None:
            going.set()

    desk = Desk(corpus, tmp_path / "index", read=lambda data, name: None, builder=Slow())
    ids = [desk.tasks.add("documents").task_id for _ in range(6)]
    desk.foreman.order(Order(ids[0]))
    _until(lambda: len(jobs) == 1)
    for task_id in ids[1:4]:
        desk.foreman.order(Order(task_id))
    desk.foreman.order(Order(ids[4], rebuild=True))
    desk.foreman.order(Order(ids[5]))
    going.set()
    desk.foreman.stop()
    assert [job.rebuild for job in jobs] == [False, False, True, False]
    states = [task.state for task_id in ids if (task := desk.tasks.get(task_id))]
    assert states == ["succeeded"] * 6


def test_a_builder_that_was_stopped_starts_no_other_job(corpus: Path, tmp_path: Path) -> None:
    builder = BuilderApart()
    builder.stop()
    assert builder(Job(corpus, tmp_path / "index"), lambda *_: None)["state"] == "queued"
    assert not (tmp_path / "index").exists()
