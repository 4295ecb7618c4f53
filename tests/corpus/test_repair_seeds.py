"""Precision and recall of the repairs on places of the real documents labelled by hand.

``repair_labels.tsv``: seed, anchor (the place between « and », a few characters around it), what
the author wrote ("" where the wording is genuine). An anchor stands for all its occurrences.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from tiaowen_corpus.repair import repairs

_LABELS = Path(__file__).with_name("repair_labels.tsv")


@dataclass(frozen=True)
class _Label:
    seed: str
    anchor: str
    right: str


@lru_cache
def _labels() -> tuple[_Label, ...]:
    with _LABELS.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        return tuple(_Label(row["seed"], row["anchor"], row["right"]) for row in rows)


def _wanted(text: str, label: _Label) -> list[int]:
    before, damaged, _ = label.anchor.replace("»", "«").split("«")
    plain = label.anchor.replace("«", "").replace("»", "")
    starts, at = [], text.find(plain)
    while at >= 0:
        starts.append(at + len(before))
        at = text.find(plain, at + 1)
    assert starts, f"{label.seed}: anchor not found: {label.anchor}"
    assert damaged
    return starts


def test_the_labels_are_enough() -> None:
    damaged = sum(1 for label in _labels() if label.right)
    assert damaged >= 80
    assert len(_labels()) - damaged >= 60


def test_precision_and_recall_on_labelled_places(
    shared: Path, record_property: Callable[[str, object], None]
) -> None:
    right = wrong = missed = 0
    faults: list[str] = []
    for seed in sorted({label.seed for label in _labels()}):
        text = next((shared / "seeds").glob(f"{seed}_*.txt")).read_text(encoding="utf-8")
        found = repairs(text)
        for label in (label for label in _labels() if label.seed == seed):
            for start in _wanted(text, label):
                covering = [r for r in found if r.span.start <= start < r.span.end]
                proposed = covering[0].replacement if covering else ""
                if label.right and label.right in proposed:
                    right += 1
                    continue
                wrong += bool(proposed)
                missed += bool(label.right)
                if proposed or label.right:
                    faults.append(f"{seed} {label.anchor} → {proposed or '—'}")
    precision, recall = right / (right + wrong), right / (right + missed)
    record_property("precision", round(precision, 3))
    record_property("recall", round(recall, 3))
    print(f"\nrepairs: precision {precision:.3f}, recall {recall:.3f}", *faults, sep="\n  ")
    assert precision >= 0.95, faults
    assert recall >= 0.9, faults
