"""A re-index of what changed gives what a build from nothing gives."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import numpy as np
import pytest
from tiaowen_corpus.types import Norm
from tiaowen_indexer import build as build_module
from tiaowen_indexer import patch, vectors
from tiaowen_indexer.build import Built, build
from tiaowen_indexer.norms import StoredNorms
from tiaowen_indexer.packs import PackedStore
from tiaowen_indexer.snapshot import Columns, Snapshot, open_snapshot

DUTIES = ["检查卫生", "组织听课", "安排值日", "记录考勤", "上报材料", "走访家庭", "批改作业"]


def _text(choose: random.Random) -> str:
    duties = [choose.choice(DUTIES) for _ in range(choose.randrange(2, 6))]
    lines = [
        f"{label}、每周{duty}不少于{choose.randrange(1, 9)}次,由值班教师负责并做好记录。"
        for label, duty in zip("一二三四五六", duties, strict=False)
    ]
    return f"第{choose.randrange(99)}号值班规定\n\n" + "\n".join(lines) + "\n"


def _change(corpus: Path, choose: random.Random) -> None:
    files = sorted(corpus.iterdir())
    what = choose.randrange(4)
    if what == 0 and len(files) > 4:
        choose.choice(files).unlink()
    elif what == 1:
        (corpus / f"{choose.randrange(1000):03}.txt").write_text(_text(choose), "utf-8")
    elif what == 2:
        path = choose.choice(files)
        path.write_text(path.read_text("utf-8") + "七、新增一条,不得缺席。\n", "utf-8")
    else:
        choose.choice(files).write_text(_text(choose), "utf-8")


def _from_nothing(corpus: Path, folder: Path, live: Built) -> Snapshot:
    """Build without a live snapshot, but with its fitted embedder."""
    folder.mkdir()
    index = folder / "index"
    shutil.copytree(live.folder, index / live.manifest.version)
    (index / "CURRENT").write_text(live.manifest.version + "\n", "ascii")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(build_module, "plan", lambda *_: None)
        patched.setattr(build_module, "is_fresh", lambda *_: False)
        return open_snapshot(build(corpus, index, model="svd").folder)


def _same(one: Snapshot, other: Snapshot) -> None:
    rows = range(one.manifest.clauses)
    assert one.store.document_rows() == other.store.document_rows()
    assert one.store.clauses(rows) == other.store.clauses(rows)
    assert [one.store.document(row) for row in range(one.manifest.documents)] == [
        other.store.document(row) for row in range(other.manifest.documents)
    ]
    for row in rows:
        clause_id = one.store.clauses([row])[row].clause.clause_id
        assert one.store.clause_row(clause_id) == other.store.clause_row(clause_id) == row
    for name in Columns.__slots__:
        np.testing.assert_array_equal(getattr(one.columns, name), getattr(other.columns, name))
    np.testing.assert_array_equal(one.vectors.stored, other.vectors.stored)
    np.testing.assert_array_equal(one.vectors.keys, other.vectors.keys)
    assert _norms(one) == _norms(other)
    for path in sorted((one.folder / "lexical").iterdir()):
        assert path.read_bytes() == (other.folder / "lexical" / path.name).read_bytes(), path.name
    assert one.manifest.errors == other.manifest.errors


def _norms(snapshot: Snapshot) -> tuple[Norm, ...]:
    return StoredNorms(snapshot.folder, snapshot.store).all()


@pytest.mark.parametrize("seed", range(4))
def test_a_patched_index_is_the_index_built_from_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    monkeypatch.setattr(patch, "MOST_NEW", 1.0)
    monkeypatch.setattr(patch, "MOST_DEAD", 10)
    monkeypatch.setattr(patch, "MOST_PACKS", 3 if seed % 2 else 24)  # joined on the way, or not
    choose = random.Random(seed)
    corpus, index = tmp_path / "corpus", tmp_path / "index"
    corpus.mkdir()
    for number in range(6):
        (corpus / f"{number}.txt").write_text(_text(choose), "utf-8")
    (corpus / "broken.docx").write_bytes(b"PK\x03\x04 nothing")
    build(corpus, index, model="svd")
    for turn in range(5):
        for _ in range(choose.randrange(1, 3)):
            _change(corpus, choose)
        built = build(corpus, index, model="svd")
        if built.reused:
            continue
        patched = open_snapshot(built.folder)
        assert isinstance(patched.store, PackedStore)
        built.manifest.verify(built.folder)
        _same(patched, _from_nothing(corpus, tmp_path / f"whole-{turn}", built))


def test_only_the_changed_document_is_written(tmp_path: Path) -> None:
    choose = random.Random(1)
    corpus, index = tmp_path / "corpus", tmp_path / "index"
    corpus.mkdir()
    for number in range(30):
        (corpus / f"{number:02}.txt").write_text(_text(choose), "utf-8")
    first = build(corpus, index, model="svd")
    path = corpus / "07.txt"
    path.write_text(path.read_text("utf-8") + "七、新增一条,不得缺席。\n", "utf-8")
    second = build(corpus, index, model="svd")
    assert second.embedded == 1
    old, new = first.folder / "clauses.sqlite", second.folder / "clauses.sqlite"
    assert old.samefile(new)
    assert (second.folder / "pack-1.sqlite").stat().st_size < old.stat().st_size


def test_packs_are_joined_again_when_there_are_many(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patch, "MOST_PACKS", 3)
    monkeypatch.setattr(patch, "MOST_DEAD", 10)
    choose = random.Random(2)
    corpus, packs = tmp_path / "corpus", []
    corpus.mkdir()
    for number in range(8):
        (corpus / f"{number:02}.txt").write_text(_text(choose), "utf-8")
    build(corpus, tmp_path / "index", model="svd")
    for number in range(4):
        (corpus / "03.txt").write_text(_text(choose) + f"八、第{number}次。\n", "utf-8")
        built = build(corpus, tmp_path / "index", model="svd")
        packs.append(len(list(built.folder.glob("*.sqlite"))))
    assert packs == [4, 6, 4, 6]  # the first one stays, the others are joined


def test_the_scan_goes_on_through_patches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vectors, "EXACT_UP_TO", 100)
    random_numbers = np.random.default_rng(3)

    def made(count: int) -> vectors.VectorIndex:
        rows = random_numbers.normal(size=(count, 64)).astype(np.float32)
        rows /= np.linalg.norm(rows, axis=1, keepdims=True)
        keys = random_numbers.integers(0, 256, (count, 16), dtype=np.uint8)
        return vectors.VectorIndex(rows.astype(np.float16), keys)

    index = made(400)
    for turn in range(3):
        keep = np.delete(np.arange(len(index.stored)), [5, 17, 200 + turn])
        old = np.insert(keep, 30, [-1, -1])
        index = index.spliced(old, made(2))
        for row in (0, 30, 31, 32, len(index.stored) - 1):
            query = np.asarray(index.stored[row], np.float32)
            rows, scores = index.search(query, 5)
            assert rows[0] == row and scores[0] > 0.99
            exact = np.argsort(-(np.asarray(index.stored, np.float32) @ query))[:5]
            assert set(exact) == set(rows.tolist())
