"""Two service processes before one Milvus: the same answers, also through a switch."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

pytestmark = pytest.mark.slow

QUERIES = ("家长听课", "严禁吸烟", "升国旗", "每学期至少几次")
PATIENCE = 60  # seconds for a process to answer
_TIAOWEN = "from tiaowen_service.cli import app; app()"


def _free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


def _until(holds: Callable[[], bool], process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        assert process.poll() is None, process.returncode
        try:
            if holds():
                return
        except OSError:
            pass
        time.sleep(0.1)
    raise AssertionError("no answer in time")


@pytest.fixture
def started() -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    running: list[subprocess.Popen[bytes]] = []

    def start(*command: str, **environment: str) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [sys.executable, *command],
            env=os.environ | environment,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        running.append(process)
        return process

    yield start
    for process in reversed(running):
        process.send_signal(signal.SIGTERM)
    for process in running:
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()


def _ask(port: int, query: str, **more: str) -> dict[str, Any]:
    asked = "".join(f"&{name}={quote(value)}" for name, value in more.items())
    address = f"http://127.0.0.1:{port}/v1/search?q={quote(query)}{asked}"
    with urllib.request.urlopen(address, timeout=20) as answer:
        found: dict[str, Any] = json.load(answer)
        return found


def _hits(answer: dict[str, Any]) -> list[tuple[str, float]]:
    return [(hit["clause_id"], round(hit["score"], 3)) for hit in answer["hits"]]


def test_two_processes_before_one_store(
    library: Path, tmp_path: Path, started: Callable[..., subprocess.Popen[bytes]]
) -> None:
    if importlib.util.find_spec("milvus_lite") is None:
        pytest.skip("Milvus Lite is not installed: pip install 'tiaowen[milvus]'")
    corpus, index = tmp_path / "corpus", tmp_path / "index"
    shutil.copytree(library, corpus)
    milvus, ports = _free_port(), (_free_port(), _free_port())
    data = ("--data-dir", str(tmp_path / "milvus"), "--host", "127.0.0.1", "--port", str(milvus))
    engine = started("-m", "milvus_lite", "server", *data)
    _until(lambda: socket.create_connection(("127.0.0.1", milvus), 1).close() is None, engine)
    setting = {"TIAOWEN_STORE": f"milvus+http://127.0.0.1:{milvus}", "TIAOWEN_EMBEDDER": "svd"}
    build = [sys.executable, "-c", _TIAOWEN, "index", "--corpus", str(corpus), "--index", index]
    subprocess.run(build, env=os.environ | setting, check=True, stdout=subprocess.DEVNULL)
    places = ("--index", str(index), "--corpus", str(corpus))
    for port in ports:
        serving = started("-c", _TIAOWEN, "serve", *places, "--port", str(port), **setting)
        _until(lambda port=port: bool(_ask(port, "学校")), serving)  # type: ignore[misc]

    from tiaowen_indexer.snapshot import open_current
    from tiaowen_service.request import SearchRequest
    from tiaowen_service.searcher import open_searcher

    local = open_searcher(open_current(index), model="svd")
    before = local.version
    for query in QUERIES:
        one, other = (_ask(port, query) for port in ports)
        assert _hits(one) == _hits(other)
        here = local.search(SearchRequest(query))
        assert {hit for hit, _ in _hits(one)} == {hit["clause_id"] for hit in here["hits"]}
        assert _hits(one)[0][0] == here["hits"][0]["clause_id"]
    for port in ports:
        filtered = _ask(port, "家长", doc_ids="plan")
        assert {hit["doc_id"] for hit in filtered["hits"]} == {"plan"}

    (corpus / "more.txt").write_text(
        "青溪县补充通知\n\n一、校车\n校车严禁超载。\n", encoding="utf-8"
    )
    subprocess.run(build, env=os.environ | setting, check=True, stdout=subprocess.DEVNULL)
    versions = {port: {before} for port in ports}
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and any(len(seen) < 2 for seen in versions.values()):
        for port in ports:
            answer = _ask(port, "校车超载")
            versions[port].add(answer["index_version"])
            new = answer["index_version"] != before
            found = any(hit["doc_id"] == "more" for hit in answer["hits"])
            assert found == new, "an answer is of one version, whole"
        time.sleep(0.05)
    assert versions[ports[0]] == versions[ports[1]]
    assert len(versions[ports[0]]) == 2
