"""Judging over HTTP: offered by a plug-in, kept among the questions, taken back."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from tiaowen_evaluation import hook
from tiaowen_service.http import judging
from tiaowen_service.http.app import create_app
from tiaowen_service.library.desk import Desk
from tiaowen_service.live import Live
from tiaowen_service.security.apart import ReaderApart
from tiaowen_service.security.doors import Doors
from tiaowen_service.security.keys import KeyRing, Scope, create

QUESTION = {
    "question_id": "open-1",
    "query": "家长什么时候可以听课",
    "category": "paraphrase",
    "asker": "clerk",
    "script": "simplified",
    "lang": "zh",
    "split": "test",
    "judgements": [{"file_id": "plan", "quote": "每年五月的第二週", "grade": 3}],
    "answer": [{"file_id": "plan", "quote": "每年五月的第二週"}],
}


@pytest.fixture
def questions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of one question, used instead of the shipped ones."""
    folder = tmp_path / "questions"
    folder.mkdir()
    (folder / "one.jsonl").write_text(json.dumps(QUESTION, ensure_ascii=False) + "\n", "utf-8")
    monkeypatch.setenv("TIAOWEN_QUESTIONS", str(folder))
    return folder


@pytest.fixture
def judged(library: Path, index: Path, questions: Path, tmp_path: Path) -> Live:
    """An index that has been evaluated with the question."""
    folder = tmp_path / "index"
    shutil.copytree(index, folder)
    live = Live(folder, model="svd")
    decision = hook.gate(folder / live.searcher().version, model="svd")
    assert decision["report"], decision
    return live


@pytest.fixture
def ring(tmp_path: Path) -> KeyRing:
    return KeyRing(tmp_path / "keys.jsonl")


def _client(live: Live, library: Path, ring: KeyRing | None = None) -> TestClient:
    desk = Desk(library, live.index, read=ReaderApart(), model="svd")
    app = create_app(live, desk=desk, doors=Doors(ring=ring))
    return TestClient(app, base_url="http://localhost", raise_server_exceptions=False)


@pytest.fixture
def client(judged: Live, library: Path) -> Iterator[TestClient]:
    with _client(judged, library) as found:
        yield found


def _rows(questions: Path) -> list[str]:
    path = questions / "pooled.jsonl"
    return path.read_text("utf-8").splitlines() if path.exists() else []


def _grade(task: dict[str, object], grade: int) -> dict[str, object]:
    return {"question_id": task["question_id"], "clause_id": task["clause_id"], "grade": grade}


def test_a_grade_is_kept_and_the_next_task_follows(client: TestClient, questions: Path) -> None:
    first = client.get("/v1/judging/next").json()["task"]
    assert first["query"] == QUESTION["query"]
    assert first["text"] and first["place"]
    assert client.post("/v1/judging", json=_grade(first, 1)).status_code == 201
    second = client.get("/v1/judging/next").json()["task"]
    assert second["clause_id"] != first["clause_id"]
    assert second["left"] == first["left"] - 1
    (kept,) = map(json.loads, _rows(questions))
    assert kept["question_id"] == "open-1"
    assert kept["judgements"][0]["grade"] == 1


def test_skipping_passes_over_and_the_end_is_null(client: TestClient) -> None:
    first = client.get("/v1/judging/next").json()["task"]
    seen = [
        client.get("/v1/judging/next", params={"skipped": at}).json()["task"]
        for at in range(first["left"] + 1)
    ]
    assert seen[-1] is None
    assert len({task["clause_id"] for task in seen[:-1]}) == first["left"]


def test_a_grade_is_taken_back_alone(client: TestClient, questions: Path) -> None:
    first = client.get("/v1/judging/next").json()["task"]
    client.post("/v1/judging", json=_grade(first, 0))
    second = client.get("/v1/judging/next").json()["task"]
    client.post("/v1/judging", json=_grade(second, 2))
    pair = {name: first[name] for name in ("question_id", "clause_id")}
    assert client.delete("/v1/judging", params=pair).status_code == 204
    assert [json.loads(row)["judgements"][0]["grade"] for row in _rows(questions)] == [2]
    again = client.get("/v1/judging/next").json()["task"]
    assert again == first | {"left": first["left"] - 1}
    assert client.delete("/v1/judging", params=pair).status_code == 404


