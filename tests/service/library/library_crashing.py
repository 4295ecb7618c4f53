"""What the crash tests run in a process that is killed, and what must hold afterwards."""

from __future__ import annotations

import itertools
import os
import random
import signal
import time
from dataclasses import dataclass
from hashlib import sha256
from multiprocessing.connection import Connection
from pathlib import Path

from tiaowen_corpus import durable
from tiaowen_corpus.library import Library
from tiaowen_indexer import publishing, stamps
from tiaowen_indexer.build import build
from tiaowen_indexer.manifest import Manifest
from tiaowen_indexer.snapshot import current_version, versions
from tiaowen_service.forked import context
from tiaowen_service.library.builder import BuilderApart, BuilderHere
from tiaowen_service.library.desk import Desk
from tiaowen_service.library.foreman import Order
from tiaowen_service.library.indexes import Indexes
from tiaowen_service.library.recovery import recover
from tiaowen_service.library.shelf import Asked, Put, Shelf
from tiaowen_service.live import Live
from tiaowen_service.request import SearchRequest

NAMES = ("alpha", "beta", "gamma", "delta")


def text(seed: int) -> bytes:
    """A small document of its own wording."""
    duty = "".join(random.Random(seed).choices("检查卫生组织听课安排值日记录考勤上报材料", k=12))
    return f"第{seed}号规定\n\n一、职责\n每周{duty}一次。\n二、要求\n不得迟到{seed}次。\n".encode()


@dataclass(frozen=True)
class Way:
    """How `work` goes. ``apart``: a process of its own builds; a step of a build kills that."""

    seed: int
    die_at: str = ""
    rounds: int = 3  # -1: until it is killed
    apart: bool = False


def work(pipe: Connection, folder: Path, way: Way) -> None:
    """Add, replace, delete and index; say what was accepted as soon as it was."""
    if way.die_at:
        os.environ[durable.DIE_AT] = way.die_at
    publishing.gates = tuple  # type: ignore[assignment]
    choose = random.Random(way.seed)
    corpus, index = folder / "corpus", folder / "index"
    builder = BuilderApart() if way.apart else BuilderHere()
    desk = Desk(corpus, index, read=lambda data, name: None, model="svd", keep=2, builder=builder)
    recover(corpus, index)
    for number in itertools.count():
        if number == way.rounds:
            break
        _one_change(pipe, desk, choose)
        desk.tasks.add("documents", task_id="task")
        desk.foreman.carry_out([Order("task")])
        task = desk.tasks.get("task")
        error = task.error if task is not None else None
        pipe.send(("built", error["code"] if error else "", ""))
    pipe.send(("done", "", ""))


def build_on(corpus: Path, index: Path) -> None:
    """Have builds made, one after the other."""
    desk = Desk(corpus, index, read=lambda data, name: None, model="svd")
    while True:
        task = desk.tasks.add("index")
        desk.foreman.carry_out([Order(task.task_id, rebuild=True, force=True)])


def _one_change(pipe: Connection, desk: Desk, choose: random.Random) -> None:
    name = choose.choice(NAMES)
    there = desk.shelf.is_there(name)
    if there and choose.random() < 0.3 and len(desk.shelf.names()) > 1:
        pipe.send(("try", name, ""))
        desk.shelf.accept(deletes=[name], asked=Asked("test", "task"))
        pipe.send(("did", name, ""))
        return
    data = text(choose.randrange(10_000))
    digest = sha256(data).hexdigest()
    pipe.send(("try", name, digest))
    put = Put(f"{name}.txt", data, name if there else "")
    desk.shelf.accept([put], asked=Asked("test", "task"))
    pipe.send(("did", name, digest))


class Scene:
    """A library and its index, and what was accepted so far."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.corpus, self.index = folder / "corpus", folder / "index"
        self.corpus.mkdir(parents=True)
        (self.corpus / "kept.txt").write_bytes(text(0))
        build(self.corpus, self.index, model="svd")
        self.accepted: dict[str, str] = {}  # file_id -> digest; "" if deleted
        self.trying: tuple[str, str] | None = None
        self.built: list[str] = []  # of every build of the last run, the code of its error or ""

    def run(self, way: Way, *, after: float | None = None) -> int:
        """Run `work`, kill it at a step or after seconds; return its exit code."""
        made, self.built = context(), []
        (self.index / stamps.FILE).unlink(missing_ok=True)  # else there is seldom one to write
        ours, theirs = made.Pipe()
        process = made.Process(target=work, args=(theirs, self.folder, way))
        process.start()
        theirs.close()
        until = None if after is None else time.monotonic() + after
        self._listen(ours, process.pid or 0, until)
        process.join(60)
        return process.exitcode or 0

    def _listen(self, pipe: Connection, pid: int, until: float | None) -> None:
        try:
            while True:
                left = 60.0 if until is None else max(0.0, until - time.monotonic())
                if not pipe.poll(left):
                    os.kill(pid, signal.SIGKILL)
                    until = None
                    continue
                kind, name, digest = pipe.recv()
                if kind == "try":
                    self.trying = (name, digest)
                elif kind == "built":
                    self.built.append(name)
                elif kind == "did":
                    self.accepted[name] = digest
                    self.trying = None
        except EOFError:
            return

    def check(self, *, index_too: bool = True) -> None:
        """Start again and hold it to its word; ``index_too`` builds and searches as well."""
        with Indexes(self.index).writing(wait=30.0):
            pass  # a builder that lost its service has cleared up
        live = Manifest.load(self.index / str(current_version(self.index)))
        live.verify(self.index / live.version)  # whole before anything is mended
        recover(self.corpus, self.index)
        self._check_documents()
        self._check_left_over()
        shelf = Shelf(self.corpus)
        for name in self.accepted:
            for held in shelf.versions(name):
                if held.change.op == "put":
                    shelf.blobs.get(held.change.sha256)  # every version's bytes are there
        if index_too:
            self._check_index()

    def _check_index(self) -> None:
        build(self.corpus, self.index, model="svd")
        for version in versions(self.index):
            Manifest.load(self.index / version).verify(self.index / version)
        searcher = Live(self.index, model="svd").searcher()
        indexed = {entry.file_id for entry in searcher.catalogue.entries}
        assert indexed == {file_id for file_id, _ in Library(self.corpus).files()}
        assert searcher.search(SearchRequest("不得迟到"))["hits"]

    def _check_documents(self) -> None:
        found = {
            file_id: sha256(path.read_bytes()).hexdigest()
            for file_id, path in Library(self.corpus).files()
        }
        for name, digest in self.accepted.items():
            allowed = (
                {digest, self.trying[1]} if self.trying and self.trying[0] == name else {digest}
            )
            assert found.get(name, "") in allowed, f"{name} is lost"
        if self.trying:  # it may have been accepted without being told: then it is the truth now
            name = self.trying[0]
            if name in found or name in self.accepted:
                self.accepted[name] = found.get(name, "")
            self.trying = None
        assert found["kept"] == sha256(text(0)).hexdigest()

    def _check_left_over(self) -> None:
        for folder in (self.corpus, self.index):
            left = [path.name for path in folder.rglob(".writing-*")]
            left += [path.name for path in folder.glob(".removed-*")]
            assert not left, left
