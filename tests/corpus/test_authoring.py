"""The committed documents are what the authoring step makes of the clean sources."""

from __future__ import annotations

import io
import sys
import zipfile
from pathlib import Path
from types import ModuleType

import pdfplumber
import pytest
from tiaowen_corpus.places import shipped

DOCUMENTS = shipped("corpus/documents")
AUTHORING = DOCUMENTS.parent / "authoring"
SOURCES = sorted((AUTHORING / "sources").glob("*.txt"))


@pytest.fixture(scope="module")
def build() -> ModuleType:
    sys.path.insert(0, str(AUTHORING))  # the scripts there import each other as scripts do
    try:
        import build_formats
    finally:
        sys.path.remove(str(AUTHORING))
    return build_formats


def content(path: Path) -> object:
    """What a file says, without the bytes that differ between versions of the writers."""
    if path.suffix == ".docx":
        with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as package:
            return package.read("word/document.xml"), package.read("word/numbering.xml")
    if path.suffix == ".pdf":
        with pdfplumber.open(path) as pdf:
            return [page.extract_text() for page in pdf.pages]
    return path.read_bytes()


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_document_is_built_from_its_source(
    source: Path, build: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(build, "DOCUMENTS", tmp_path)
    made = build.build(source)
    assert content(made) == content(DOCUMENTS / made.name)


def test_a_label_that_word_would_count_differently_is_refused(
    build: ModuleType, tmp_path: Path
) -> None:
    with pytest.raises(ValueError, match="Word would number 二"):
        build.word.write("方案\n一、目标\n三、措施", tmp_path / "plan.docx")


@pytest.mark.parametrize(("number", "written"), [(1, "一"), (10, "十"), (11, "十一"), (30, "三十")])
def test_chinese_counting(number: int, written: str, build: ModuleType) -> None:
    assert build.word.chinese(number) == written
