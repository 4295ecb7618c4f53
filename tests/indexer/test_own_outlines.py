"""The outline of every document of our own corpus, and its wording against the clean source.

``own_outlines.tsv`` holds one row a document: file, part, and the labelled paths in order, read off
the sources by eye. ``corpus/authoring/sources`` holds what the damaged files, the Word files and
the PDFs said before: cleaning must give exactly that wording back, without white space.
"""

from __future__ import annotations

import csv
import runpy
from functools import cache
from pathlib import Path

import pytest
from tiaowen_corpus.library import Library
from tiaowen_corpus.places import shipped
from tiaowen_corpus.readers import RawText
from tiaowen_indexer.segment import SegmentedDocument, segment

SOURCES = shipped("corpus/documents").parent / "authoring" / "sources"
DAMAGE = runpy.run_path(str(SOURCES.parent / "damage.py"))


@cache
def corpus() -> dict[str, tuple[SegmentedDocument, ...]]:
    found = {}
    for file_id, path, text in Library(shipped("corpus/documents")).texts():
        assert isinstance(text, RawText), text
        found[file_id] = segment(
            text.text, file_id=file_id, source=path.name, labels_hint=text.labels
        )
    return found


def golden() -> list[tuple[str, int, list[str]]]:
    path = Path(__file__).with_name("own_outlines.tsv")
    with path.open(encoding="utf-8", newline="") as lines:
        return [
            (file_id, int(part), paths.split())
            for file_id, part, paths in csv.reader(lines, delimiter="\t")
        ]


def labelled(segmented: SegmentedDocument) -> list[str]:
    return [
        "/".join(clause.path)
        for clause in segmented.clauses
        if "#" not in clause.clause_id and "¶" not in clause.path[-1]
    ]


@pytest.mark.parametrize(("file_id", "part", "paths"), golden())
def test_outline(file_id: str, part: int, paths: list[str]) -> None:
    found = labelled(corpus()[file_id][part - 1])
    assert len(set(found) & set(paths)) >= 0.95 * max(len(found), len(paths)), (
        sorted(set(paths) - set(found)),
        sorted(set(found) - set(paths)),
    )


def test_every_document_has_its_row() -> None:
    rows = {(file_id, part) for file_id, part, _ in golden()}
    assert rows == {
        (file_id, number)
        for file_id, found in corpus().items()
        for number in range(1, len(found) + 1)
    }


def test_at_least_600_clauses() -> None:
    assert sum(len(document.clauses) for found in corpus().values() for document in found) >= 600


def wording(source: Path) -> str:
    """What a perfect cleaning leaves of the file that was made from ``source``."""
    text = source.read_text(encoding="utf-8")
    if source.stem == "yunpi-2012-quality-speech":
        text = DAMAGE["BRACKETED"].sub(r"\1", text)
        for right, wrong in DAMAGE["MAPPING"].items():
            text = text.replace(right, wrong)
        text = text.translate(DAMAGE["HALF_WIDTH"])
    if source.stem == "luzhou-2020-kindergarten-pairing-plan":
        text = DAMAGE["YEAR"].sub("20xx", text).replace("鹭洲区", "XX区")
    return "".join(text.split())


@pytest.mark.parametrize("source", sorted(SOURCES.glob("*.txt")), ids=lambda path: path.stem)
def test_wording_is_the_sources(source: Path) -> None:
    pieces = [
        clause.span.of(segmented.document.text)
        for segmented in corpus()[source.stem]
        for clause in segmented.clauses
    ]
    assert "".join("".join(pieces).split()) == wording(source)
