"""A comparison as a page, a workbook or a Word file."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

from docx.enum.section import WD_ORIENT
from docx.shared import Mm

from tiaowen_service.drafting import official
from tiaowen_service.drafting.sheets import xlsx_of

DOCX = official.MEDIA_TYPE
GAP = "（无）"

_STYLE = """
body{font-family:"Noto Serif CJK SC","Songti SC",serif;margin:2rem;color:#222}
table{border-collapse:collapse;width:100%}
th,td{border:1px solid #bbb;padding:.5rem;vertical-align:top;text-align:left;min-width:9rem}
th{background:#1f4e79;color:#fff}
td.gap{background:#f3f3f3;color:#888}
td.base{background:#eef4fa}
mark{background:none;border-bottom:2px solid #d08770}
mark.number{border:1px solid #b00;padding:0 .15em;border-radius:2px}
cite{display:block;font-size:.8em;color:#666;margin-top:.4em}
"""

Matrix = Mapping[str, Any]


def html(matrix: Matrix) -> str:
    """Return a whole page without scripts; differing words underlined, differing figures boxed."""
    head = "".join(f"<th scope=col>{escape(column['title'])}</th>" for column in matrix["columns"])
    body = "".join(
        f"<tr><th scope=row>{escape(row['point'])}</th>"
        + "".join(
            _html_cell(row["cells"][column["name"]], base=column["name"] == matrix["base"])
            for column in matrix["columns"]
        )
        + "</tr>"
        for row in matrix["rows"]
    )
    title = escape(matrix["topic"] or "条文比较")
    return (
        f'<!doctype html><html lang="zh-Hans"><meta charset="utf-8"><title>{title}</title>'
        f"<style>{_STYLE}</style><h1>{title}</h1>"
        f"<table><thead><tr><th></th>{head}</tr></thead><tbody>{body}</tbody></table></html>"
    )


def xlsx(matrix: Matrix) -> bytes:
    """Return a workbook: a row a point, a column a document, region or year."""
    columns = {"point": "要点"} | {one["name"]: one["title"] for one in matrix["columns"]}
    rows = [
        {"point": row["point"]}
        | {name: _plain(cell) for name, cell in row["cells"].items() if name in columns}
        for row in matrix["rows"]
    ]
    return xlsx_of(columns, rows, title="比较 comparison")


def docx(matrix: Matrix) -> bytes:
    """Return a Word file with the table on landscape pages."""
    document = official.new()
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    official.paragraph(document, matrix["topic"] or "条文比较", official.TITLE, centred=True)
    table = document.add_table(rows=1, cols=len(matrix["columns"]) + 1)
    table.style = "Table Grid"
    for cell, text in zip(
        table.rows[0].cells, ["要点", *(one["title"] for one in matrix["columns"])], strict=True
    ):
        official.run(cell.paragraphs[0], text, official.SMALL, bold=True)
    for row in matrix["rows"]:
        cells = table.add_row().cells
        official.run(cells[0].paragraphs[0], row["point"], official.SMALL, bold=True)
        for cell, column in zip(cells[1:], matrix["columns"], strict=True):
            _docx_cell(cell.paragraphs[0], row["cells"][column["name"]])
    return official.saved(document)


def _docx_cell(added: Any, cell: Mapping[str, Any] | None) -> None:
    if cell is None:
        official.run(added, GAP, official.SMALL)
        return
    for text, op, number in _pieces(cell):
        made = official.run(added, text, official.SMALL, bold=number)
        made.underline = op != "equal"
    official.run(added, f"\n{cell['citation']}", official.SMALL)


def _html_cell(cell: Mapping[str, Any] | None, *, base: bool) -> str:
    if cell is None:
        return f"<td class=gap>{GAP}</td>"
    text = "".join(
        escape(piece)
        if op == "equal"
        else f"<mark class={'number' if number else 'word'}>{escape(piece)}</mark>"
        for piece, op, number in _pieces(cell)
    )
    kind = " class=base" if base else ""
    return f"<td{kind}>{text}<cite>{escape(cell['citation'])}</cite></td>"


def _pieces(cell: Mapping[str, Any]) -> list[tuple[str, str, bool]]:
    """Return the wording of a cell in pieces: text, how it relates to the base, whether figures."""
    text, at = cell["passage"]["text"], 0
    pieces: list[tuple[str, str, bool]] = []
    for part in cell["diff"]:
        start, end = part["source_start"], part["source_end"]
        pieces += [(text[at:start], "equal", False), (text[start:end], part["op"], part["number"])]
        at = max(at, end)
    return [piece for piece in [*pieces, (text[at:], "equal", False)] if piece[0]]


def _plain(cell: Mapping[str, Any] | None) -> str:
    return f"{cell['passage']['text']}\n{cell['citation']}" if cell else GAP
