"""Who may come in: keys, scopes, rates, foreign pages; what is written to the audit log."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from tiaowen_service import logs
from tiaowen_service.http.app import create_app
from tiaowen_service.library.desk import Desk
from tiaowen_service.live import Live
from tiaowen_service.running import OpenDoors, doors_of
from tiaowen_service.security.doors import Doors
from tiaowen_service.security.keys import SCOPES, KeyRing, Scope, create
from tiaowen_service.security.rates import Rates
from tiaowen_service.settings import Settings


def _ring(path: Path) -> tuple[KeyRing, dict[Scope, str]]:
    ring, tokens = KeyRing(path), {}
    for scope in SCOPES:
        key, tokens[scope] = create(f"{scope}-key", scope)
        ring.add(key)
    return ring, tokens


def _client(live: Live, desk: Desk, doors: Doors) -> TestClient:
    app = create_app(live, desk=desk, doors=doors)
    return TestClient(app, base_url="http://localhost", raise_server_exceptions=False)


def test_keys_and_scopes(live: Live, desk: Desk, tmp_path: Path) -> None:
    ring, tokens = _ring(tmp_path / "keys")
    client = _client(live, desk, Doors(ring=ring))

    def asked(method: str, path: str, scope: Scope | None) -> int:
        headers = {"Authorization": f"Bearer {tokens[scope]}"} if scope else {}
        return client.request(method, path, headers=headers).status_code

    assert asked("GET", "/livez", None) == asked("GET", "/readyz", None) == 200
    assert asked("GET", "/v1/documents", None) == asked("GET", "/metrics", None) == 401
    assert asked("GET", "/v1/documents", "read") == 200
    assert asked("DELETE", "/v1/documents/none", "read") == 403
    assert asked("DELETE", "/v1/documents/none", "write") == 404
    assert asked("POST", "/v1/indexes:rollback", "write") == 403
    assert asked("POST", "/v1/indexes:rollback", "admin") == 409
    answer = client.get("/v1/documents")
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert answer.json()["code"] == "key_missing"
    ring.revoke("read-key")
    assert asked("GET", "/v1/documents", "read") == 401
    assert client.get("/v1/documents", headers={"X-API-Key": tokens["write"]}).status_code == 200


def test_the_file_of_keys_holds_no_key(tmp_path: Path) -> None:
    _, tokens = _ring(tmp_path / "keys")
    text = (tmp_path / "keys").read_text()
    assert all(token.split("_", 2)[2] not in text for token in tokens.values())
    assert (tmp_path / "keys").stat().st_mode & 0o777 == 0o600
    from_environment = KeyRing(None, more=text)
    found = from_environment.find(tokens["admin"])
    assert found is not None and found.scope == "admin"
    assert from_environment.find(tokens["admin"][:-1] + "x") is None


def test_an_open_address_needs_a_key(tmp_path: Path) -> None:
    settings = Settings(keys_file=tmp_path / "keys")
    with pytest.raises(OpenDoors, match="tiaowen keys create"):
        doors_of(settings, "0.0.0.0")
    assert not doors_of(settings, "127.0.0.1").ring
    _ring(tmp_path / "keys")
    assert doors_of(settings, "0.0.0.0").ring


def test_rates_say_when_to_come_again(live: Live, desk: Desk) -> None:
    client = _client(live, desk, Doors(reads=Rates(1, 3), writes=Rates(1, 2)))
    answers = [client.get("/v1/documents") for _ in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
    assert answers[-1].headers["retry-after"] == "1"
    assert answers[-1].json()["code"] == "too_many_requests"


def test_buckets_fill_again() -> None:
    now = [0.0]
    rates = Rates(2, 4, clock=lambda: now[0])
    assert [rates.wait("a") for _ in range(4)] == [0.0] * 4
    assert rates.wait("a") == pytest.approx(0.5)
    assert rates.wait("b") == 0.0
    now[0] = 0.5
    assert rates.wait("a") == 0.0


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
    ],
)
def test_other_peoples_pages_write_nothing(live: Live, desk: Desk, headers: dict[str, str]) -> None:
    client = _client(live, desk, Doors())
    answer = client.delete("/v1/documents/rules", headers=headers)
    assert answer.status_code in {403, 421}
    assert desk.shelf.is_there("rules")
    assert "access-control-allow-origin" not in answer.headers


def test_cors_is_open_to_whom_is_named_alone(live: Live, desk: Desk) -> None:
    client = _client(live, desk, Doors(origins=frozenset({"https://school.example"})))
    good = client.get("/v1/documents", headers={"Origin": "https://school.example"})
    assert good.headers["access-control-allow-origin"] == "https://school.example"
    other = client.get("/v1/documents", headers={"Origin": "https://evil.example"})
    assert "access-control-allow-origin" not in other.headers


def test_writes_are_audited_without_secrets(live: Live, desk: Desk, tmp_path: Path) -> None:
    ring, tokens = _ring(tmp_path / "keys")
    client = _client(live, desk, Doors(ring=ring))
    headers = {"Authorization": f"Bearer {tokens['write']}", "X-Request-Id": "one"}
    client.delete("/v1/documents/none?secret=1", headers=headers)
    client.get("/v1/documents", headers=headers)
    client.delete("/v1/documents/rules")
    text = (desk.shelf.folder / ".tiaowen" / "audit.jsonl").read_text()
    rows = [json.loads(line) for line in text.splitlines()]
    assert [(row["by"], row["status"]) for row in rows] == [("write-key", 404), ("", 401)]
    assert rows[0]["request_id"] == "one"
    assert "secret" not in text and tokens["write"] not in text


def test_logs_are_json_and_hide_keys() -> None:
    _, token = create("k", "read")
    record = logging.LogRecord("x", logging.INFO, "f", 1, "came with %s", (token,), None)
    line = json.loads(logs.JsonLines().format(record))
    assert token not in json.dumps(line)
    assert line["message"] == "came with tw_***"


def test_strict_headers(live: Live, desk: Desk) -> None:
    headers = _client(live, desk, Doors()).get("/v1/documents").headers
    assert headers["x-content-type-options"] == "nosniff"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
