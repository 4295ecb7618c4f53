"""The table of requirements as it is handed out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tiaowen_service.drafting.sheets import csv_of, xlsx_of

COLUMNS = {
    "actor": "责任主体",
    "modality": "性质",
    "action": "事项",
    "amount": "数量",
    "period": "周期",
    "deadline": "期限",
    "share": "比例",
    "condition": "条件",
    "text": "原文",
    "title": "文件",
    "kind": "文种",
    "issued": "日期",
    "citation": "出处",
    "clause_id": "条文编号",
}
MODALITIES = {
    "must": "必须",
    "must_not": "禁止",
    "may": "可以",
    "encouraged": "鼓励",
    "planned": "计划",
}
_BOUNDS = {"at_least": "≥ ", "at_most": "≤ ", "exact": "", "range": ""}


def requirements_csv(rows: Sequence[Mapping[str, Any]]) -> bytes:
    """Return rows of `cited_row` as CSV."""
    return csv_of(COLUMNS, [_shown(row) for row in rows])


def requirements_xlsx(rows: Sequence[Mapping[str, Any]]) -> bytes:
    """Return rows of `cited_row` as a formatted workbook."""
    return xlsx_of(COLUMNS, [_shown(row) for row in rows], title="要求 requirements")


def _shown(row: Mapping[str, Any]) -> dict[str, Any]:
    return dict(row) | {
        "modality": MODALITIES[row["modality"]],
        "amount": _amount(row["quantity"]),
    }


def _amount(quantity: Mapping[str, Any] | None) -> str:
    if quantity is None:
        return ""
    value = quantity["value"]
    number = "–".join(f"{part:g}" for part in (value if isinstance(value, list) else [value]))
    return f"{_BOUNDS[quantity['bound']]}{number} {quantity['unit']}"
