"""A library that holds nothing yet: it is served, says so, and takes uploads."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from tiaowen_indexer.snapshot import NoIndex
from tiaowen_service import running
from tiaowen_service.cli import app
from tiaowen_service.library.builder import BuilderHere
from tiaowen_service.library.desk import Desk
from tiaowen_service.live import LibraryEmpty, Live
from tiaowen_service.running import catch_up
from typer.testing import CliRunner

NOTICE = "一、开门\n每天七点开门。\n二、关门\n傍晚六点锁好门窗。\n三、值班\n轮流值班。\n".encode()


@pytest.fixture
def live(tmp_path: Path) -> Live:
    return Live(tmp_path / "index", model="svd", may_be_empty=True)


@pytest.fixture
def desk(tmp_path: Path, live: Live, ungated: None) -> Iterator[Desk]:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    made = Desk(
        *(corpus, tmp_path / "index"),
        read=lambda data, name: None,
        model="svd",
        builder=BuilderHere(),
        published=lambda: catch_up(live),
    )
    yield made
    made.foreman.stop()


def test_it_says_that_it_is_empty(client: TestClient) -> None:
    ready = client.get("/readyz")
    assert (ready.status_code, ready.json()["status"]) == (200, "empty")
    assert client.get("/v1/documents").json()["total"] == 0
    assert client.get("/metrics").status_code == 200
    refused = client.get("/v1/search", params={"q": "开门"})
    assert (refused.status_code, refused.json()["code"]) == (503, "library_empty")
    assert refused.headers["retry-after"]
    assert " / " in refused.json()["remedy"]


def test_what_is_uploaded_first_is_found(
    client: TestClient, finished: Callable[[Any], dict[str, Any]]
) -> None:
    task = finished(client.post("/v1/documents", params={"name": "n.txt"}, content=NOTICE))
    assert task["state"] == "succeeded", task
    answer = client.get("/v1/search", params={"q": "七点开门"}).json()
    assert [hit["doc_id"] for hit in answer["hits"]][:1] == ["n"]
    ready = client.get("/readyz").json()
    assert (ready["status"], ready["index_version"]) == ("ready", task["index_version"])


def test_a_first_index_that_does_not_open_leaves_it_empty(live: Live, tmp_path: Path) -> None:
    (tmp_path / "index").mkdir()
    (tmp_path / "index" / "CURRENT").write_text("0123456789abcdef\n")
    with pytest.raises(LibraryEmpty):
        live.reopen()
    assert live.is_empty


def test_without_a_library_an_index_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(NoIndex):
        Live(tmp_path / "index", model="svd")


@pytest.mark.parametrize("there", [True, False])
def test_serve_begins_with_an_empty_folder_but_not_without_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, there: bool
) -> None:
    served: list[running.Service] = []
    monkeypatch.setattr(running, "run", lambda service, *_, **__: served.append(service))
    monkeypatch.setenv("TIAOWEN_EMBEDDER", "svd")
    corpus = tmp_path / "corpus"
    if there:
        corpus.mkdir()
    places = ["--corpus", str(corpus), "--index", str(tmp_path / "index")]
    result = CliRunner().invoke(app, ["serve", *places])
    assert (result.exit_code, [service.live.is_empty for service in served]) == (
        (0, [True]) if there else (1, [])
    )
