"""The service in a process of its own, with one more route that answers the same every time."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from tiaowen_service.crew_link import AHEAD
from tiaowen_service.running import searchers
from tiaowen_service.settings import Settings

from tiaowen_evaluation.bench.client import Connection, Request, Told, saturate

PATIENCE = 120  # seconds to start
CONNECTIONS = max(4, AHEAD * searchers(Settings()))  # as many as keep all that search busy
ROUNDS = 5  # of the constant answer and of remembered ones; the middle one of each is told

# the service as `tiaowen serve` makes it, and beside it the cheapest answer of the same size
_SERVE = """
import sys
import time
from pathlib import Path
import orjson
from starlette.responses import Response
from starlette.routing import Route
from tiaowen_service.request import SearchRequest
from tiaowen_service.running import Service, doors_of, run, searchers
from tiaowen_service.settings import Settings

index, corpus, port = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
settings = Settings(write_rate=0.0)
service = Service(settings, corpus=Path(corpus) if corpus else None, index=index,
                  doors=doors_of(settings, "127.0.0.1"))
while service.live.crew_size < searchers(settings):
    time.sleep(0.05)
answer = service.live.searcher().search(SearchRequest("学校"))
async def constant(request):
    return Response(orjson.dumps(answer), media_type="application/json")
service.app.router.routes.insert(0, Route("/constant", constant))
run(service, settings, host="127.0.0.1", port=port)
"""


@dataclass(frozen=True, slots=True)
class HttpTimes:
    """What each kind of request got: a constant answer, a search, the same search again."""

    constant: Told
    search: Told
    again: Told


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


@contextmanager
def served(index: Path, *, corpus: Path | None = None) -> Iterator[tuple[int, int]]:
    """Serve ``index`` and yield port and process id."""
    port = free_port()
    command = [sys.executable, "-c", _SERVE, str(index), str(corpus or ""), str(port)]
    process = subprocess.Popen(command, env=os.environ | {"OMP_NUM_THREADS": "1"})
    try:
        end = time.monotonic() + PATIENCE
        while asyncio.run(_status(port)) != 200:
            if process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"the service did not start ({process.returncode})")
            time.sleep(0.1)
        yield port, process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()


async def _status(port: int) -> int:
    connection = Connection(port)
    status, _ = await connection.ask(Request("/readyz"))
    connection.close()
    return status


def search_request(query: str) -> Request:
    """Return the search for ``query``."""
    return Request(f"/v1/search?q={quote(query)}")


def http_times(index: Path, asked: Sequence[str]) -> HttpTimes:
    """Serve the index and ask each kind over a few connections at once."""
    searches = [search_request(query) for query in asked]
    with served(index) as (port, _):

        def run(requests: Sequence[Request]) -> Told:
            return asyncio.run(saturate(port, iter(requests), connections=CONNECTIONS))

        run([Request("/constant")] * 200)
        constant, again = [], []
        search = run(searches)
        for _ in range(ROUNDS):  # in turns: the machine is not always as fast
            constant.append(run([Request("/constant")] * 2000))
            again.append(run([*searches[-200:]] * 10))
        return HttpTimes(_middle(constant), search, _middle(again))


def _middle(rounds: Sequence[Told]) -> Told:
    return sorted(rounds, key=lambda told: told.rate)[len(rounds) // 2]
