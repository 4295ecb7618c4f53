"""Real disks that are full, and real folders that cannot be written: small file systems of memory.

Where the tests may not mount one, they are skipped.
"""

from __future__ import annotations

import errno
import json
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from tiaowen_indexer.build import build
from tiaowen_indexer.snapshot import current_version
from tiaowen_service.http.app import create_app
from tiaowen_service.library.builder import BuilderHere
from tiaowen_service.library.desk import Desk
from tiaowen_service.library.recovery import recover
from tiaowen_service.library.shelf import Shelf
from tiaowen_service.live import Live
from tiaowen_service.running import catch_up
from tiaowen_service.security.apart import ReaderApart

PAGE = 4096  # what a file system of memory gives out at a time
NOTICE = "".join(f"{number}、每学期公开教学{number}次。\n" for number in range(1, 700)).encode()
LIBRARY = (
    "青溪县听课规定\n\n一、次数\n每学期至少听课十次。\n二、记录\n听课后填写记录表。\n".encode()
)


class Disk:
    """A file system of its own in memory, of ``size`` bytes."""

    def __init__(self, folder: Path, size: int) -> None:
        self.folder = folder
        self._filler = folder / ".filler"
        folder.mkdir()
        self._mount("-t", "tmpfs", "-o", f"size={size}", "tmpfs")

    def fill(self, *, free: int = 0) -> None:
        """Leave room for ``free`` bytes."""
        self.clear()
        with self._filler.open("wb", buffering=0) as stream:
            try:
                while True:
                    stream.write(bytes(PAGE))
            except OSError as error:
                assert error.errno == errno.ENOSPC
            stream.truncate(max(0, stream.tell() // PAGE * PAGE - free))

    def clear(self) -> None:
        """Make room again."""
        self._filler.unlink(missing_ok=True)

    def protect(self, *, on: bool) -> None:
        """Let nothing be written, or let it again."""
        self._mount("-o", f"remount,{'ro' if on else 'rw'}")

    def unmount(self) -> None:
        """Take it away, whatever is still open in it."""
        subprocess.run(["umount", "--lazy", str(self.folder)], check=False)

    def _mount(self, *options: str) -> None:
        command = ["mount", *options, str(self.folder)]
        subprocess.run(command, check=True, capture_output=True, text=True)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Callable[[int], Disk]]:
    """Make a small disk, once a test."""
    made: list[Disk] = []

    def make(size: int) -> Disk:
        try:
            made.append(Disk(tmp_path / "disk", size))
        except (subprocess.CalledProcessError, OSError) as error:
            pytest.skip(f"no file system can be mounted here: {error}")
        return made[0]

    yield make
    for each in made:
        each.unmount()


class Served:
    """A service over a library and an index in the folders given."""

    def __init__(self, corpus: Path, index: Path, read: ReaderApart) -> None:
        corpus.mkdir(parents=True, exist_ok=True)
        (corpus / "rules.txt").write_bytes(LIBRARY)
        build(corpus, index, model="svd")
        live = Live(index, model="svd")
        self.desk = Desk(
            *(corpus, index),
            **{"read": read, "model": "svd", "builder": BuilderHere()},
            published=lambda: catch_up(live),
        )
        app = create_app(live, desk=self.desk)
        self.client = TestClient(app, raise_server_exceptions=False)

    def post(self, name: str) -> Any:
        return self.client.post("/v1/documents", params={"name": name}, content=NOTICE)

    def task(self, answer: Any) -> dict[str, Any]:
        """Return the task of an accepted request when it has ended."""
        assert answer.status_code == 202, answer.text
        self.desk.foreman.stop()
        task: dict[str, Any] = self.client.get(f"/v1/tasks/{answer.json()['task_id']}").json()
        return task

    def finds(self, query: str) -> bool:
        answer = self.client.post("/v1/search", json={"query": query})
        assert answer.status_code == 200
        return bool(answer.json()["hits"])


def _says_no_space(answer: Any) -> None:
    assert answer.status_code == 507, answer.text
    problem = answer.json()
    assert problem["code"] == "cannot_write"
    assert " / " in problem["remedy"]
    assert answer.headers["retry-after"]


def _half_written(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.name.startswith((".writing-", ".building-"))]


def test_a_full_library_refuses_serves_and_recovers(
    disk: Callable[[int], Disk], tmp_path: Path, read_apart: ReaderApart, ungated: None
) -> None:
    small = disk(1 << 20)
    corpus = small.folder / "corpus"
    served = Served(corpus, tmp_path / "index", read_apart)
    small.fill()
    _says_no_space(served.post("n.txt"))
    _says_no_space(served.client.delete("/v1/documents/rules"))
    assert served.desk.shelf.is_there("rules")
    assert not served.desk.shelf.is_there("n")
    assert not _half_written(corpus)
    assert served.finds("听课")
    small.clear()
    assert served.task(served.post("n.txt"))["state"] == "succeeded"
    assert served.finds("公开教学")
    assert (corpus / "n.txt").read_bytes() == NOTICE


def test_whatever_room_a_library_has_it_takes_a_file_whole_or_not_at_all(
    disk: Callable[[int], Disk], tmp_path: Path, read_apart: ReaderApart, ungated: None
) -> None:
    small = disk(1 << 20)
    corpus = small.folder / "corpus"
    served = Served(corpus, tmp_path / "index", read_apart)
    statuses: list[int] = []
    late: list[int] = []
    for pages in range(3 * len(NOTICE) // PAGE + 6):
        small.fill(free=pages * PAGE)
        name = f"n{pages}.txt"
        answer = served.post(name)
        statuses.append(answer.status_code)
        task = served.task(answer) if answer.status_code == 202 else {}
        small.clear()
        fresh = Shelf(corpus)  # as after a restart
        fresh.recover()
        assert fresh.is_there(f"n{pages}") == (answer.status_code == 202)
        if answer.status_code == 202:
            if task["state"] == "failed":  # accepted, and no room for the copy in the folder
                assert task["error"]["code"] == "cannot_write"
                late.append(pages)
            rebuilt = served.task(served.client.post("/v1/indexes", json={}))
            assert rebuilt["state"] == "succeeded"
            assert (corpus / name).read_bytes() == NOTICE
            taken = served.task(served.client.delete(f"/v1/documents/n{pages}"))
            assert taken["state"] == "succeeded"
        else:
            _says_no_space(answer)
        assert not _half_written(corpus)
    assert statuses == sorted(statuses, reverse=True)  # 507 until there is room, then 202
    assert set(statuses) == {202, 507}
    assert late and max(late) < len(statuses) - 1
    for line in (corpus / ".tiaowen" / "audit.jsonl").read_text("utf-8").splitlines():
        assert json.loads(line)["status"] in statuses


def test_whatever_room_an_index_has_the_old_one_serves_until_the_new_one_is_whole(
    disk: Callable[[int], Disk], tmp_path: Path, read_apart: ReaderApart, ungated: None
) -> None:
    small = disk(8 << 20)
    index = small.folder / "index"
    served = Served(tmp_path / "corpus", index, read_apart)
    old = current_version(index)
    small.fill()
    task = served.task(served.post("n.txt"))  # accepted: its library has room
    states, pages = [task["state"]], 0
    assert " / " in task["error"]["remedy"]
    while states[-1] == "failed":
        assert current_version(index) == old
        assert not _half_written(index)
        assert served.finds("听课")
        assert not served.finds("公开教学") or len(states) == 1
        assert Live(index, model="svd").searcher().version == old  # and after a restart too
        pages += 40
        assert pages * PAGE < 8 << 20, "it does not recover"
        small.fill(free=pages * PAGE)
        states.append(served.task(served.client.post("/v1/indexes", json={}))["state"])
    assert states[-1] == "succeeded" and len(states) > 2
    recover(tmp_path / "corpus", index)
    assert current_version(index) != old
    assert served.finds("公开教学")


@pytest.mark.parametrize("what", ["corpus", "index"])
def test_a_folder_that_may_not_be_written_is_said_and_searched(
    disk: Callable[[int], Disk],
    tmp_path: Path,
    read_apart: ReaderApart,
    ungated: None,
    what: str,
) -> None:
    small = disk(8 << 20)
    folders = {"corpus": tmp_path / "corpus", "index": tmp_path / "index"}
    folders[what] = small.folder / what
    served = Served(folders["corpus"], folders["index"], read_apart)
    old = current_version(folders["index"])
    small.protect(on=True)
    answer = served.post("n.txt")
    if what == "corpus":
        _says_no_space(answer)
    else:
        task = served.task(answer)
        assert (task["state"], task["error"]["code"]) == ("failed", "cannot_write")
    recover(folders["corpus"], folders["index"])  # a service starts over such a folder
    assert Live(folders["index"], model="svd").searcher().version == old
    assert served.finds("听课")
    small.protect(on=False)
    again = served.post("n.txt") if what == "corpus" else served.client.post("/v1/indexes", json={})
    assert served.task(again)["state"] == "succeeded"
    assert served.finds("公开教学")
