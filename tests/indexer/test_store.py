"""Clauses and documents in SQLite."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from tiaowen_corpus.types import Edit, EditKind, Span
from tiaowen_indexer.collect import stored_clauses
from tiaowen_indexer.segment import segment
from tiaowen_indexer.store import Repaired, Store, StoredClause, repaired, write_store

RAW = """关于安全工作的规定

一、总则
（一）每周检查1次。
（二）不得迟到。
二、附则
自发布之日起施行。
"""


@pytest.fixture
def rows() -> tuple[list, list[StoredClause]]:
    documents, clauses = [], []
    for part in segment(RAW, file_id="安全", source="安全.txt"):
        clauses += stored_clauses(part, document=len(documents), first=len(clauses))
        documents.append(part.document)
    return documents, clauses


def test_what_is_written_is_read(rows: tuple[list, list[StoredClause]], tmp_path: Path) -> None:
    documents, clauses = rows
    write_store(tmp_path / "one.sqlite", documents, clauses)
    store = Store(tmp_path / "one.sqlite")
    read = store.clauses(range(len(clauses) + 5))
    assert [read[row] for row in range(len(clauses))] == clauses
    assert store.clause_row(clauses[-1].clause.clause_id) == clauses[-1].row
    assert store.clause_row("nowhere") is None
    assert store.document(0) == documents[0]
    with pytest.raises(KeyError):
        store.document(9)
    listed = store.document_rows()
    assert sum(int(row[-1]) for row in listed) == len(clauses)


def test_equal_rows_give_equal_bytes(rows: tuple[list, list[StoredClause]], tmp_path: Path) -> None:
    digests = set()
    for name in ("one", "two"):
        write_store(tmp_path / name, *rows)
        digests.add(hashlib.sha256((tmp_path / name).read_bytes()).hexdigest())
    assert len(digests) == 1


def test_the_text_of_a_clause_is_its_body(rows: tuple[list, list[StoredClause]]) -> None:
    documents, clauses = rows
    for stored in clauses:
        assert stored.text == stored.clause.body.of(documents[stored.document].text)


def test_repairs_are_applied_to_what_is_searched_alone() -> None:
    repairs = (Repaired(0, 2, "催促", "督促", "r"), Repaired(4, 5, "X", "", "r"))
    assert repaired("催促检查X。", repairs) == "督促检查。"


def test_repairs_are_found_through_removals() -> None:
    from dataclasses import replace

    raw = "一、要求\n-3-加强催促检查。\n"
    (part,) = segment(raw, file_id="a", source="a.txt")
    at = raw.index("催促")
    kept = tuple(edit for edit in part.document.edits if edit.removes)
    edit = Edit(Span(at, at + 2), EditKind.REPAIR, "test", "督促")
    changed = replace(part, document=replace(part.document, edits=(*kept, edit)))
    (stored,) = [row for row in stored_clauses(changed, document=0, first=0) if "催促" in row.text]
    (repair,) = stored.repairs
    assert stored.text[repair.start : repair.end] == "催促"
    assert "督促检查" in stored.searchable
