from __future__ import annotations

from pathlib import Path

import pytest
from tiaowen_corpus.errors import BrokenFile, EmptyFile, TiaowenError, TooLarge
from tiaowen_corpus.library import Library, file_id_of
from tiaowen_corpus.places import shipped
from tiaowen_corpus.readers import RawText


def test_files_come_in_one_order_with_unique_ids(tmp_path: Path) -> None:
    for name in ("b.txt", "a.md", "a.txt", "sub/a.txt", "c d.txt", ".hidden.txt", "README.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("一、正文", encoding="utf-8")
    found = [(file_id, path.name) for file_id, path in Library(tmp_path).files()]
    assert found == [
        ("a", "a.md"),
        ("a-2", "a.txt"),
        ("b", "b.txt"),
        ("c-d", "c d.txt"),
        ("a-3", "a.txt"),
    ]


def test_a_bad_file_is_reported_and_the_rest_goes_on(tmp_path: Path) -> None:
    (tmp_path / "1.txt").write_text("一、正文", encoding="utf-8")
    (tmp_path / "2.txt").write_bytes(b"")
    (tmp_path / "3.pdf").write_bytes(b"%PDF-1.7 broken")
    (tmp_path / "4.txt").write_text("二、正文", encoding="gbk")
    kinds = [type(text) for _, _, text in Library(tmp_path).texts()]
    assert kinds == [RawText, EmptyFile, BrokenFile, RawText]


def test_a_huge_file_is_not_even_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tiaowen_corpus.library.LARGEST_FILE", 3)
    (tmp_path / "a.txt").write_text("正文很长", encoding="utf-8")
    with pytest.raises(TooLarge):
        Library(tmp_path).read(tmp_path / "a.txt")


def test_a_missing_file_is_our_own_error(tmp_path: Path) -> None:
    with pytest.raises(BrokenFile):
        Library(tmp_path).read(tmp_path / "none.txt")


def test_every_document_of_our_own_corpus_is_read() -> None:
    texts = list(Library(shipped("corpus/documents")).texts())
    assert len(texts) >= 14
    assert [text for _, _, text in texts if isinstance(text, TiaowenError)] == []
    formats = {text.format for _, _, text in texts if isinstance(text, RawText)}
    assert formats == {"txt", "md", "html", "docx", "pdf"}


def test_ids_hold_no_sign_that_paths_and_parts_use() -> None:
    assert file_id_of(Path("方案~2 #1.docx")) == "方案-2--1"
