"""``tiaowen evaluate requirements``: mined requirements against labels made by hand."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer
from tiaowen_corpus.errors import TiaowenError
from tiaowen_corpus.library import Library
from tiaowen_corpus.places import shipped
from tiaowen_corpus.script import fold
from tiaowen_corpus.types import Norm
from tiaowen_indexer.mining import mine
from tiaowen_indexer.segment import segment

ALIKE = 0.55  # share of the label's character pairs that the mined action must hold
_SIGNS = re.compile(r"[\s“”\"，,。;；、]|-\d{1,3}-")
FIGURES = (
    "labels",
    "found",
    "action_recall",
    "action_modality_f1",
    "modality",
    "quantity_f1",
    "period",
    "actor",
    "facts_taken",
)

Label = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Mined:
    """A mined requirement and the folded sentence it stands in, without blanks and signs."""

    norm: Norm
    sentence: str


def read_labels(path: Path) -> list[Label]:
    """Return the labels of a file, one JSON object a line."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]


def mined_of(folder: Path) -> dict[str, list[Mined]]:
    """Mine every file of a folder; files that cannot be read are left out."""
    found: dict[str, list[Mined]] = {}
    for file_id, path, text in Library(folder).texts():
        if isinstance(text, TiaowenError):
            continue
        found[file_id] = [
            Mined(norm, _squeezed(norm.span.of(part.document.text)))
            for part in segment(text.text, file_id=file_id, source=path.name)
            for norm in mine(part.document, part.clauses)
        ]
    return found


def figures(labels: Iterable[Label], mined: Mapping[str, Sequence[Mined]]) -> dict[str, float]:
    """Return the measures named in `FIGURES`, of the labels whose file was mined.

    A requirement is found if one is mined in its sentence, and right in its action if the label's
    wording stands in the mined one. Precision counts the best row of every labelled place and
    every row taken from a place that states a fact.
    """
    counts: Counter[str] = Counter()
    for label in labels:
        if label["file_id"] not in mined:
            continue
        rows = [row.norm for row in mined[label["file_id"]] if _holds(row, label)]
        if label["requirement"]:
            _count(label, rows, counts)
        else:
            counts["facts"] += 1
            counts["facts_taken"] += bool(rows)
            counts["wrong"] += bool(rows)
    return _rates(counts)


def _holds(row: Mined, label: Label) -> bool:
    return _squeezed(label["anchor"]) in row.sentence


def _count(label: Label, rows: Sequence[Norm], counts: Counter[str]) -> None:
    counts["labels"] += 1
    counts["found"] += bool(rows)
    best = max(rows, key=lambda norm: _likeness(label, norm), default=None)
    if best is None:
        return
    if _alike(label["action"], best.action) < ALIKE:
        counts["wrong"] += 1
        return
    counts["action"] += 1
    right = best.modality == label["modality"]
    counts["modality"] += right
    counts["wrong"] += not right
    wanted, got = _amount(label), _amount_of(best)
    counts["amount_wanted"] += wanted is not None
    counts["amount_got"] += got is not None
    counts["amount_right"] += wanted is not None and wanted == got
    counts["actor"] += _same_actor(label["actor"], best.actor)
    if label["period"] or label["deadline"] or best.period or best.deadline:
        counts["times"] += 1
        counts["times_right"] += _within(label["period"], best.period) and _within(
            label["deadline"], best.deadline
        )


def _likeness(label: Label, norm: Norm) -> tuple[float, bool, int]:
    same_amount = label["quantity"] is not None and _amount(label) == _amount_of(norm)
    return (_alike(label["action"], norm.action), same_amount, -len(norm.action))


def _rates(counts: Counter[str]) -> dict[str, float]:
    right, wanted = counts["modality"], counts["labels"]
    amount = 2 * counts["amount_right"], counts["amount_wanted"] + counts["amount_got"]
    return {
        "labels": wanted,
        "found": _share(counts["found"], wanted),
        "action_recall": _share(counts["action"], wanted),
        "action_modality_f1": _share(2 * right, right + counts["wrong"] + wanted),
        "modality": _share(right, counts["action"]),
        "quantity_f1": _share(*amount),
        "period": _share(counts["times_right"], counts["times"]),
        "actor": _share(counts["actor"], counts["action"]),
        "facts_taken": _share(counts["facts_taken"], counts["facts"]),
    }


def _share(part: float, whole: float) -> float:
    return round(part / whole, 4) if whole else 0.0


def _amount(label: Label) -> tuple[object, ...] | None:
    """Value, bound, unit and, where the label has one, the period: wrong if one of them is."""
    quantity = label["quantity"]
    if quantity is None:
        return None
    value = quantity["value"]
    return (tuple(value) if isinstance(value, list) else value, quantity["bound"], quantity["unit"])


def _amount_of(norm: Norm) -> tuple[object, ...] | None:
    if norm.quantity is None:
        return None
    return (norm.quantity.value, norm.quantity.bound, norm.quantity.unit)


def _same_actor(wanted: str, got: str) -> bool:
    """One name holds the other, or half of the wanted one's character pairs are there."""
    one, other = _squeezed(wanted), _squeezed(got)
    return bool(other) and (one in other or other in one or _alike(one, other) >= 0.5)


def _within(wanted: str, got: str) -> bool:
    return _squeezed(wanted) == _squeezed(got)


def _alike(wanted: str, got: str) -> float:
    pairs, held = _pairs(wanted), _pairs(got)
    return len(pairs & held) / len(pairs) if pairs else 1.0


def _pairs(text: str) -> set[str]:
    text = _squeezed(text)
    return {text[at : at + 2] for at in range(len(text) - 1)} or {text}


def _squeezed(text: str) -> str:
    return _SIGNS.sub("", fold(text))


def evaluate(folder: Path, labels: Path, *, splits: Sequence[str] = ("dev", "test")) -> Any:
    """Return the figures of each split."""
    mined, every = mined_of(folder), read_labels(labels)
    return {
        split: figures([label for label in every if label["split"] == split], mined)
        for split in splits
    }


def requirements(
    corpus: Annotated[
        Path | None, typer.Option("--corpus", help="文件夹 / folder of documents")
    ] = None,
    labels: Annotated[Path | None, typer.Option(help="标注文件 / file of labels")] = None,
    output: Annotated[str, typer.Option("--format", help="text | json")] = "text",
) -> None:
    """Measure the mining of requirements against labels made by hand."""
    chosen = labels or shipped("evaluation/requirements") / "own.jsonl"
    found = evaluate(corpus or shipped("corpus/documents"), chosen)
    if output == "json":
        print(json.dumps(found, ensure_ascii=False))
        return
    for split, values in found.items():
        print(split)
        for name in FIGURES:
            print(f"  {name:20} {values[name]:g}")
