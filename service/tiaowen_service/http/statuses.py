"""The HTTP status of each error code that is not a plain conflict (409)."""

from __future__ import annotations

STATUSES = {
    "document_not_found": 404,
    "precondition_failed": 412,
    "idempotency_key_reused": 422,
    "bad_name": 422,
    "unreadable": 422,
    "empty_file": 422,
    "encrypted_file": 422,
    "scanned_pdf": 422,
    "broken_file": 422,
    "too_costly": 422,
    "too_large": 413,
    "unknown_format": 415,
    "cannot_write": 507,
    "busy": 503,
    "library_empty": 503,
    "journal_damaged": 503,
    "version_lost": 410,
}
RETRY_AFTER = {"busy": "5", "library_empty": "5", "cannot_write": "60"}  # seconds
