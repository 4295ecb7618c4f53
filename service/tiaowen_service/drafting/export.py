"""Chosen clauses handed out with their citations: Word, Markdown, CSV, JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tiaowen_service.drafting import official
from tiaowen_service.drafting.sheets import csv_of
from tiaowen_service.drafting.workshop import Workshop
from tiaowen_service.hits import clause_of

DOCX = official.MEDIA_TYPE
COLUMNS = {
    "citation": "出处",
    "text": "条文",
    "title": "文件",
    "issuer": "发文机关",
    "doc_number": "文号",
    "issued": "日期",
    "place": "位置",
    "clause_id": "条文编号",
}

Item = Mapping[str, Any]


def items(workshop: Workshop, clause_ids: Iterable[str]) -> list[dict[str, Any]]:
    """Return what is told of each clause, keyed like a bibliography. Raises KeyError."""
    found = []
    for clause_id in clause_ids:
        stored = workshop.clauses[workshop.rows[clause_id]]
        entry = workshop.searcher.catalogue.entries[stored.document]
        shown = clause_of(stored, entry)
        found.append(
            {
                "type": "clause",
                "key": clause_id,
                "clause_id": clause_id,
                "doc_id": entry.doc_id,
                "title": entry.title,
                "kind": entry.kind,
                "issuer": entry.issuer,
                "doc_number": entry.doc_number,
                "issued": entry.issued,
                "region": entry.region,
                "place": " ".join(stored.clause.path),
                "headings": list(stored.clause.headings),
                "text": stored.text,
                "citation": shown["citation"],
            }
        )
    return found


def docx(chosen: Sequence[Item], *, title: str) -> bytes:
    """Return a Word file: title, then every clause under its heading with its citation."""
    document = official.new()
    official.paragraph(document, title, official.TITLE, centred=True)
    official.paragraph(document, "")
    for number, item in enumerate(chosen, 1):
        heading = item["headings"][-1] if item["headings"] else item["title"]
        official.paragraph(document, f"{_numeral(number)}、{heading}", official.HEADING)
        for line in item["text"].splitlines():
            if line.strip() and line.strip() != heading:
                official.paragraph(document, line.strip())
        official.paragraph(document, f"——{item['citation']}", official.SUBHEADING)
    return official.saved(document)


def markdown(chosen: Sequence[Item], *, title: str) -> str:
    """Return Markdown: quotations, each with its citation."""
    parts = [f"# {title}", ""]
    for item in chosen:
        lines = [f"> {line}" for line in item["text"].splitlines() if line.strip()]
        parts += [*lines, ">", f"> —— {item['citation']} `{item['clause_id']}`", ""]
    return "\n".join(parts)


def csv(chosen: Sequence[Item]) -> bytes:
    """Return CSV."""
    return csv_of(COLUMNS, chosen)


def _numeral(number: int) -> str:
    """Return 一, 二 … 九十九 for 1 to 99, figures above."""
    digits = "零一二三四五六七八九"
    if number >= 100:
        return str(number)
    tens, ones = divmod(number, 10)
    head = "" if not tens else ("十" if tens == 1 else digits[tens] + "十")
    return head + (digits[ones] if ones or not tens else "")
