"""Versions in Milvus: a collection each, and one alias that says which of them is live."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tiaowen_indexer.snapshot import Snapshot
from tiaowen_indexer.stores.errors import NotLoaded, StillLive, StoreAway
from tiaowen_indexer.stores.loading import send
from tiaowen_indexer.stores.milvus import MilvusStore
from tiaowen_indexer.stores.milvus_schema import Entities, indexes, schema
from tiaowen_indexer.stores.protocol import Progress

PREFIX = "tiaowen"
_UNFINISHED = "_loading"  # ends the name of a collection that is not whole


class MilvusHost:
    """Collections ``<prefix>_<version>`` and the alias ``<prefix>``.

    A collection has its final name only when it is whole, so what a broken load left is never
    taken for a version.
    """

    def __init__(self, client: Any, *, prefix: str = PREFIX, lite: bool = False) -> None:
        """``client`` is a pymilvus MilvusClient; ``lite``: of the embedded engine."""
        self._client = client
        self._prefix = prefix
        self._lite = lite

    def load(self, snapshot: Snapshot, *, progress: Progress = lambda done, of: None) -> int:
        """Bring a snapshot in, whole, and return how many clauses were sent; 0 if it is there.

        What an earlier load of the same version left unfinished is replaced.
        """
        version, count = snapshot.manifest.version, snapshot.manifest.clauses
        if version in self.versions():
            return 0
        name = self._name(version) + _UNFINISHED
        with _answering():
            if self._client.has_collection(name):
                self._client.drop_collection(name)
            self._create(name, snapshot)
            send(
                Entities(snapshot).of,
                count,
                lambda rows: self._client.insert(name, rows),
                progress=progress,
            )
            self._client.flush(name)
            self._client.load_collection(name)
            held = int(self._client.get_collection_stats(name)["row_count"])
            if held != count:
                raise NotLoaded(f"{version}: {held} / {count}")
            self._client.rename_collection(name, self._name(version))
        return count

    def open(self, snapshot: Snapshot) -> MilvusStore:
        """Return the store of this snapshot's version. Raises NotLoaded."""
        name = self._name(self._whole(snapshot.manifest.version))
        with _answering():
            self._client.load_collection(name)
        return MilvusStore(self._client, name, snapshot)

    def publish(self, version: str) -> None:
        """Point the alias at ``version`` in one step. Raises NotLoaded."""
        name = self._name(self._whole(version))
        with _answering():
            if self.live() is None:
                self._client.create_alias(name, self._prefix)
            else:
                self._client.alter_alias(name, self._prefix)

    def live(self) -> str | None:
        """Return the live version."""
        with _answering():
            if self._prefix not in self._aliases():
                return None
            told = self._client.describe_alias(self._prefix)
        return str(told["collection_name"]).removeprefix(self._prefix + "_")

    def versions(self) -> list[str]:
        """Return the versions that are whole, by name."""
        start = self._prefix + "_"
        with _answering():
            names = self._client.list_collections()
        return sorted(
            name.removeprefix(start)
            for name in names
            if name.startswith(start) and not name.endswith(_UNFINISHED)
        )

    def drop(self, version: str) -> None:
        """Remove a version that is not live. Raises StillLive."""
        if version == self.live():
            raise StillLive(version)
        with _answering():
            self._client.drop_collection(self._name(version))

    def _create(self, name: str, snapshot: Snapshot) -> None:
        kind = type(self._client)
        self._client.create_collection(
            name,
            schema=schema(kind, snapshot.vectors.dimensions),
            index_params=indexes(kind, lite=self._lite, count=snapshot.manifest.clauses),
        )

    def _aliases(self) -> set[str]:
        """Every alias of a collection of ours: some engines raise for one that does not exist."""
        found: set[str] = set()
        for version in self.versions():
            found.update(self._client.list_aliases(self._name(version))["aliases"])
        return found

    def _whole(self, version: str) -> str:
        if version not in self.versions():
            raise NotLoaded(version)
        return version

    def _name(self, version: str) -> str:
        return f"{self._prefix}_{version}"


@contextmanager
def _answering() -> Iterator[None]:
    """Say in our words that the store failed."""
    from pymilvus.exceptions import MilvusException

    try:
        yield
    except MilvusException as error:
        raise StoreAway(str(error)) from error
