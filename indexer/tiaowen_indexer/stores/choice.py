"""Which store runs: TIAOWEN_STORE, or the snapshot of this machine."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from tiaowen_indexer.snapshot import Snapshot, open_snapshot, versions
from tiaowen_indexer.stores.errors import BadStore
from tiaowen_indexer.stores.milvus_host import PREFIX, MilvusHost
from tiaowen_indexer.stores.protocol import ClauseStore, Progress, StoreHost

VARIABLE = "TIAOWEN_STORE"
TOKEN = "TIAOWEN_STORE_TOKEN"  # a secret: never part of the address, which is logged
_MILVUS = "milvus+"


def remote_store(snapshot: Snapshot) -> ClauseStore | None:
    """Return the store that TIAOWEN_STORE names, None where the snapshot itself is searched.

    Raises BadStore, StoreAway, NotLoaded.
    """
    host = remote_host()
    return None if host is None else host.open(snapshot)


def remote_host() -> StoreHost | None:
    """Return the host that TIAOWEN_STORE names, None for this machine. Raises BadStore."""
    setting = os.environ.get(VARIABLE, "").strip()
    return None if setting in {"", "local"} else _connected(setting, os.environ.get(TOKEN, ""))


def one_process_alone() -> bool:
    """Say whether TIAOWEN_STORE names a file, which one process alone can open."""
    setting = os.environ.get(VARIABLE, "").strip()
    return setting.startswith(_MILVUS) and "://" not in setting


def load_and_publish(
    index: Path, version: str, *, progress: Progress = lambda done, of: None
) -> None:
    """Bring a version of ``index`` into the store that is set and make it live there.

    Versions that the folder no longer holds are dropped. Nothing happens without a store.
    """
    host = remote_host()
    if host is None:
        return
    host.load(open_snapshot(index / version), progress=progress)
    host.publish(version)
    for old in set(host.versions()) - set(versions(index)):
        host.drop(old)


@lru_cache(maxsize=4)
def _connected(setting: str, token: str) -> MilvusHost:
    if not setting.startswith(_MILVUS):
        raise BadStore(setting)
    try:
        from pymilvus import MilvusClient, MilvusException
    except ImportError as error:
        raise BadStore(f"{setting}: {error}") from error
    address, prefix = _address(setting.removeprefix(_MILVUS))
    lite = "://" not in address
    try:
        client = MilvusClient(address, token=token) if token else MilvusClient(address)
    except (MilvusException, OSError, ValueError) as error:
        raise BadStore(f"{setting}: {error}") from error
    return MilvusHost(client, prefix=prefix, lite=lite)


def _address(text: str) -> tuple[str, str]:
    """Return address or file, and the prefix of collections: ``http://host:19530?prefix=name``."""
    parts = urlsplit(text)
    prefix = parse_qs(parts.query).get("prefix", [PREFIX])[0]
    if not prefix.isidentifier():
        raise BadStore(f"prefix={prefix}")
    return text.partition("?")[0], prefix
