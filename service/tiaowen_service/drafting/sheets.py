"""Tables as CSV and as workbooks that open formatted."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDEST = 60  # characters of a column
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would compute
_LINE = Side(style="thin", color="BFBFBF")
_HEAD = PatternFill("solid", fgColor="1F4E79")

Cell = str | float | int | None


def csv_of(columns: Mapping[str, str], rows: Sequence[Mapping[str, Any]]) -> bytes:
    """Return CSV in UTF-8 with a byte order mark, which spreadsheets need for Chinese.

    ``columns`` maps keys of the rows to headings. A cell that a spreadsheet would take for a
    formula is quoted with an apostrophe.
    """
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(columns.values())
    for row in rows:
        writer.writerow([safe(row.get(key)) for key in columns])
    return ("\ufeff" + stream.getvalue()).encode("utf-8", "replace")


def xlsx_of(columns: Mapping[str, str], rows: Sequence[Mapping[str, Any]], *, title: str) -> bytes:
    """Return a workbook of one sheet: headings frozen and filtered, widths set, text wrapped."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title[:31]
    sheet.append(list(columns.values()))
    for row in rows:
        sheet.append([safe(row.get(key)) for key in columns])
    for number, key in enumerate(columns, 1):
        letter = get_column_letter(number)
        longest = max((_width(row.get(key)) for row in rows), default=0)
        sheet.column_dimensions[letter].width = min(max(longest, _width(columns[key])) + 2, WIDEST)
    for cells in sheet.iter_rows():
        for cell in cells:
            cell.border = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.font = Font(name="仿宋", size=11)
    for cell in sheet[1]:
        cell.font = Font(name="黑体", size=11, bold=True, color="FFFFFF")
        cell.fill = _HEAD
        cell.alignment = Alignment(horizontal="center", vertical="center")
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def safe(value: Any) -> Cell:
    """Return a value as a cell holds it; control characters go, formulas are quoted."""
    if value is None or isinstance(value, int | float):
        return value
    text = "".join(character for character in str(value) if character in "\n\t" or character >= " ")
    return "'" + text if text.startswith(_FORMULA) else text


def _width(value: Any) -> int:
    lines = str(value or "").split("\n")
    return max(sum(2 if ord(char) > 255 else 1 for char in line) for line in lines)
