"""Clause boundaries of the five real documents against outlines labelled by hand.

A golden row holds the part, the labels of the path (none for unnumbered text) and the first words
behind the label. The labels were made by reading the raw files.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

import opencc
import pytest
from tiaowen_corpus.noise import removals
from tiaowen_corpus.script import fold
from tiaowen_indexer.segment import SegmentedDocument, rows, segment, uncovered

GOLDEN = Path(__file__).parent / "golden"
NAMES = sorted(path.stem for path in GOLDEN.glob("*.jsonl"))
NOISE = (
    ".docx",
    "文档编号",
    "冰豆网",
    "配套讲稿",
    "特殊限制",
    "三七文档",
    "当前位置",
    "本文标题",
    "链接地址",
    "推薦度",
    "相關推薦",
    "相關文章",
    "文秘站",
    "引言:寻求",
)


@dataclass(frozen=True)
class Boundary:
    part: int
    path: tuple[str, ...]
    at: int  # raw offset of the first character behind the label


def expected(name: str, raw: str) -> list[Boundary]:
    result = []
    position = 0
    for line in (GOLDEN / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        anchor = re.escape(row["anchor"])
        after = re.escape(row.get("after", ""))  # where the same words stand earlier too
        label = rf"{re.escape(row['path'][-1])}[)]?[、.,。:]?[ ]?" if row["path"] else after
        match = re.compile(label + f"({anchor})").search(raw, position)
        match = match or re.compile(f"({anchor})").search(raw, position)
        assert match, f"{name}: {row['anchor']} is not in the file after {position}"
        position = match.end(1)
        result.append(Boundary(row["part"], tuple(row["path"]), match.start(1)))
    return result


def found(documents: tuple[SegmentedDocument, ...]) -> list[Boundary]:
    result = []
    by_id = {
        clause.clause_id: (item.document, clause) for item in documents for clause in item.clauses
    }
    for row in rows(documents):
        if "#" in row["clause_id"]:
            continue
        document, clause = by_id[row["clause_id"]]
        wording = clause.span.of(document.text)
        skipped = len(clause.label) if wording.startswith(clause.label) else 0
        skipped += len(wording[skipped:]) - len(wording[skipped:].lstrip())
        path = tuple(label for label in row["path"] if not label.startswith("¶"))
        at = document.to_raw(clause.span).start if not skipped else _raw(document, clause, skipped)
        result.append(Boundary(row["part"], path, at))
    return result


def _raw(document, clause, skipped: int) -> int:
    span = type(clause.span)(clause.span.start + skipped, clause.span.start + skipped + 1)
    return document.to_raw(span).start


def load(shared: Path, name: str) -> tuple[str, tuple[SegmentedDocument, ...]]:
    raw = (shared / "seeds" / f"{name}.txt").read_text(encoding="utf-8")
    return raw, segment(raw, file_id=name, source=f"{name}.txt")


@pytest.mark.parametrize("name", NAMES)
def test_precision_and_recall_of_clause_boundaries(shared: Path, name: str) -> None:
    raw, documents = load(shared, name)
    golden, predicted = set(expected(name, raw)), set(found(documents))
    hits = len(golden & predicted)
    precision, recall = hits / len(predicted), hits / len(golden)
    print(f"{name}: precision {precision:.3f}, recall {recall:.3f}, {len(golden)} boundaries")
    missed = sorted(golden - predicted, key=lambda boundary: boundary.at)
    surplus = sorted(predicted - golden, key=lambda boundary: boundary.at)
    assert precision >= 0.95, surplus
    assert recall >= 0.95, missed


@pytest.mark.parametrize("name", NAMES)
def test_every_character_is_in_one_clause_or_one_removal(shared: Path, name: str) -> None:
    raw, documents = load(shared, name)
    assert uncovered(documents, raw) == []


@pytest.mark.parametrize("name", NAMES)
def test_no_clause_holds_noise_or_crosses_documents(shared: Path, name: str) -> None:
    raw, documents = load(shared, name)
    assert not [
        (noise, row["clause_id"])
        for row in rows(documents)
        for noise in NOISE
        if noise in row["text"] or noise in row["heading"]
    ]
    assert not [row for row in rows(documents) if re.search(r"[-—]\s?\d{1,2}\s?[-—]", row["text"])]
    ends = [item.document.extent.end for item in documents]
    assert ends == sorted(ends)
    assert ends[-1] == len(raw)
    for item in documents:
        extent = item.document.extent
        assert all(extent.start <= row["start"] <= row["end"] <= extent.end for row in rows([item]))


def test_removals_keep_what_only_looks_like_a_marker(shared: Path) -> None:
    for path in (shared / "seeds").glob("*.txt"):
        raw = path.read_text(encoding="utf-8")
        for kept in ("1-2所", "1-2个主题", "”-“团队合作”", "8:00—12:00", "3月3日—3月15日"):
            at = raw.find(kept)
            for edit in removals(raw):
                assert at < 0 or edit.span.end <= at or edit.span.start >= at + len(kept)


WIDE = str.maketrans(",:;!?()", "，：；！？（）")
CHANGES = {
    "full-width signs": lambda raw: raw.translate(WIDE),
    "indented lines": lambda raw: raw.replace("\n", "\n　　"),
    "blank lines": lambda raw: raw.replace("\n", "\n\n"),
    "Windows line ends": lambda raw: raw.replace("\n", "\r\n"),
    "other script": opencc.OpenCC("s2t").convert,
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("name", NAMES)
def test_outline_survives_a_change_of_form(shared: Path, name: str, change: str) -> None:
    raw, documents = load(shared, name)
    changed = CHANGES[change](raw)
    again = segment(changed, file_id=name, source=f"{name}.txt")
    assert uncovered(again, changed) == []
    assert _labels(again) == _labels(documents)


def _labels(documents: tuple[SegmentedDocument, ...]) -> list[tuple[int, tuple[str, ...]]]:
    return [
        (row["part"], tuple(fold(label) for label in row["path"]))
        for row in rows(documents)
        if "#" not in row["clause_id"] and not row["path"][-1].startswith("¶")
    ]
