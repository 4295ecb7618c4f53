"""Building: what is computed, what is taken over, what is the same every time."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tiaowen_indexer import segment as segment_module
from tiaowen_indexer.build import NothingToIndex, build
from tiaowen_indexer.collect import collect
from tiaowen_indexer.manifest import IndexMismatch
from tiaowen_indexer.norms import StoredNorms
from tiaowen_indexer.snapshot import current_version, open_current
from tiaowen_models.loading import load_embedder
from tiaowen_models.svd import fit
from tiaowen_service.searcher import Searcher

DUTIES = [
    "检查卫生",
    "组织听课",
    "安排值日",
    "记录考勤",
    "上报材料",
    "走访家庭",
    "批改作业",
    "整理图书",
]


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    for name, period in (("甲", "每周"), ("乙", "每月"), ("丙", "每学期")):
        items = "\n".join(
            f"（{number}）{period}{duty}，由值班教师负责。"
            for number, duty in zip("一二三四五六七八", DUTIES, strict=True)
        )
        (folder / f"{name}.txt").write_text(f"{name}校值班规定\n\n一、职责\n{items}\n", "utf-8")
    return folder


def test_an_unchanged_library_is_not_built_again(corpus: Path, tmp_path: Path) -> None:
    first = build(corpus, tmp_path / "index", model="svd")
    assert first.embedded == first.manifest.clauses
    second = build(corpus, tmp_path / "index", model="svd")
    assert second.reused
    assert second.manifest == first.manifest


def test_only_new_wording_is_embedded(corpus: Path, tmp_path: Path) -> None:
    first = build(corpus, tmp_path / "index", model="svd")
    path = corpus / "乙.txt"
    path.write_text(path.read_text("utf-8").replace("走访家庭", "走访社区"), "utf-8")
    second = build(corpus, tmp_path / "index", model="svd")
    assert second.embedded == 1
    assert second.manifest.version != first.manifest.version
    assert second.manifest.model == first.manifest.model
    assert current_version(tmp_path / "index") == second.manifest.version


def test_a_file_that_cannot_be_read_is_listed_and_the_rest_goes_on(
    corpus: Path, tmp_path: Path
) -> None:
    (corpus / "empty.txt").write_bytes(b"")
    (corpus / "broken.docx").write_bytes(b"PK\x03\x04 nothing")
    built = build(corpus, tmp_path / "index", model="svd")
    assert built.manifest.documents == 3
    assert {name for name, _, _ in built.manifest.errors} == {"empty.txt", "broken.docx"}


def test_only_changed_files_are_cut_again_and_the_snapshot_is_the_same(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = tmp_path / "index"
    build(corpus, index, model="svd")
    path = corpus / "乙.txt"
    path.write_text(path.read_text("utf-8").replace("走访家庭", "走访社区"), "utf-8")
    (corpus / "丁.txt").write_text("丁校规定\n\n一、要求\n每天检查1次。\n", "utf-8")
    whole, cut = segment_module.segment, []

    def counted(raw: str, *, file_id: str, **other: Any) -> object:
        cut.append(file_id)
        return whole(raw, file_id=file_id, **other)

    monkeypatch.setattr(segment_module, "segment", counted)
    second = build(corpus, index, model="svd")
    assert sorted(cut) == ["丁", "乙"]
    fresh = collect(corpus)
    snapshot = open_current(index)
    stored = snapshot.store.clauses(range(second.manifest.clauses))
    assert [stored[row] for row in sorted(stored)] == list(fresh.clauses)
    assert [snapshot.store.document(row) for row in range(second.manifest.documents)] == list(
        fresh.documents
    )
    assert StoredNorms(snapshot.folder, snapshot.store).all() == fresh.norms


def test_a_file_that_breaks_the_segmenter_is_listed_and_the_rest_goes_on(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = segment_module.segment

    def fragile(raw: str, *, file_id: str, **other: Any) -> object:
        if file_id == "乙":
            raise IndexError("no such label")
        return whole(raw, file_id=file_id, **other)

    monkeypatch.setattr(segment_module, "segment", fragile)
    built = build(corpus, tmp_path / "index", model="svd")
    assert built.manifest.documents == 2
    assert [(name, code) for name, code, _ in built.manifest.errors] == [
        ("乙.txt", "unsegmentable")
    ]


def test_what_a_killed_build_left_is_removed(corpus: Path, tmp_path: Path) -> None:
    index = tmp_path / "index"
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    (index / f".building-{dead.pid}-x").mkdir(parents=True)
    (index / f".building-{os.getpid()}-x").mkdir()
    version = build(corpus, index, model="svd").manifest.version
    left = {path.name for path in index.iterdir()}
    assert left == {"CURRENT", version, f".building-{os.getpid()}-x"}


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    with pytest.raises(NothingToIndex):
        build(tmp_path / "corpus", tmp_path / "index", model="svd")
    assert not (tmp_path / "index" / "CURRENT").exists()


def test_a_failed_build_leaves_the_live_index_alone(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = tmp_path / "index"
    version = build(corpus, index, model="svd").manifest.version
    (corpus / "甲.txt").write_text("一、新的职责\n每天开门。\n", "utf-8")

    def fail(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("tiaowen_indexer.patch.write_store", fail)
    with pytest.raises(OSError, match="disk full"):
        build(corpus, index, model="svd")
    assert current_version(index) == version
    assert sorted(path.name for path in index.iterdir()) == sorted(["CURRENT", version])
    assert open_current(index).manifest.version == version


def test_another_model_is_refused_with_the_command_that_mends_it(
    corpus: Path, tmp_path: Path
) -> None:
    build(corpus, tmp_path / "index", model="svd")
    snapshot = open_current(tmp_path / "index")
    other = fit(["完全不同的语料", "另外一些文字", "第三段文字内容"])
    with pytest.raises(IndexMismatch, match="tiaowen index"):
        Searcher(snapshot, other)
    Searcher(snapshot, load_embedder("svd", fitted=snapshot.folder / "embedder"))


def test_builds_are_the_same_bytes_whatever_the_hash_seed(corpus: Path, tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from tiaowen_indexer.build import build;"
        "build(Path(sys.argv[1]), Path(sys.argv[2]), model='svd')"
    )
    trees = []
    for seed in ("1", "2"):
        index = tmp_path / f"index-{seed}"
        subprocess.run(
            [sys.executable, "-c", code, str(corpus), str(index)],
            env=os.environ | {"PYTHONHASHSEED": seed},
            check=True,
        )
        trees.append(
            {
                path.relative_to(index).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
                for path in index.rglob("*")
                if path.is_file()
            }
        )
    assert trees[0] == trees[1]
    assert len(trees[0]) > 10
