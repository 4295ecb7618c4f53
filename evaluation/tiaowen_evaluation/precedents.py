"""``tiaowen evaluate precedents``: draft sentences whose precedents are known."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer
from tiaowen_corpus.places import shipped
from tiaowen_corpus.script import fold
from tiaowen_indexer.snapshot import open_current
from tiaowen_service.drafting.precedents import sentence_precedents
from tiaowen_service.drafting.similar import Finder
from tiaowen_service.searcher import open_searcher

DEEPEST = 5  # the right clause has to be among the first five
_FIGURES = ("first_five", "copies_flagged", "none_said")


def read_drafts(path: Path) -> list[dict[str, Any]]:
    """Return the labelled draft sentences of a file, one JSON object a line."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]


def judged(finder: Finder, draft: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was answered: verdict, the clauses of the first five, whether it is right."""
    answer = sentence_precedents(finder, draft["draft"], limit=10)
    hits = [hit for group in answer["groups"] for hit in group["hits"]][:DEEPEST]
    rank = next((n for n, hit in enumerate(hits, 1) if _is_one(hit, draft["precedents"])), 0)
    copied = answer["copied"]
    return {
        "kind": draft["kind"],
        "verdict": answer["verdict"],
        "rank": rank,
        "flagged": bool(
            copied
            and any(
                _is_one(hit, draft["precedents"]) and hit["clause_id"] == copied["clause_id"]
                for hit in hits
            )
        ),
        "scores": [(hit["score"], hit["passage"]["text"]) for hit in hits],
    }


def _is_one(hit: Mapping[str, Any], wanted: Iterable[Mapping[str, str]]) -> bool:
    doc_id = hit["doc_id"].split("~")[0]
    text = _squeezed("".join((*hit["heading_path"][-1:], hit["text"])))
    return any(one["file_id"] == doc_id and _squeezed(one["anchor"]) in text for one in wanted)


def _squeezed(text: str) -> str:
    return "".join(fold(text).split())


def figures(results: Iterable[Mapping[str, Any]]) -> dict[str, float]:
    """Return the shares of drafts with precedents whose right clause is among the first five, of
    copies flagged with their source, and of sentences without precedent said to have none; then
    the first share by kind of draft.
    """
    right: dict[str, Counter[bool]] = defaultdict(Counter)
    for result in results:
        kind = result["kind"]
        if kind == "none":
            right["none_said"][result["verdict"] == "none"] += 1
            continue
        right["first_five"][result["rank"] > 0] += 1
        right[kind][result["rank"] > 0] += 1
        if kind == "near_verbatim":
            right["copies_flagged"][result["flagged"]] += 1
    ordered = [*_FIGURES, *sorted(set(right) - set(_FIGURES))]
    return {
        name: round(right[name][True] / right[name].total(), 4)
        for name in ordered
        if right[name].total()
    }


def precedents(
    index: Annotated[Path, typer.Option("--index", help="索引目录 / index folder")] = Path(
        ".index"
    ),
    labels: Annotated[Path | None, typer.Option(help="标注文件 / file of labels")] = None,
    show: Annotated[bool, typer.Option("--show", help="列出答错的句子 / list the misses")] = False,
) -> None:
    """Measure precedents against draft sentences whose sources are known."""
    finder = Finder(open_searcher(open_current(index)))
    drafts = read_drafts(labels or shipped("evaluation/precedents") / "own.jsonl")
    for split in ("dev", "test"):
        chosen = [draft for draft in drafts if draft["split"] == split]
        results = [judged(finder, draft) for draft in chosen]
        print(split, json.dumps(figures(results), ensure_ascii=False))
        for draft, result in zip(chosen, results, strict=True):
            wrong = result["verdict"] != "none" if draft["kind"] == "none" else not result["rank"]
            if show and wrong:
                print(f"  {draft['kind']:14} {draft['draft']}  → {result['scores'][:3]}")
