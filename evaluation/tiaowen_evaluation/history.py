"""One line per index version in ``evaluation/history.jsonl``: the trend."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .runs import Record
from .suite import SERVED

KEPT = ("nDCG@10", "S@1", "S@5", "R@10", "P@1 passage")


def line(record: Record, *, name: str, status: str) -> dict[str, Any]:
    """Return the headline of an evaluation as one row."""
    system = record.figures["systems"][SERVED]
    return {
        "created": record.created,
        "name": name,
        "index_version": record.index_version,
        "labels": record.labels,
        "inputs": record.inputs,
        "questions": record.figures["questions"],
        "status": status,
        "note": record.note,
        "figures": {
            **{m: round(system["overall"][m]["value"], 4) for m in KEPT if m in system["overall"]},
            **{
                name: round(system["confidence"][name], 4)
                for name in ("AUROC", "ECE")
                if name in system["confidence"]
            },
        },
    }


def read(path: Path) -> tuple[dict[str, Any], ...]:
    """Return all lines, oldest first."""
    if not path.is_file():
        return ()
    return tuple(json.loads(row) for row in path.read_text("utf-8").splitlines() if row.strip())


def trend(path: Path, now: Mapping[str, Any]) -> tuple[Mapping[str, Any], ...]:
    """Return the lines of the same corpus, oldest first, with ``now`` as the last point."""
    past = [row for row in read(path) if row["name"] == now["name"]]
    known = any(row["index_version"] == now["index_version"] for row in past)
    return (*past, *(() if known else (now,)))


def append(path: Path, row: Mapping[str, Any]) -> bool:
    """Add a line unless this index version has one with the same labels; say whether it did."""
    key = ("name", "index_version", "labels")
    if any(all(old[part] == row[part] for part in key) for old in read(path)):
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as stream:
        stream.write(json.dumps(row, ensure_ascii=False, sort_keys=True) + "\n")
    return True
