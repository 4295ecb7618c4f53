"""What an accepted evaluation pins in ``baseline.json``: values, floors, limits, digests."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from .compare import HEADLINE
from .measures import short
from .runs import Record
from .suite import SERVED

GUARDED = (SERVED, "bm25", "vector")  # a dropped leg shows here even where ranking makes up for it
CONFIDENCE_SLACK = 0.05  # AUROC may fall, ECE may rise, by so much
COARSER = 1.25  # answering clauses may grow by this factor
JUDGED = "Judged@10"


@dataclass(frozen=True)
class Pin:
    """What one evaluation pinned. ``values``: system → measure → question → value."""

    name: str
    index_version: str
    created: str
    labels: str
    inputs: str
    signatures: Mapping[str, str]
    floors: Mapping[str, Mapping[str, float]]
    values: Mapping[str, Mapping[str, Mapping[str, float]]]
    limits: Mapping[str, float]  # AUROC at least, ECE at most, answer_length at most
    files: tuple[str, ...] = ()  # indexed then; later ones are passed over: nobody judged them
    allowed: tuple[Mapping[str, Any], ...] = ()  # floors lowered on purpose, and why


class FloorLowered(ValueError):
    """A pin would lower floors and no reason was given."""


def load_pins(path: Path) -> tuple[Pin, ...]:
    """Read ``baseline.json``; no file, no pins."""
    if not path.is_file():
        return ()
    rows = json.loads(path.read_text("utf-8"))["pins"]
    return tuple(
        Pin(**{**row, "allowed": tuple(row["allowed"]), "files": tuple(row.get("files", ()))})
        for row in rows
    )


def save_pins(pins: Iterable[Pin], path: Path) -> None:
    """Write ``baseline.json``, one question a line."""
    rows = {"format": 1, "pins": [asdict(pin) for pin in sorted(pins, key=lambda pin: pin.name)]}
    path.write_text(json.dumps(rows, ensure_ascii=False, sort_keys=True, indent=1) + "\n", "utf-8")


def pin(record: Record, name: str) -> Pin:
    """Pin an evaluation: values, floors at the lower end of each interval, limits."""
    systems = [name for name in GUARDED if name in record.runs]
    overall = {name: record.figures["systems"][name]["overall"] for name in systems}
    confidence = record.figures["systems"].get(SERVED, {}).get("confidence", {})
    limits = {"answer_length": round(record.figures["answer_length"] * COARSER, 1)}
    if judged := overall.get(SERVED, {}).get(JUDGED):
        limits[JUDGED] = round(judged["value"], 4)
    if "AUROC" in confidence:
        limits["AUROC"] = round(confidence["AUROC"] - CONFIDENCE_SLACK, 4)
    if "ECE" in confidence:
        limits["ECE"] = round(confidence["ECE"] + CONFIDENCE_SLACK, 4)
    return Pin(
        name,
        record.index_version,
        record.created,
        record.labels,
        record.inputs,
        {q: str(facts["signature"]) for q, facts in sorted(record.questions.items())},
        {
            system: {m: _down(overall[system][short(m)]["low"]) for m in _measures(record, system)}
            for system in systems
        },
        {
            system: {
                m: {q: round(v, 4) for q, v in record.per_question[system][m].items()}
                for m in _measures(record, system)
            }
            for system in systems
        },
        limits,
        tuple(record.files),
    )


def _down(value: float) -> float:
    return math.floor(value * 10_000) / 10_000


def _measures(record: Record, system: str) -> list[str]:
    return [measure for measure in HEADLINE if measure in record.per_question[system]]


def repin(
    pins: Sequence[Pin], new: Pin, *, reason: str = ""
) -> tuple[tuple[Pin, ...], tuple[str, ...]]:
    """Put ``new`` in the place of the pin of its name; return all pins and the floors it lowers.

    Raises FloorLowered if it lowers any and ``reason`` is empty.
    """
    old = next((each for each in pins if each.name == new.name), None)
    lowered = tuple(_lowered(old, new)) if old else ()
    if lowered and not reason.strip():
        raise FloorLowered("; ".join(lowered))
    allowed = old.allowed if old else ()
    if lowered:
        entry = {"created": new.created, "reason": reason.strip(), "lowered": list(lowered)}
        allowed = (*allowed, entry)
    others = tuple(each for each in pins if each.name != new.name)
    return (*others, replace(new, allowed=allowed)), lowered


def _lowered(old: Pin, new: Pin) -> Iterable[str]:
    for system, floors in old.floors.items():
        for measure, floor in floors.items():
            now = new.floors.get(system, {}).get(measure)
            if now is None or now < floor:
                yield f"{system} {short(measure)}: {floor} → {'gone' if now is None else now}"
    for name, limit in old.limits.items():
        if name == JUDGED:
            continue  # a fact about the labels, no quality of the index
        now = new.limits.get(name)
        worse = now is None or (now < limit if name == "AUROC" else now > limit)
        if worse:
            yield f"{name}: {limit} → {'gone' if now is None else now}"


def pin_for(pins: Iterable[Pin], questions: Iterable[str]) -> Pin | None:
    """Return the pin that speaks about most of the questions, None if none does."""
    asked = set(questions)
    about = [(len(each.signatures.keys() & asked), each) for each in pins]
    common, chosen = max(about, key=lambda pair: pair[0], default=(0, None))
    return chosen if common else None
