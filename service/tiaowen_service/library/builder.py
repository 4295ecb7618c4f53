"""Builds in a process of their own: searches go on undisturbed, and a build that dies dies alone.

The process tells its progress, its log and its outcome as JSON over a pipe. It takes what the
service leaves of the processor, and the system ends it first where memory runs out. When the
service ends or is killed, the pipe closes and the process clears away what is half-built.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import threading
import time
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any, Protocol

from tiaowen_corpus.errors import TiaowenError
from tiaowen_indexer.collect import Progress

from tiaowen_service.forked import context, settings_now, stand_back
from tiaowen_service.library.building import Job, Outcome, Stopped, carry_out, failed

NICE = 15  # added to the niceness of the service, for systems that cannot let a build stand behind
FIRST_TO_END = b"500"  # added to what the kernel weighs when memory is short
CLEARING = 5.0  # seconds that a build gets to clear up, once it is told to end
_STEP = 0.01  # share of a stage that is worth a message
_STOPPED: Outcome = {"state": "queued"}


class BuilderDied(TiaowenError):
    """The process of a build ended without a word."""

    code = "builder_died"
    template = (
        "建索引的进程意外终止,旧索引继续服务 / the process that built the index died, "
        "the old index serves on: {detail}"
    )
    remedy = (
        "多为内存不足:腾出内存后 POST /v1/indexes / most likely memory ran out: "
        "free some, then POST /v1/indexes"
    )


class Builder(Protocol):
    """Carries out one job at a time."""

    def __call__(self, job: Job, report: Progress) -> Outcome:
        """Return what becomes of the task; never raises. ``queued``: it was stopped."""

    def stop(self) -> None:
        """End the job in hand, and carry out no other."""


class BuilderHere:
    """Builds in this process, for stores that one process alone can open."""

    def __call__(self, job: Job, report: Progress) -> Outcome:
        """Do as `Builder` says."""
        return carry_out(job, report)

    def stop(self) -> None:
        """Nothing: it ends with the process."""


class BuilderApart:
    """Builds in a process of its own, a new one for every job."""

    def __init__(self) -> None:
        self._process: ForkServerProcess | None = None
        self._stopping = False
        self._changing = threading.Lock()

    def __call__(self, job: Job, report: Progress) -> Outcome:
        """Do as `Builder` says."""
        ours, theirs = context().Pipe()
        process = context().Process(target=_work, args=(theirs, job, settings_now()), daemon=True)
        with self._changing:
            if self._stopping:
                return _STOPPED
            process.start()
            self._process = process
        theirs.close()
        try:
            outcome = _outcome(ours, report)
            process.join(CLEARING)
            if outcome is None:
                outcome = _STOPPED if self._stopping else failed(BuilderDied(_end(process)))
            return outcome
        finally:
            with self._changing:
                self._process = None
            process.kill()
            process.join()
            process.close()
            ours.close()

    def stop(self) -> None:
        """Do as `Builder` says; what does not end in CLEARING seconds is killed."""
        with self._changing:
            self._stopping = True
            if self._process is not None:
                self._process.terminate()
        until = time.monotonic() + CLEARING
        while self._process is not None and time.monotonic() < until:
            time.sleep(0.02)
        with self._changing:
            if self._process is not None:
                self._process.kill()


def _outcome(pipe: Connection, report: Progress) -> Outcome | None:
    """Pass on what the process says until it says the outcome; None if it dies before."""
    while True:
        try:
            said: dict[str, Any] = json.loads(pipe.recv_bytes())
        except (EOFError, OSError):
            return None
        if "state" in said:
            return said
        if "log" in said:
            level, name, text = said["log"]
            logging.getLogger(name).log(level, "%s", text)
        else:
            report(said["stage"], said["done"], said["of"])


def _end(process: ForkServerProcess) -> str:
    code = process.exitcode
    if code is not None and code < 0:
        return f"{signal.strsignal(-code)} ({-code})"
    return f"exit {code}"


def _work(pipe: Connection, job: Job, settings: dict[str, str]) -> None:
    """Run in the process: carry out one job, say what becomes of it, end."""
    try:
        signal.signal(signal.SIGTERM, _stop)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # of a terminal: the service decides
        os.environ.update(settings)
        _step_back()
        threading.Thread(target=_end_with_service, args=(pipe,), daemon=True).start()
        logging.basicConfig(level=logging.INFO, handlers=[_Told(pipe)], force=True)
        outcome = carry_out(job, _Reports(pipe))
    except Stopped:
        outcome = _STOPPED
    _say(pipe, outcome)


def _stop(number: int, frame: object) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # once: clearing up is not interrupted
    raise Stopped


def _step_back() -> None:
    stand_back(NICE, behind_all=True)
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_bytes(FIRST_TO_END)


def _end_with_service(pipe: Connection) -> None:
    """End this process when the service is gone: nothing is ever sent here."""
    with suppress(EOFError, OSError):
        pipe.recv_bytes()
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(CLEARING)
    os._exit(1)


def _say(pipe: Connection, value: Outcome) -> None:
    with suppress(OSError):  # nobody listens any more
        pipe.send_bytes(json.dumps(value, default=str).encode())


class _Reports:
    """Says how far a stage is, where that is news."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe
        self._last = ("", 0.0)

    def __call__(self, stage: str, done: int, of: int) -> None:
        share = done / of if of else 1.0
        if stage != self._last[0] or share == 1.0 or share - self._last[1] >= _STEP:
            self._last = (stage, share)
            _say(self._pipe, {"stage": stage, "done": done, "of": of})


class _Told(logging.Handler):
    """Hands the log to the service, which has its form."""

    def __init__(self, pipe: Connection) -> None:
        super().__init__()
        self._pipe = pipe
        self.setFormatter(logging.Formatter("%(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        _say(self._pipe, {"log": [record.levelno, record.name, self.format(record)]})