def test_what_is_kept_is_a_label_of_the_next_start(
    client: TestClient, judged: Live, library: Path
) -> None:
    first = client.get("/v1/judging/next").json()["task"]
    client.post("/v1/judging", json=_grade(first, 0))
    with _client(judged, library) as later:
        task = later.get("/v1/judging/next").json()["task"]
    assert task["clause_id"] != first["clause_id"]
    assert task["left"] == first["left"] - 1


def test_a_grade_of_nothing_and_a_wrong_grade_are_refused(
    client: TestClient, questions: Path
) -> None:
    first = client.get("/v1/judging/next").json()["task"]
    assert client.post("/v1/judging", json=_grade(first, 4)).status_code == 422
    unknown = _grade(first, 1) | {"clause_id": "nowhere/1"}
    refused = client.post("/v1/judging", json=unknown)
    assert (refused.status_code, refused.json()["code"]) == (404, "nothing_to_judge")
    client.post("/v1/judging", json=_grade(first, 1))
    assert client.post("/v1/judging", json=_grade(first, 3)).status_code == 404
    assert len(_rows(questions)) == 1


@pytest.mark.parametrize(("scope", "status"), [("read", 403), ("write", 201)])
def test_grading_needs_a_key_that_may_write(
    judged: Live, library: Path, ring: KeyRing, scope: Scope, status: int
) -> None:
    key, token = create("judge", scope)
    ring.add(key)
    with _client(judged, library, ring) as client:
        client.headers["authorization"] = f"Bearer {token}"
        first = client.get("/v1/judging/next").json()["task"]
        assert client.post("/v1/judging", json=_grade(first, 1)).status_code == status


def test_where_nothing_is_offered_there_is_no_such_route(
    judged: Live, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(judging, "entry_points", lambda *, group: [])
    with _client(judged, library) as client:
        assert client.get("/v1/judging/next").status_code == 404
        assert "/v1/judging" not in client.get("/openapi.json").json()["paths"]


def test_a_service_that_writes_nothing_offers_no_judging(judged: Live) -> None:
    with TestClient(create_app(judged)) as client:
        assert client.get("/v1/judging/next").status_code == 404


def test_quality_shows_the_last_evaluation(client: TestClient, judged: Live) -> None:
    shown = client.get("/v1/quality").json()
    report = shown["report"]
    assert report["index_version"] == judged.searcher().version
    assert report["questions"] == 1
    assert [row["category"] for row in report["categories"]] == ["paraphrase"]
    assert report["categories"][0]["questions"] == 1
    assert 0 <= report["overall"]["nDCG@10"] <= 1
    assert report["overall"]["nDCG@10"] == report["categories"][0]["nDCG@10"]
    assert len(shown["history"]) == 1
    assert client.get("/v1/quality", params={"worst": 0}).json()["report"]["worst"] == []


def test_the_worst_questions_stand_first_and_perfect_ones_are_left_out(
    client: TestClient, judged: Live
) -> None:
    path = judged.index / "reports" / f"{judged.searcher().version}.json"
    report = json.loads(path.read_text("utf-8"))
    facts = report["questions"]["open-1"]
    report["questions"] |= {"b": facts, "c": facts}
    report["per_question"]["ranked"]["nDCG@10"] = {"open-1": 0.5, "b": 1.0, "c": 0.25}
    path.write_text(json.dumps(report), "utf-8")
    worst = client.get("/v1/quality").json()["report"]["worst"]
    assert [(row["question_id"], row["nDCG@10"]) for row in worst] == [("c", 0.25), ("open-1", 0.5)]


def test_a_judging_that_fails_is_logged_and_the_service_starts(
    judged: Live,
    library: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fails(index: Path) -> None:
        raise RuntimeError(f"no judging over {index.name}")

    monkeypatch.setattr("tiaowen_evaluation.judging_desk.offer", fails)
    client = _client(judged, library)
    assert client.get("/v1/judging/next").status_code == 404
    assert client.post("/v1/search", json={"query": "听课"}).json()["hits"]
    assert "no judging over" in caplog.text
