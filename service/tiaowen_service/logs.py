"""Logs for machines: one JSON object a line, with the id of the request it belongs to.

Query strings, bodies and headers are never logged: they hold what people search for, and keys.
"""

from __future__ import annotations

import json
import logging
import re
import sys
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Literal

request_id: ContextVar[str] = ContextVar("request_id", default="")

_KEY = re.compile(r"tw_[0-9a-f]{8}_[\w-]+")
_HIDDEN = "tw_***"


class JsonLines(logging.Formatter):
    """Formats a record as one JSON object."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        values: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if request_id.get():
            values["request_id"] = request_id.get()
        values |= getattr(record, "fields", {})
        if record.exc_info:
            values["error"] = self.formatException(record.exc_info)
        return without_keys(json.dumps(values, ensure_ascii=False, default=str))


class Plain(logging.Formatter):
    """Formats a record for a person."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        return without_keys(super().format(record))


def without_keys(text: str) -> str:
    """Return ``text`` with every API key blacked out."""
    return _KEY.sub(_HIDDEN, text)


def set_up(kind: Literal["json", "text"], *, level: int = logging.INFO) -> None:
    """Send the log to stderr in the given form."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        JsonLines() if kind == "json" else Plain("%(asctime)s %(levelname)s %(message)s")
    )
    logging.basicConfig(level=level, handlers=[handler], force=True)
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
    # their lines of every request would repeat ours, query strings included
    logging.getLogger("uvicorn.access").disabled = True
