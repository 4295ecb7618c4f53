"""Answers given before are given again, for the same index alone."""

from __future__ import annotations

from fastapi.testclient import TestClient
from pytest import MonkeyPatch
from tiaowen_service.answers import MOST, Answers, Given
from tiaowen_service.http import search
from tiaowen_service.request import SearchRequest


def test_the_same_search_is_answered_from_what_is_kept(client: TestClient) -> None:
    first = client.get("/v1/search", params={"q": "座谈会", "limit": 7})
    again = client.post("/v1/search", json={"query": "座谈会", "limit": 7})
    assert "x-cache" not in first.headers
    assert again.headers["x-cache"] == "hit"
    assert again.content == first.content
    other = client.get("/v1/search", params={"q": "座谈会", "limit": 7, "explain": "true"})
    assert "x-cache" not in other.headers


def test_the_same_bytes_are_not_read_again(client: TestClient, monkeypatch: MonkeyPatch) -> None:
    first = client.get("/v1/search?q=陪餐&limit=4")
    monkeypatch.setattr(search, "_from_query", lambda request: 1 / 0)
    assert client.get("/v1/search?q=陪餐&limit=4").content == first.content
    monkeypatch.undo()
    assert client.get("/v1/search?q=陪餐&limit=5").content != first.content
    refused = client.get("/v1/search?q=陪餐&limit=0")
    assert refused.status_code == client.get("/v1/search?q=陪餐&limit=0").status_code == 422


def test_a_new_index_empties_it() -> None:
    answers, request, given = Answers(), SearchRequest("吸烟"), Given(b"{}", {})
    assert answers.get("one", request) is None
    answers.keep("one", request, given)
    assert answers.get("one", request) is given
    assert answers.get("two", request) is None
    assert answers.get("one", request) is None


def test_the_one_not_asked_for_longest_goes() -> None:
    answers = Answers()
    requests = [SearchRequest(str(number)) for number in range(MOST)]
    answers.get("one", requests[0])
    for request in requests:
        answers.keep("one", request, Given(b"{}", {}))
    answers.get("one", requests[0])
    answers.keep("one", SearchRequest("新"), Given(b"{}", {}))
    assert answers.get("one", requests[0]) is not None
    assert answers.get("one", requests[1]) is None
