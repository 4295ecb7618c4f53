"""The built page as it is served: one page for every view, files kept by the browser."""

from __future__ import annotations

import re

from fastapi.testclient import TestClient
from tiaowen_service.http.pages import VIEWS


def test_every_view_gets_the_page_and_asks_again(client: TestClient) -> None:
    bodies = {client.get(f"/{view}").text for view in VIEWS}
    assert len(bodies) == 1
    first = client.get("/")
    assert first.headers["cache-control"] == "no-cache"
    again = client.get("/", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_assets_are_kept_for_good_and_shrunk(client: TestClient) -> None:
    assets = re.findall(r'(?:src|href)="\./(assets/[^"]+)"', client.get("/").text)
    assert assets
    for asset in assets:
        answer = client.get(f"/{asset}", headers={"accept-encoding": "gzip"})
        assert answer.status_code == 200
        assert "immutable" in answer.headers["cache-control"]
        assert answer.headers["content-encoding"] == "gzip"
        plain = client.get(f"/{asset}", headers={"accept-encoding": "identity"})
        assert plain.content == answer.content


def test_the_page_has_no_inline_script_and_nothing_from_elsewhere(client: TestClient) -> None:
    answer = client.get("/")
    assert "default-src 'self'" in answer.headers["content-security-policy"]
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert not re.search(r"<script(?![^>]*\bsrc=)", answer.text)
    assert not re.search(r"https?://", answer.text)


def test_an_unknown_address_is_a_problem_not_the_page(client: TestClient) -> None:
    answer = client.get("/nowhere")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


def test_quality_without_a_report_says_so(client: TestClient) -> None:
    assert client.get("/v1/quality").json() == {"history": [], "report": None}
