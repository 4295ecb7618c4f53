"""The last evaluation of the index and its trend, as the gate left them beside the snapshots.

The evaluation is a floor above and is not imported: its reports are read as files.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from tiaowen_service.as_json import encoded

router = APIRouter(prefix="/v1", tags=["quality"])

REPORTS = "reports"  # beside the versions in the index folder
SERVED = "ranked"  # the system of a report that answers searches
DECIDING = "nDCG@10"


@router.get("/quality", response_model=None)
def quality(request: Request, worst: int = Query(20, ge=0, le=200)) -> Response:
    """The trend, and of the latest report its headline, its categories, its worst questions."""
    folder: Path = request.app.state.live.index / REPORTS
    version = request.app.state.live.searcher().version
    body = {"history": _history(folder), "report": _latest(folder, version, worst)}
    return Response(
        encoded(body), media_type="application/json", headers={"cache-control": "no-store"}
    )


def _history(folder: Path) -> list[dict[str, Any]]:
    path = folder / "history.jsonl"
    if not path.is_file():
        return []
    return [json.loads(row) for row in path.read_text("utf-8").splitlines() if row.strip()]


def _latest(folder: Path, version: str, worst: int) -> dict[str, Any] | None:
    """Return the report of the live version, or the newest one; None where there is none."""
    kept = sorted(folder.glob("*.json"), key=lambda path: path.stat().st_mtime, reverse=True)
    own = [path for path in kept if path.stem == version]
    for path in [*own, *kept]:
        report = json.loads(path.read_text("utf-8"))
        if SERVED in report.get("figures", {}).get("systems", {}):
            return _shown(report, worst)
    return None


def _shown(report: dict[str, Any], worst: int) -> dict[str, Any]:
    system = report["figures"]["systems"][SERVED]
    return {
        "created": report["created"],
        "index_version": report["index_version"],
        "questions": report["figures"]["questions"],
        "overall": _values(system["overall"]),
        "categories": [
            {"category": name, "questions": _number(figures), **_values(figures)}
            for name, figures in sorted(system["category"].items())
        ],
        "worst": _worst(report, worst),
    }


def _values(figures: dict[str, Any]) -> dict[str, float]:
    return {name: round(figure["value"], 4) for name, figure in figures.items()}


def _number(figures: dict[str, Any]) -> int:
    return max((figure["n"] for figure in figures.values()), default=0)


def _worst(report: dict[str, Any], most: int) -> list[dict[str, Any]]:
    scores = report["per_question"][SERVED][DECIDING]
    order = sorted(scores, key=lambda question: (scores[question], question))
    return [
        {
            "question_id": question,
            "query": report["questions"][question]["query"],
            "category": report["questions"][question]["category"],
            DECIDING: round(scores[question], 4),
        }
        for question in order[:most]
        if scores[question] < 1.0
    ]
