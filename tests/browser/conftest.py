"""The service as people start it, and Chromium as the system has it."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright
from tiaowen_corpus.places import shipped
from tiaowen_service.security.keys import KeyRing, create

Profile = Callable[..., BrowserContext]


class Locked(NamedTuple):
    """A service that asks for keys."""

    base: str
    reads: str
    writes: str


READY = 180.0  # seconds for indexing our corpus on a slow machine
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
HOSTILE = """青溪县校园安全管理办法

一、值班
（一）<script>document.title='hacked'</script>值班人员每日巡查2次。
"""
RULES = "青溪县开放课堂规定\n\n一、听课\n（一）家长凭通知书进入教室听课，不得拍摄学生。\n"
QUESTION = {
    "question_id": "small-1",
    "query": "家长怎样进教室听课",
    "category": "paraphrase",
    "asker": "parent",
    "script": "simplified",
    "lang": "zh",
    "split": "test",
    "judgements": [{"file_id": "rules", "quote": "家长凭通知书", "grade": 3}],
    "answer": [{"file_id": "rules", "quote": "家长凭通知书"}],
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what stands in this folder."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


def _chromium() -> str:
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    pytest.skip("no Chromium on this machine (Debian: apt-get install chromium)")


def _served(corpus: Path, index: Path, **settings: str) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(Path(sys.executable).parent / "tiaowen"), "serve", "--port", str(port)]
    log = index.parent / "serve.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [*command, "--corpus", str(corpus), "--index", str(index)],
            stdout=out,
            stderr=out,
            env={**os.environ, **settings},
        )
    base = f"http://127.0.0.1:{port}"
    try:
        _wait(base, process, log)
        yield base
    finally:
        process.terminate()
        process.wait(30)


def _wait(base: str, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + READY
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{base}/readyz", timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    pytest.fail(f"the service did not start:\n{log.read_text('utf-8', 'replace')[-2000:]}")


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The service over our own corpus."""
    _chromium()
    folder = tmp_path_factory.mktemp("site")
    shutil.copytree(
        shipped("corpus/documents"), folder / "corpus", ignore=shutil.ignore_patterns(".*")
    )
    yield from _served(folder / "corpus", folder / "index")


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The service over two documents, one of them hostile, that may be written to."""
    _chromium()
    folder = tmp_path_factory.mktemp("small")
    (folder / "corpus").mkdir()
    (folder / "corpus" / "rules.txt").write_text(RULES, "utf-8")
    (folder / "corpus" / "hostile.txt").write_text(HOSTILE + "安全" * 50_000 + "。\n", "utf-8")
    (folder / "questions").mkdir()
    (folder / "questions" / "rules.jsonl").write_text(json.dumps(QUESTION), "utf-8")
    yield from _served(
        folder / "corpus", folder / "index", TIAOWEN_QUESTIONS=str(folder / "questions")
    )


@pytest.fixture(scope="session")
def locked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Locked]:
    """The service over one document that asks for keys, with one that reads, one that writes."""
    folder = tmp_path_factory.mktemp("locked")
    (folder / "corpus").mkdir()
    (folder / "corpus" / "rules.txt").write_text(RULES, "utf-8")
    ring = KeyRing(folder / "keys.jsonl")
    tokens = {}
    for scope in ("read", "write"):
        key, tokens[scope] = create(scope, scope)
        ring.add(key)
    for base in _served(
        folder / "corpus", folder / "index", TIAOWEN_KEYS_FILE=str(folder / "keys.jsonl")
    ):
        yield Locked(base, tokens["read"], tokens["write"])


@pytest.fixture(scope="session")
def seeds(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The service over the real documents beside the checkout."""
    _chromium()
    folder = tmp_path_factory.mktemp("seeds")
    shutil.copytree(shared / "seeds", folder / "corpus")
    yield from _served(folder / "corpus", folder / "index")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium without a window and with nothing of its owner's."""
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=_chromium(), args=FLAGS)
        yield found
        found.close()


@pytest.fixture(scope="session")
def profile(browser: Browser) -> Profile:
    """Make a fresh profile that reads Chinese and may use the clipboard."""

    def made(**options: Any) -> BrowserContext:
        context = browser.new_context(locale="zh-CN", **options)
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        context.set_default_timeout(10_000)
        return context

    return made


@pytest.fixture
def page(profile: Profile) -> Iterator[Page]:
    """A page on a desk; anything that it logs as an error fails the test."""
    yield from _page(profile, width=1366, height=850)


@pytest.fixture
def phone(profile: Profile) -> Iterator[Page]:
    """A page 390 px wide."""
    yield from _page(profile, width=390, height=844)


def _wrong(said: ConsoleMessage) -> bool:
    """Whether it is an error of the page; refusals are logged by the browser itself."""
    refused = ("(Unprocessable", "(Unauthorized", "(Forbidden")
    return said.type == "error" and not any(word in said.text for word in refused)


def _page(profile: Profile, *, width: int, height: int) -> Iterator[Page]:
    made = profile(viewport={"width": width, "height": height})
    page = made.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda said: errors.append(said.text) if _wrong(said) else None)
    yield page
    made.close()
    assert not errors
