"""Who says what on a topic: documents, regions or years side by side, gaps left empty."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tiaowen_service.catalogue import Entry
from tiaowen_service.drafting.align import diff
from tiaowen_service.drafting.similar import TOPIC, Alike
from tiaowen_service.drafting.workshop import Workshop
from tiaowen_service.hits import clause_of
from tiaowen_service.request import SearchRequest

MOST_COLUMNS = 30
MOST_ROWS = 10
TOPIC_CLAUSES = 60
SAME_POINT = 0.30  # score from which two clauses speak of one point

_COLUMN: Mapping[str, Callable[[Entry], str]] = {
    "documents": lambda entry: entry.doc_id,
    "regions": lambda entry: entry.region,
    "years": lambda entry: entry.issued[:4],
}


def compare(
    workshop: Workshop,
    *,
    topic: str = "",
    clause_ids: Sequence[str] = (),
    by: str = "documents",
    columns: Sequence[str] = (),
    base: str = "",
) -> dict[str, Any]:
    """Return a matrix: a row a point, a column a document, region or year.

    Rows are the chosen clauses, or the sentences of the base that speak of the topic. A cell
    holds the best clause of its column with its differences from the base's cell; ``null`` where
    the column says nothing of the point.
    """
    of = _COLUMN[by]
    names = _columns(workshop, topic, clause_ids, of, columns)
    chosen = base if base in names else (names[0] if names else "")
    points = _points(workshop, topic, clause_ids, of, chosen)
    rows: list[dict[str, Any]] = []
    for label, text in points:
        cells = _cells(workshop, text, of, names)
        own = cells.get(chosen)
        wording = own["passage"]["text"] if own else text
        for name, cell in cells.items():
            if cell is not None and name != chosen:
                cell["diff"] = diff(wording, cell["passage"]["text"])
        rows.append({"point": label, "wording": wording, "cells": cells})
    titles = {entry.doc_id: entry.title for entry in workshop.searcher.catalogue.entries}
    return {
        "topic": topic,
        "by": by,
        "base": chosen,
        "columns": [{"name": name, "title": titles.get(name, name)} for name in names],
        "rows": rows,
        "gaps": [
            {"point": row["point"], "column": name}
            for row in rows
            for name, cell in row["cells"].items()
            if cell is None
        ],
        "index_version": workshop.searcher.version,
    }


def _columns(
    workshop: Workshop,
    topic: str,
    clause_ids: Sequence[str],
    of: Callable[[Entry], str],
    wanted: Sequence[str],
) -> list[str]:
    """Return the columns asked for, else those that speak of the topic, the most telling first."""
    entries = workshop.searcher.catalogue.entries
    known = {of(entry) for entry in entries} - {""}
    if wanted:
        return [name for name in dict.fromkeys(wanted) if name in known][:MOST_COLUMNS]
    rows = [workshop.rows[clause_id] for clause_id in clause_ids]
    if topic.strip():
        answer = workshop.searcher.search(SearchRequest(topic, limit=TOPIC_CLAUSES))
        rows += [workshop.rows[hit["clause_id"]] for hit in answer["hits"]]
    documents = [entries[workshop.clauses[row].document] for row in rows]
    return [name for name in dict.fromkeys(of(entry) for entry in documents) if name][:12]


def _points(
    workshop: Workshop,
    topic: str,
    clause_ids: Sequence[str],
    of: Callable[[Entry], str],
    base: str,
) -> list[tuple[str, str]]:
    """Return label and wording of every row."""
    if clause_ids:
        chosen = [workshop.clauses[workshop.rows[clause_id]] for clause_id in clause_ids]
        return [(stored.clause.heading or stored.text[:24], stored.text[:400]) for stored in chosen]
    entries = workshop.searcher.catalogue.entries
    found: list[tuple[str, str]] = [(topic, topic)]
    for alike in workshop.finder.find(topic):
        entry = entries[workshop.clauses[alike.sentence.row].document]
        if of(entry) == base and alike.score >= TOPIC:
            found.append((alike.sentence.text[:24], alike.sentence.text))
    return found[:MOST_ROWS] if len(found) == 1 else found[1 : MOST_ROWS + 1]


def _cells(
    workshop: Workshop, text: str, of: Callable[[Entry], str], names: Sequence[str]
) -> dict[str, dict[str, Any] | None]:
    """Return the best clause of every column for one point."""
    entries = workshop.searcher.catalogue.entries
    cells: dict[str, dict[str, Any] | None] = dict.fromkeys(names)
    for alike in workshop.finder.find(text):
        stored = workshop.clauses[alike.sentence.row]
        name = of(entries[stored.document])
        if name in cells and cells[name] is None and alike.score >= SAME_POINT:
            cells[name] = _cell(workshop, alike)
    return cells


def _cell(workshop: Workshop, alike: Alike) -> dict[str, Any]:
    stored = workshop.clauses[alike.sentence.row]
    entry = workshop.searcher.catalogue.entries[stored.document]
    sentence = alike.sentence
    return {
        "score": alike.score,
        "kind": alike.kind,
        **clause_of(stored, entry),
        "passage": {"text": sentence.text, "start": sentence.start, "end": sentence.end},
        "diff": [],
    }
