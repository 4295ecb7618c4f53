"""Requests made from /openapi.json by schemathesis: whatever is sent, never a 5xx."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from tiaowen_indexer import publishing
from tiaowen_indexer.build import build
from tiaowen_service.http.app import create_app
from tiaowen_service.library.desk import Desk
from tiaowen_service.live import Live
from tiaowen_service.security.apart import ReaderApart

schemathesis = pytest.importorskip("schemathesis")

_EXPECTED = {507}  # a disk that is full is no fault of ours
_SKIPPED = {"/v1/tasks/{task_id}/events"}  # a stream that lasts as long as its task


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory, read_apart: ReaderApart) -> Any:
    folder = tmp_path_factory.mktemp("schema")
    corpus, index = folder / "corpus", folder / "index"
    corpus.mkdir()
    (corpus / "rules.txt").write_text("一、次数\n每学期至少听课十次。\n", "utf-8")
    build(corpus, index, model="svd")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(publishing, "gates", tuple)
        desk = Desk(corpus, index, read=read_apart, model="svd")
        app = create_app(Live(index, model="svd"), desk=desk)
        yield schemathesis.openapi.from_asgi("/openapi.json", app)
        desk.foreman.stop()


def _attack(api: Any, examples: int) -> None:
    operations = [result.ok() for result in api.get_all_operations()]
    wanted = [operation for operation in operations if operation.path not in _SKIPPED]
    assert len(wanted) > 20
    for operation in wanted:
        _attack_one(operation, examples)


def _attack_one(operation: Any, examples: int) -> None:
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
        derandomize=True,
    )
    @given(case=operation.as_strategy())
    def attack(case: Any) -> None:
        response = case.call()
        where = f"{operation.method} {operation.path}"
        status = response.status_code
        assert status < 500 or status in _EXPECTED, f"{where}: {status} {response.text[:300]}"

    attack()


def test_no_request_makes_it_fail(api: Any) -> None:
    _attack(api, 3)


@pytest.mark.slow
def test_no_request_of_many_makes_it_fail(api: Any) -> None:
    _attack(api, 150)
