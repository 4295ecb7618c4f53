"""Loading into a store that pushes back, a load that breaks, and the setting that names a store."""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiaowen_indexer.stores import choice
from tiaowen_indexer.stores.errors import BadStore, StoreAway
from tiaowen_indexer.stores.filters import Filters, passes
from tiaowen_indexer.stores.loading import LARGEST, PATIENCE, SMALLEST, send
from tiaowen_indexer.stores.local import DocumentFacts
from tiaowen_indexer.stores.milvus_schema import dates, expression

from .store_contract import snapshot


class Busy:
    """Takes batches of at most ``most`` rows and refuses the calls numbered in ``refused``."""

    def __init__(self, *, most: int, refused: frozenset[int] = frozenset()) -> None:
        self.most, self.refused = most, refused
        self.held: list[int] = []
        self.sizes: list[int] = []
        self.calls = 0

    def insert(self, rows: Sequence[int]) -> None:
        self.calls += 1
        self.sizes.append(len(rows))
        if len(rows) > self.most or self.calls in self.refused:
            raise RuntimeError("quota exceeded[reason=rate limit]")
        self.held += rows


@settings(max_examples=60, deadline=None)
@given(
    count=st.integers(0, 9000),
    most=st.integers(SMALLEST, 3000),
    refused=st.frozensets(st.integers(1, 30), max_size=8),
)
def test_every_row_arrives_once_however_often_the_store_refuses(
    count: int, most: int, refused: frozenset[int]
) -> None:
    store, waits = Busy(most=most, refused=refused), list[float]()
    send(range, count, store.insert, sleep=waits.append)
    assert store.held == list(range(count))
    assert max(store.sizes, default=0) <= LARGEST


def test_batches_grow_again_and_waits_double() -> None:
    store, waits = Busy(most=5000, refused=frozenset({1, 2, 3})), list[float]()
    send(range, 40_000, store.insert, sleep=waits.append)
    assert waits == [0.2, 0.4, 0.8]
    assert store.sizes[3] < store.sizes[0] < store.sizes[-2] == LARGEST


def test_a_store_that_only_refuses_is_given_up() -> None:
    store, waits = Busy(most=0), list[float]()
    with pytest.raises(RuntimeError, match="quota"):
        send(range, 10, store.insert, sleep=waits.append)
    assert len(waits) == PATIENCE


def test_other_errors_are_not_tried_again() -> None:
    def wrong(rows: Sequence[int]) -> None:
        raise ValueError("no such field")

    with pytest.raises(ValueError, match="no such field"):
        send(range, 10, wrong, sleep=lambda seconds: None)


_DATES = st.one_of(
    st.just(""),
    st.dates().map(lambda day: day.isoformat()),
    st.dates().map(lambda day: day.isoformat()[:7]),
    st.dates().map(lambda day: day.isoformat()[:4]),
)


@given(issued=_DATES, start=_DATES, end=_DATES)
def test_dates_compare_as_numbers_as_they_do_as_texts(issued: str, start: str, end: str) -> None:
    facts = DocumentFacts("d", "", "", "", issued)
    where = Filters(issued_from=start, issued_to=end)
    names = dict(zip(("issued_first", "issued_last"), dates(issued), strict=True))
    said = expression(where) or "True"
    assert eval(said, {}, names) == passes(facts, where)  # the expression is Python, too


def test_a_load_that_breaks_leaves_no_version_and_is_begun_anew(tmp_path: Path) -> None:
    if importlib.util.find_spec("milvus_lite") is None:
        pytest.skip("Milvus Lite is not installed: pip install 'tiaowen[milvus]'")
    from pymilvus import MilvusClient
    from pymilvus.exceptions import MilvusException
    from tiaowen_indexer.stores.milvus_host import MilvusHost

    class Breaking(MilvusClient):  # type: ignore[misc]
        left = 0

        def insert(self, name: str, rows: Sequence[object]) -> object:  # type: ignore[override]
            self.left -= 1
            if self.left < 0:
                raise MilvusException(message="connection lost")
            return super().insert(name, rows[: len(rows) // 2] or rows)

    held = snapshot(tmp_path / "index")
    client = Breaking(str(tmp_path / "milvus.db"))
    host = MilvusHost(client, lite=True)
    with pytest.raises(StoreAway, match="connection lost"):
        host.load(held)
    assert host.versions() == []
    whole = MilvusHost(MilvusClient(str(tmp_path / "milvus.db")), lite=True)
    assert whole.load(held) == held.manifest.clauses
    assert whole.versions() == [held.manifest.version]


def test_settings_that_name_no_store(monkeypatch: pytest.MonkeyPatch) -> None:
    for setting in ("elastic+http://h", "milvus+http://127.0.0.1:1?prefix=a-b"):
        monkeypatch.setenv(choice.VARIABLE, setting)
        with pytest.raises(BadStore):
            choice.remote_host()
    for setting in ("", "local"):
        monkeypatch.setenv(choice.VARIABLE, setting)
        assert choice.remote_host() is None
