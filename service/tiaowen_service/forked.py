"""Processes for work that must not touch the service, forked from a server that is loaded already.

The server starts once, with the modules and models that its children need; a child then starts in
milliseconds and leaves nothing behind in it.
"""

from __future__ import annotations

import multiprocessing
import os
import time
from contextlib import suppress
from functools import cache
from multiprocessing.context import ForkServerContext

PRELOAD = [
    "tiaowen_service.loaded",  # the first one: it settles how numpy starts
    "tiaowen_service.security.apart",
    "tiaowen_service.library.builder",
    "tiaowen_service.crew_member",
    "tiaowen_service.cli",  # a child imports the main module of the service
]

LONGEST_REST = 0.2  # seconds
_worked: list[float] = []  # processor time at the last rest, in a process that stands back


@cache
def context() -> ForkServerContext:
    """Return what makes processes and pipes; the first process starts the server."""
    made = multiprocessing.get_context("forkserver")
    made.set_forkserver_preload(PRELOAD)
    return made


def settings_now() -> dict[str, str]:
    """The settings as they are now: the fork server has those of its start."""
    return {name: value for name, value in os.environ.items() if name.startswith("TIAOWEN_")}


def stand_back(niceness: int, *, behind_all: bool = False) -> None:
    """Let the service go first: this process is nicer by so much, and when it wakes it waits for
    whoever runs (SCHED_BATCH), where the system knows that.

    ``behind_all``: whoever else wakes takes its place at once (SCHED_IDLE): beside a service that
    is busy it gets three thousandths of a core, and all that nobody wants.
    """
    os.nice(niceness)
    _worked.append(time.process_time())
    with suppress(AttributeError, OSError):  # Linux alone has it, and a sandbox may refuse it
        policy = os.SCHED_IDLE if behind_all else os.SCHED_BATCH
        os.sched_setscheduler(0, policy, os.sched_param(0))


def rest() -> None:
    """Sleep, in a process that stands back, as long as it has worked since it last did.

    Processors share caches and memory: work on one makes searches on another slower by a fifth,
    and a service that is busy has no fifth to spare.
    """
    if _worked:
        time.sleep(min(time.process_time() - _worked[-1], LONGEST_REST))
        _worked[-1] = time.process_time()
