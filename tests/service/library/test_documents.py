"""Adding, replacing, deleting documents over HTTP; versions; tasks; stable ids."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from tiaowen_indexer import publishing
from tiaowen_service.library.desk import Desk
from tiaowen_service.live import Live

NOTICE = "关于教学开放周的通知\n\n一、时间\n五月第二周为教学开放周。\n二、要求\n不得收取费用。\n"
Wait = Callable[[Any], dict[str, Any]]


def _file(name: str, text: str) -> tuple[str, tuple[str, bytes]]:
    return ("file", (name, text.encode()))


def _found(client: TestClient, query: str) -> list[str]:
    hits = client.post("/v1/search", json={"query": query, "mode": "bm25"}).json()["hits"]
    return [hit["clause_id"] for hit in hits]


def test_a_document_is_added_found_replaced_deleted_and_put_back(
    client: TestClient, live: Live, finished: Wait
) -> None:
    added = client.post("/v1/documents", files=[_file("notice.txt", NOTICE)])
    task = finished(added)
    assert task["state"] == "succeeded", task
    assert added.json()["accepted"][0] | {"sha256": "", "etag": ""} == {
        "file_id": "notice",
        "name": "notice.txt",
        "change": "created",
        "version": 1,
        "size": len(NOTICE.encode()),
        "sha256": "",
        "etag": "",
    }
    live.reopen()
    before = _found(client, "收取费用")
    assert before and before[0].startswith("notice/二")

    changed = NOTICE.replace("收取费用", "布置作业")
    replaced = client.put("/v1/documents/notice", files=[_file("notice.txt", changed)])
    assert finished(replaced)["state"] == "succeeded"
    live.reopen()
    assert _found(client, "布置作业") == before  # ids are the same after a change of wording
    assert not _found(client, "收取费用")

    assert finished(client.delete("/v1/documents/notice"))["state"] == "succeeded"
    live.reopen()
    assert not _found(client, "布置作业")
    listed = client.get("/v1/documents/notice/versions").json()
    assert [row["change"] for row in listed["versions"]] == ["delete", "put", "put"]
    assert not listed["exists"]
    assert client.get("/v1/documents/notice/versions/1").content == NOTICE.encode()

    finished(client.post("/v1/documents/notice/versions/1:restore"))
    live.reopen()
    assert _found(client, "收取费用") == before


def test_a_batch_takes_the_good_and_names_the_bad(client: TestClient, finished: Wait) -> None:
    answer = client.post(
        "/v1/documents",
        files=[
            _file("one.txt", NOTICE),
            _file("two.txt", "一、开门\n每天七点开门。\n"),
            _file("empty.txt", " "),
            _file("virus.exe", "MZ"),
            _file("one.txt", "again"),
            _file("../../etc/evil.txt", NOTICE),
        ],
    )
    assert finished(answer)["state"] == "succeeded"
    body = answer.json()
    assert [item["file_id"] for item in body["accepted"]] == ["one", "two"]
    codes = {item["name"]: item["code"] for item in body["refused"]}
    assert codes["empty.txt"] == "empty_file"
    assert codes["virus.exe"] == "bad_name"
    assert codes["one.txt"] == "document_exists"
    assert len(body["refused"]) == 4


@pytest.mark.parametrize(
    ("name", "data", "refused"),
    [
        ("rules.txt", "一、新\n新的规定。\n", (409, "document_exists")),
        ("x.txt", " \n", (422, "empty_file")),
        ("x.pdf", "%PDF-1.4 nothing", (422, "broken_file")),
        ("x.txt", "\x89PNG\r\n\x1a\n", (415, "unknown_format")),
        ("..\\x.txt", NOTICE, (422, "bad_name")),
        (".hidden.txt", NOTICE, (422, "bad_name")),
        ("con.txt", NOTICE, (422, "bad_name")),
        ("x" * 300 + ".txt", NOTICE, (422, "bad_name")),
        ("a\u202etxt.txt", NOTICE, (422, "bad_name")),
    ],
)
def test_what_is_refused_is_refused_with_a_reason(
    client: TestClient, corpus: Path, name: str, data: str, refused: tuple[int, str]
) -> None:
    raw = data.encode("latin-1") if data.startswith("\x89") else data.encode()
    before = sorted(path.name for path in corpus.iterdir())
    answer = client.post("/v1/documents", content=raw, params={"name": name})
    assert (answer.status_code, answer.json()["code"]) == refused, answer.text
    assert " / " in answer.json()["remedy"]
    assert sorted(path.name for path in corpus.iterdir() if path.name[0] != ".") == before


def test_the_same_key_does_it_once(client: TestClient, finished: Wait) -> None:
    headers = {"Idempotency-Key": "upload-1"}
    first = client.post("/v1/documents", files=[_file("n.txt", NOTICE)], headers=headers)
    again = client.post("/v1/documents", files=[_file("n.txt", NOTICE)], headers=headers)
    assert first.json()["task_id"] == again.json()["task_id"]
    assert finished(again)["state"] == "succeeded"
    other = client.post("/v1/documents", files=[_file("m.txt", NOTICE)], headers=headers)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert len(client.get("/v1/documents/n/versions").json()["versions"]) == 1


def test_if_match_guards_against_a_lost_update(client: TestClient, finished: Wait) -> None:
    tag = client.get("/v1/documents/rules/versions").headers["etag"]
    assert client.get("/v1/documents/rules").headers["etag"].startswith(tag[:-1])
    body = [_file("rules.txt", NOTICE)]
    first = client.put("/v1/documents/rules", files=body, headers={"If-Match": tag})
    assert finished(first)["state"] == "succeeded"
    late = client.put("/v1/documents/rules", files=body, headers={"If-Match": tag})
    assert (late.status_code, late.json()["code"]) == (412, "precondition_failed")
    gone = client.delete("/v1/documents/rules", headers={"If-Match": tag})
    assert gone.status_code == 412
    # what stood in the folder before any request is a version too
    versions = client.get("/v1/documents/rules/versions").json()["versions"]
    assert [row["version"] for row in versions] == [2, 1]


def test_put_may_change_the_format_and_leaves_one_file(
    client: TestClient, corpus: Path, finished: Wait
) -> None:
    answer = client.put(
        "/v1/documents/rules", files=[_file("rules.md", "# 规定\n\n一、新的要求。\n")]
    )
    assert finished(answer)["state"] == "succeeded"
    assert [path.name for path in corpus.iterdir() if path.name[0] != "."] == ["rules.md"]


def test_a_missing_document_is_404(client: TestClient) -> None:
    assert client.delete("/v1/documents/none").status_code == 404
    assert client.get("/v1/documents/none/versions").status_code == 404
    assert client.get("/v1/documents/rules/versions/9").status_code == 404
    assert client.get("/v1/tasks/none").json()["code"] == "task_not_found"


def test_the_event_stream_ends_with_done(client: TestClient) -> None:
    task_id = client.post("/v1/documents", files=[_file("n.txt", NOTICE)]).json()["task_id"]
    with client.stream("GET", f"/v1/tasks/{task_id}/events") as stream:
        text = "".join(stream.iter_text())
    events = [line for line in text.splitlines() if line.startswith("event:")]
    assert events[-1] == "event: done"
    assert '"state":"succeeded"' in text


def test_indexes_are_listed_activated_and_rolled_back(
    client: TestClient, desk: Desk, finished: Wait
) -> None:
    old = client.get("/v1/indexes").json()["live"]
    new = finished(client.post("/v1/documents", files=[_file("n.txt", NOTICE)]))["index_version"]
    assert client.get("/v1/indexes").json()["live"] == new != old
    back = client.post("/v1/indexes:rollback").json()
    assert (back["version"], back["live"], back["pinned"]) == (old, True, True)
    assert client.post("/v1/search", json={"query": "听课"}).json()["index_version"] == old
    assert client.post(f"/v1/indexes/{new}:activate").json()["live"]
    assert client.post("/v1/indexes/0123:activate").status_code == 404
    rebuilt = finished(client.post("/v1/indexes", json={}))
    assert (rebuilt["state"], rebuilt["index_version"]) == ("succeeded", new)
    assert desk.indexes.pinned() is None


def test_documents_go_live_unjudged_and_rebuilds_are_judged(
    client: TestClient, finished: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(folder: Path, **_: object) -> dict[str, object]:
        decision = {"may_publish": False, "status": "failed", "reasons": ["nDCG@10 fell"]}
        return decision | {"notices": [], "summary": "", "report": "", "figures": {"nDCG@10": 0.1}}

    monkeypatch.setattr(publishing, "gates", lambda: (refuse,))
    live = finished(client.post("/v1/documents", files=[_file("n.txt", NOTICE)]))
    assert live["state"] == "succeeded"
    aside = finished(client.post("/v1/indexes", json={"force": True}))
    assert (aside["state"], aside["error"]["code"]) == ("kept_aside", "index_kept_aside")
    assert client.get("/v1/indexes").json()["live"] == live["index_version"]


def test_only_the_last_versions_are_kept(client: TestClient, desk: Desk, finished: Wait) -> None:
    for number in range(4):
        body = [_file("n.txt", NOTICE + f"三、第{number}项\n补充{number}。\n")]
        assert finished(client.put("/v1/documents/n", files=body))["state"] == "succeeded"
    kept = client.get("/v1/indexes").json()["indexes"]
    assert len(kept) == 3
    assert kept[0]["live"]
