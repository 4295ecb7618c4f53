"""A served library of two invented documents that a test may write to."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from tiaowen_indexer import publishing
from tiaowen_indexer.build import build
from tiaowen_service.http.app import create_app
from tiaowen_service.library.builder import BuilderHere
from tiaowen_service.library.desk import Desk
from tiaowen_service.live import Live
from tiaowen_service.security.apart import ReaderApart

NOTICE = "关于教学开放周的通知\n\n一、时间\n五月第二周为教学开放周。\n二、要求\n不得收取费用。\n"


@pytest.fixture(scope="session")
def read_apart() -> ReaderApart:
    """One reader for all tests: its server loads the parsers once."""
    return ReaderApart()


@pytest.fixture
def ungated(monkeypatch: pytest.MonkeyPatch) -> None:
    """No evaluation: these libraries hold no labelled document."""
    monkeypatch.setattr(publishing, "gates", tuple)


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A folder of one document."""
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "rules.txt").write_text(
        "青溪县听课规定\n\n一、次数\n每学期至少听课十次。\n二、记录\n听课后填写记录表。\n", "utf-8"
    )
    return folder


@pytest.fixture
def desk(corpus: Path, tmp_path: Path, read_apart: ReaderApart, ungated: None) -> Iterator[Desk]:
    """The library's desk; its index is built. Builds run here, where a test can meddle."""
    build(corpus, tmp_path / "index", model="svd")
    made = Desk(
        *(corpus, tmp_path / "index"), read=read_apart, model="svd", keep=3, builder=BuilderHere()
    )
    yield made
    made.foreman.stop()


@pytest.fixture
def live(desk: Desk) -> Live:
    """What searches ask."""
    return Live(desk.indexes.folder, model="svd")


@pytest.fixture
def client(desk: Desk, live: Live) -> Iterator[TestClient]:
    """A client of the application."""
    with TestClient(create_app(live, desk=desk), raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def finished(client: TestClient) -> Callable[[Any], dict[str, Any]]:
    """Wait for the task of a 202 answer."""

    def wait(response: Any) -> dict[str, Any]:
        assert response.status_code == 202, response.text
        for _ in range(600):
            task: dict[str, Any] = client.get(f"/v1/tasks/{response.json()['task_id']}").json()
            if task["state"] not in {"queued", "running"}:
                return task
            time.sleep(0.02)
        raise AssertionError("the task does not end")

    return wait
