"""Snapshots: what is sealed stays, what is damaged is refused, the pointer moves at once."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tiaowen_indexer.build import build
from tiaowen_indexer.manifest import FILE, IndexDamaged, IndexMismatch, Manifest
from tiaowen_indexer.snapshot import (
    STORE,
    NoIndex,
    current_version,
    open_current,
    publish,
    versions,
)


@pytest.fixture
def index(tmp_path: Path) -> Path:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "a.txt").write_text(
        "一、要求\n每周检查1次。\n二、禁止\n不得迟到。\n", encoding="utf-8"
    )
    build(corpus, tmp_path / "index", model="svd")
    return tmp_path / "index"


def _live(index: Path) -> Path:
    return index / str(current_version(index))


def test_nothing_indexed_is_said_with_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(NoIndex, match="tiaowen index"):
        open_current(tmp_path)
    with pytest.raises(NoIndex):
        publish(tmp_path, "0123")
    assert versions(tmp_path / "nowhere") == []


def test_a_folder_without_a_manifest_is_no_version(index: Path) -> None:
    (index / ".building-x").mkdir()
    (index / "half").mkdir()
    assert versions(index) == [current_version(index)]


def test_publishing_leaves_no_other_trace(index: Path) -> None:
    before = sorted(path.name for path in index.iterdir())
    publish(index, str(current_version(index)))
    assert sorted(path.name for path in index.iterdir()) == before


def test_checksums_tell_a_changed_byte(index: Path) -> None:
    folder = _live(index)
    manifest = Manifest.load(folder)
    manifest.verify(folder)
    store = folder / STORE
    changed = bytearray(store.read_bytes())
    changed[-1] ^= 1
    store.write_bytes(changed)
    with pytest.raises(IndexDamaged, match=STORE):
        manifest.verify(folder)


@pytest.mark.parametrize("name", [STORE, "vectors/vectors.npy", "lexical/vocabulary.txt", FILE])
def test_a_missing_file_is_refused(index: Path, name: str) -> None:
    (_live(index) / name).unlink()
    with pytest.raises(IndexDamaged, match="tiaowen index"):
        open_current(index)


def test_a_truncated_array_is_refused(index: Path) -> None:
    path = _live(index) / "vectors/vectors.npy"
    path.write_bytes(path.read_bytes()[:-10])
    with pytest.raises(IndexDamaged):
        open_current(index)


def test_another_format_is_refused(index: Path) -> None:
    path = _live(index) / FILE
    path.write_text(json.dumps(json.loads(path.read_text()) | {"format": 999}))
    with pytest.raises(IndexMismatch, match="tiaowen index"):
        open_current(index)
