"""Processes that search beside the service: the same answers, and none is lost when one dies."""

from __future__ import annotations

import asyncio
import gc
import json
import multiprocessing
import os
import shutil
import signal
import sqlite3
import time
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tiaowen_indexer.build import build
from tiaowen_indexer.snapshot import current_version, open_current, publish
from tiaowen_service import crew as crews
from tiaowen_service.answers import Given
from tiaowen_service.crew import Crew
from tiaowen_service.crew_member import no_collection, ready_searcher
from tiaowen_service.live import Live, Serving
from tiaowen_service.request import Filters, SearchRequest
from tiaowen_service.searcher import Searcher

FILTERED = SearchRequest("听课", "bm25", 3, 1, Filters(regions=("青溪",)), ("kinds",), "near", True)
QUERIES = ("家长听课", "严禁吸烟", "each term how many times", "升国旗", "“座谈会”", "xyz")
PATIENCE = 30.0


def until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.02)


def told(given: Given | None) -> dict[str, Any]:
    assert given is not None
    answer: dict[str, Any] = json.loads(given.body)
    return answer | {"took_ms": 0}


@pytest.fixture
def crew(index: Path) -> Iterator[Crew]:
    found = Crew(index / str(current_version(index)), "svd", 2)
    found.start()
    assert found.size == 2
    yield found
    found.retire()


def test_answers_are_those_of_the_service(crew: Crew, searcher: Searcher) -> None:
    requests = [SearchRequest(query, limit=limit) for query in QUERIES for limit in (1, 5)]
    requests.append(FILTERED)

    async def asked() -> list[Given | None]:
        return await asyncio.gather(*(crew.answer(searcher.version, each) for each in requests))

    for request, given in zip(requests, asyncio.run(asked()), strict=True):
        here = Given.of(searcher.search(request))
        assert told(given) == told(here)
        assert given is not None
        assert given.counted == here.counted


def test_what_a_dead_process_was_asked_is_searched_here(
    crew: Crew, searcher: Searcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crews, "RETRY", 0.01)
    serving = Serving(searcher, crew)

    async def asked() -> list[Given]:
        await serving.answer(SearchRequest("听课"))
        for process in multiprocessing.active_children():
            process.kill()
        given = await asyncio.gather(*[serving.answer(SearchRequest(q)) for q in QUERIES])
        await asyncio.to_thread(until, lambda: crew.size == 2)
        return [*given, await serving.answer(SearchRequest("吸烟"))]

    *given, last = asyncio.run(asked())
    for query, each in zip(QUERIES, given, strict=True):
        assert told(each) == told(Given.of(searcher.search(SearchRequest(query))))
    assert told(last)["hits"]


def test_a_process_that_hangs_is_replaced(
    index: Path, searcher: Searcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crews, "RETRY", 0.01)
    monkeypatch.setattr(crews, "LONGEST", 0.5)
    before = set(multiprocessing.active_children())
    crew = Crew(index / str(current_version(index)), "svd", 2)
    crew.start()
    mine = set(multiprocessing.active_children()) - before
    serving = Serving(searcher, crew)

    async def asked() -> list[Given]:
        for process in mine:
            os.kill(int(process.pid or 0), signal.SIGSTOP)
        given = await asyncio.gather(*[serving.answer(SearchRequest(q)) for q in QUERIES])
        await asyncio.to_thread(until, lambda: not any(each.is_alive() for each in mine))
        await asyncio.to_thread(until, lambda: crew.size == 2)
        return given

    try:
        for query, each in zip(QUERIES, asyncio.run(asked()), strict=True):
            assert told(each) == told(Given.of(searcher.search(SearchRequest(query))))
    finally:
        for process in mine:
            process.kill()
        crew.retire()


def test_a_failure_is_met_again_where_it_can_be_told(crew: Crew, searcher: Searcher) -> None:
    broken = SearchRequest(7)  # type: ignore[arg-type]
    with pytest.raises((TypeError, AttributeError)):
        searcher.search(broken)
    assert asyncio.run(crew.answer(searcher.version, broken)) is None


def test_processes_end_once_they_have_answered(index: Path) -> None:
    before = set(multiprocessing.active_children())
    version = str(current_version(index))
    crew = Crew(index / version, "svd", 1)
    crew.start()
    mine = set(multiprocessing.active_children()) - before

    async def asked() -> list[Given | None]:
        waiting = asyncio.create_task(crew.answer(version, SearchRequest("听课")))
        await asyncio.sleep(0)
        crew.retire()
        given = await waiting
        await asyncio.to_thread(until, lambda: not any(each.is_alive() for each in mine))
        return [given, await crew.answer(version, SearchRequest("听课"))]

    given, late = asyncio.run(asked())
    assert told(given)["hits"]
    assert late is None


def test_an_index_that_does_not_open_has_no_crew(tmp_path: Path) -> None:
    crew = Crew(tmp_path / "nothing", "svd", 1)
    crew.start()
    assert crew.size == 0
    assert asyncio.run(crew.answer("nothing", SearchRequest("听课"))) is None


