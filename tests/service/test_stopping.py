"""SIGTERM while a search, an event stream and a build are under way: all end, nothing is half."""

from __future__ import annotations

import json
import os
import random
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from tiaowen_corpus.library import Library
from tiaowen_evaluation.bench import shared
from tiaowen_indexer.build import build
from tiaowen_indexer.manifest import Manifest
from tiaowen_indexer.snapshot import current_version
from tiaowen_service.library.indexes import Indexes

_TIAOWEN = "from tiaowen_service.cli import app; app()"
DUTIES = ["检查卫生", "组织听课", "安排值日", "记录考勤", "上报材料", "走访家庭", "批改作业"]
MANY = 250  # documents: their rebuild takes seconds
PATIENCE = 60.0


class Serving:
    """A served library, in a process of its own."""

    def __init__(self, corpus: Path, index: Path) -> None:
        with socket.socket() as listening:
            listening.bind(("127.0.0.1", 0))
            self.port = int(listening.getsockname()[1])
        places = ("--corpus", str(corpus), "--index", str(index), "--port", str(self.port))
        settings = {
            "TIAOWEN_EMBEDDER": "svd",
            "TIAOWEN_GRACEFUL_SECONDS": "1",
            "TIAOWEN_SEARCHERS": "2",
        }
        self.process = subprocess.Popen(
            [sys.executable, "-c", _TIAOWEN, "serve", *places],
            env=os.environ | settings,
            stdout=subprocess.DEVNULL,
        )

    def open(self, path: str, data: bytes | None = None) -> Any:
        """Return the open answer; with ``data`` it is a POST."""
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", data=data)
        request.add_header("content-type", "application/json")
        return urllib.request.urlopen(request, timeout=PATIENCE)

    def ask(self, path: str, data: bytes | None = None) -> dict[str, Any]:
        """Return the answer."""
        with self.open(path, data) as answer:
            found: dict[str, Any] = json.load(answer)
            return found

    def searchers(self) -> float:
        """Return how many processes search."""
        with self.open("/metrics") as answer:
            [found] = re.findall(r"^tiaowen_searchers (\S+)$", answer.read().decode(), re.MULTILINE)
        return float(found)

    def answers(self) -> bool:
        """Say whether it is ready."""
        try:
            return bool(self.ask("/readyz"))
        except OSError:
            return False


def _until(holds: Callable[[], object], process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + PATIENCE
    while not holds():
        assert process.poll() is None and time.monotonic() < end
        time.sleep(0.02)


@pytest.fixture
def serving(tmp_path: Path) -> Iterator[Serving]:
    choose = random.Random(1)
    corpus, index = tmp_path / "corpus", tmp_path / "index"
    corpus.mkdir()
    for number in range(MANY):
        lines = [f"{label}、每周{choose.choice(DUTIES)}{number}次。" for label in "一二三四五六七"]
        (corpus / f"{number:03}.txt").write_text(f"规定{number}\n\n" + "\n".join(lines), "utf-8")
    build(corpus, index, model="svd")
    made = Serving(corpus, index)
    try:
        _until(made.answers, made.process)
        yield made
    finally:
        made.process.kill()
        made.process.wait()


def test_a_stop_ends_everything_and_leaves_nothing_half(serving: Serving, tmp_path: Path) -> None:
    index = tmp_path / "index"
    live = current_version(index)
    ended, broken = threading.Event(), list[object]()

    def search() -> None:
        while not ended.is_set():
            try:
                if not serving.ask("/v1/search?q=" + quote("组织听课"))["hits"]:
                    broken.append("no hits")
            except urllib.error.HTTPError as error:
                broken.append(error.code)
            except OSError:  # it listens no more
                return

    searching = threading.Thread(target=search)
    searching.start()
    task_id = serving.ask("/v1/indexes", b'{"force": true}')["task_id"]
    stream = serving.open(f"/v1/tasks/{task_id}/events")
    told: list[bytes] = []
    following = threading.Thread(target=lambda: told.extend(stream))
    following.start()
    _until(lambda: any(index.glob(".building-*")), serving.process)
    serving.process.send_signal(signal.SIGTERM)
    assert serving.process.wait(PATIENCE) == 0
    ended.set()
    searching.join(PATIENCE)
    following.join(PATIENCE)
    assert not broken
    assert any(line.startswith(b"event: progress") for line in told)
    with Indexes(index).writing():  # no builder is left
        left = [path.name for path in index.iterdir() if path.name.startswith((".b", ".w", ".r"))]
    assert left == []
    version = current_version(index)
    assert version is not None and (version == live or not live)
    Manifest.load(index / version).verify(index / version)
    assert len(list(Library(tmp_path / "corpus").files())) == MANY


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="no /proc to see processes in")
def test_a_killed_service_takes_its_processes_along(serving: Serving) -> None:
    _until(lambda: serving.searchers() == 2, serving.process)
    assert serving.ask("/v1/search?q=" + quote("组织听课"))["hits"]
    family = [pid for pid in shared.family(serving.process.pid) if pid != serving.process.pid]
    assert len(family) >= 3  # the server that forks, and those that search
    serving.process.kill()
    serving.process.wait()
    end = time.monotonic() + PATIENCE
    while any(Path(f"/proc/{pid}").exists() for pid in family):
        assert time.monotonic() < end
        time.sleep(0.05)
