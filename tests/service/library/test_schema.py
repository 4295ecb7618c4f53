"""Requests made from /openapi.json by schemathesis: whatever is sent, never a 5xx."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tiaowen_indexer import publishing
from tiaowen_indexer.build import build
from tiaowen_service.http.app import create_app
from tiaowen_service.library.desk import Desk
from tiaowen_service.live import Live
from tiaowen_service.security.apart import ReaderApart
from tiaowen_service.security.doors import Doors
from tiaowen_service.security.keys import SCOPES, KeyRing, create
from tiaowen_service.security.rates import Rates

schemathesis = pytest.importorskip("schemathesis")

_EXPECTED = {"cannot_write", "busy"}  # a disk that is full, a build in hand: said with Retry-After
_SKIPPED = {"/v1/tasks/{task_id}/events"}  # a stream that lasts as long as its task
# control characters and rare signs, as scans and old word processors leave them
_ODD = "一、听课\x0b记录\n\x01每学期\x1f至少听课\U00020000十次,\x0c不得少于80%。\n"
_ODD += "二、其他。\n" * 90  # too large a share of such characters is refused as binary


class Tried(NamedTuple):
    """What is attacked: the operations, what identifies what is there, headers to choose from."""

    api: Any
    known: dict[str, list[Any]]
    headers: list[dict[str, str]]


@pytest.fixture(scope="module", params=["open", "keys"])
def tried(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    read_apart: ReaderApart,
) -> Iterator[Tried]:
    """A service that asks for nothing, or for keys: right ones, too weak ones, wrong ones, none."""
    folder = tmp_path_factory.mktemp("schema")
    corpus, index = folder / "corpus", folder / "index"
    corpus.mkdir()
    (corpus / "rules.txt").write_text("一、次数\n每学期至少听课十次。\n", "utf-8")
    (corpus / "odd.txt").write_text(_ODD, "utf-8")
    build(corpus, index, model="svd")
    doors, headers = None, [{"Authorization": "Bearer none"}, {}]
    if request.param == "keys":
        doors = Doors(ring=(ring := KeyRing(folder / "keys")), failures=Rates(0))
        for scope in SCOPES:
            key, token = create(f"{scope}-key", scope)
            ring.add(key)
            headers += [{"X-API-Key": token}] * (5 if scope == "admin" else 1)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(publishing, "gates", tuple)
        desk = Desk(corpus, index, read=read_apart, model="svd")
        app = create_app(Live(index, model="svd"), desk=desk, doors=doors)
        task = TestClient(app).post("/v1/indexes", json={}, headers=headers[-1]).json()
        known = {
            "clause_id": ["rules/一", "odd/一", "odd/二"],
            "doc_id": [row["doc_id"] for row in _documents(app, headers[-1])],
            "file_id": ["rules", "odd", "new"],
            "version": [1, 2, *(path.name for path in index.iterdir() if path.is_dir())],
            "task_id": [task["task_id"]],
        }
        yield Tried(schemathesis.openapi.from_asgi("/openapi.json", app), known, headers)
        desk.foreman.stop()


def _documents(app: FastAPI, headers: dict[str, str]) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = (
        TestClient(app).get("/v1/documents", headers=headers).json()["documents"]
    )
    assert len(listed) == 2
    return listed


def _attack(tried: Tried, examples: int) -> None:
    operations = [result.ok() for result in tried.api.get_all_operations()]
    wanted = [operation for operation in operations if operation.path not in _SKIPPED]
    assert len(wanted) > 20
    answered = {
        status for operation in wanted for status in _attack_one(tried, operation, examples)
    }
    assert 200 in answered  # some requests got further than the door


def _attack_one(tried: Tried, operation: Any, examples: int) -> set[int]:
    answered = set()

    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
        derandomize=True,
    )
    @given(case=operation.as_strategy(), data=st.data())
    def attack(case: Any, data: st.DataObject) -> None:
        for name in sorted(set(case.path_parameters or ()) & set(tried.known)):
            if data.draw(st.integers(0, 3)):  # three times in four something that is there
                case.path_parameters[name] = data.draw(st.sampled_from(tried.known[name]))
        response = case.call(headers=data.draw(st.sampled_from(tried.headers)))
        where = f"{operation.method} {operation.path}"
        status = response.status_code
        answered.add(status)
        if status >= 500:
            assert response.json().get("code") in _EXPECTED, f"{where}: {response.text[:300]}"
            assert "retry-after" in response.headers

    attack()
    return answered


def test_no_request_makes_it_fail(tried: Tried) -> None:
    _attack(tried, 3)


@pytest.mark.slow
def test_no_request_of_many_makes_it_fail(tried: Tried) -> None:
    _attack(tried, 150)