@pytest.mark.parametrize("fails", ["socketpair", "start"])
def test_without_processes_the_service_searches(
    searcher: Searcher, monkeypatch: pytest.MonkeyPatch, fails: str
) -> None:
    def refused(*of: object) -> None:
        raise OSError(24, "Too many open files")

    crew = Crew(searcher.snapshot.folder, "svd", 2)
    with monkeypatch.context() as failing:
        if fails == "start":
            process = multiprocessing.get_context("forkserver").Process
            failing.setattr(process, "start", refused)
        else:
            failing.setattr("tiaowen_service.crew_link.socket.socketpair", refused)
        crew.start()
    assert crew.size == 0
    given = asyncio.run(Serving(searcher, crew).answer(SearchRequest("听课")))
    assert told(given)["hits"]


@pytest.fixture
def versions(library: Path, tmp_path: Path) -> tuple[Path, str, str]:
    """An index and two versions in it; the first is live."""
    index = tmp_path / "index"
    first = build(library, index, model="svd").manifest.version
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "notice.txt").write_text("一、升国旗时全体肃立。\n", encoding="utf-8")
    second = build(tmp_path / "more", index, model="svd", publish=False).manifest.version
    return index, first, second


def test_a_switch_changes_searcher_and_processes_together(versions: tuple[Path, str, str]) -> None:
    index, first, second = versions
    before = set(multiprocessing.active_children())
    live = Live(index, model="svd", searchers=1)
    until(lambda: live.crew_size == 1)
    mine = set(multiprocessing.active_children()) - before

    async def asked() -> list[str]:
        seen = []
        for version in (first, second, first):
            publish(index, version)
            await asyncio.to_thread(live.reopen)
            serving = live.serving()
            assert serving.crew is not None
            given = await serving.crew.answer(version, SearchRequest("升国旗"))
            seen += [serving.searcher.version, told(given)["index_version"]]
        return seen

    assert asyncio.run(asked()) == [first, first, second, second, first, first]
    assert set(multiprocessing.active_children()) - before == mine
    live.close()
    assert live.serving().searcher.search(SearchRequest("升国旗"))["hits"]


def test_every_answer_is_of_the_version_that_was_asked(versions: tuple[Path, str, str]) -> None:
    index, first, second = versions
    crew = Crew(index / first, "svd", 2)
    crew.start()
    request = SearchRequest("升国旗")

    async def asked() -> tuple[list[str], list[str | None]]:
        await crew.answer(first, request)
        opening = asyncio.create_task(asyncio.to_thread(crew.open, index / second))
        during = []
        while not opening.done():
            during.append(told(await crew.answer(first, request))["index_version"])
        both = await asyncio.gather(*(crew.answer(v, request) for v in (first, second) * 4))
        waiting = [asyncio.create_task(crew.answer(first, request)) for _ in range(8)]
        await asyncio.sleep(0)
        crew.forget(first)
        kept = await asyncio.gather(*waiting)
        during += [told(given)["index_version"] for given in (*both[::2], *kept)]
        after = [await crew.answer(version, request) for version in (first, first, second)]
        assert {told(given)["index_version"] for given in both[1::2]} == {second}
        return during, [told(given)["index_version"] if given else None for given in after]

    during, after = asyncio.run(asked())
    crew.retire()
    assert set(during) == {first}
    assert after == [None, None, second]


def test_a_process_lost_while_it_opens_is_replaced(
    versions: tuple[Path, str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crews, "RETRY", 0.01)
    index, first, second = versions
    before = set(multiprocessing.active_children())
    crew = Crew(index / first, "svd", 1)
    crew.start()
    [mine] = set(multiprocessing.active_children()) - before

    async def asked() -> Given | None:
        await crew.answer(first, SearchRequest("升国旗"))
        os.kill(int(mine.pid or 0), signal.SIGSTOP)
        opening = asyncio.create_task(asyncio.to_thread(crew.open, index / second))
        await asyncio.sleep(0.05)
        mine.kill()
        await opening
        await asyncio.to_thread(until, lambda: crew.size == 1)
        return await crew.answer(second, SearchRequest("升国旗"))

    given = asyncio.run(asked())
    crew.retire()
    assert told(given)["index_version"] == second


def test_a_version_that_is_closed_leaves_nothing_behind(library: Path, tmp_path: Path) -> None:
    shutil.copytree(library, tmp_path / "library")
    build(tmp_path / "library", tmp_path / "index", model="svd")
    (tmp_path / "library" / "notice.txt").write_text("一、升国旗时全体肃立。\n", encoding="utf-8")
    build(tmp_path / "library", tmp_path / "index", model="svd")  # patched: its store has two packs

    def connections() -> int:
        return sum(type(each) is sqlite3.Connection for each in gc.get_objects())

    gc.collect()
    with no_collection():  # as in a process that searches: what is frozen is never collected
        before = connections()
        searcher = ready_searcher(open_current(tmp_path / "index"), "svd")
        for query in QUERIES:
            searcher.search(SearchRequest(query, explain=True, facets=("kinds",)))
        assert connections() == before + 2
        parts = searcher, searcher.analyser, searcher.catalogue, searcher.snapshot.store
        held = [weakref.ref(part) for part in parts]
        del searcher, parts
        assert [ref() for ref in held] == [None] * 4
        assert connections() == before
