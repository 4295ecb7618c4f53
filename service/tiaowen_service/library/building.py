"""One build from the lock to the pruning: index, let the gates judge, publish, tell the outcome.

What goes in and what comes out are plain values: it runs in a process of its own (`builder`).
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tiaowen_corpus.errors import TiaowenError
from tiaowen_indexer.build import build
from tiaowen_indexer.collect import Progress
from tiaowen_indexer.manifest import Manifest, rules_fingerprint
from tiaowen_indexer.publishing import IndexKeptAside, Published, build_and_publish
from tiaowen_indexer.snapshot import current_version, publish

from tiaowen_service.library.indexes import KEPT, Indexes

PATIENCE = 600.0  # seconds to wait for another process that builds
LIVE = "live"  # the stage after publication: what is left is tidying up

Outcome = Mapping[str, Any]  # fields of a task: ``state`` and what belongs to it

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Job:
    """What to build. ``rebuild``: index and let it be judged even if nothing changed."""

    corpus: Path
    index: Path
    model: str | None = None
    keep: int = KEPT
    rebuild: bool = False
    force: bool = False
    allow_regression: str = ""


class Stopped(BaseException):
    """The service ends; its next start builds what is left."""


def carry_out(job: Job, report: Progress) -> Outcome:
    """Build, publish, prune; return what becomes of the task. Raises Stopped, nothing else."""
    indexes = Indexes(job.index)
    try:
        with indexes.writing(wait=PATIENCE), _swept(indexes):
            indexes.note_live()
            built = _built(job, report)
            report(LIVE, 1, 1)
            indexes.unpin()
            indexes.note(built.built.manifest.version)
            indexes.prune(keep=job.keep)
    except IndexKeptAside as kept:
        return {
            "state": "kept_aside",
            "index_version": kept.version,
            "gate": [dict(decision) for decision in kept.decisions],
            "error": _told(kept),
        }
    except Exception as error:  # whatever it is, the old index serves on
        return failed(error)
    return {"state": "succeeded", "progress": 1.0, **_made(built)}


def failed(error: Exception) -> Outcome:
    """Log ``error`` and return what becomes of the task."""
    if isinstance(error, TiaowenError):
        log.error("not indexed: %s", error)
        return {"state": "failed", "error": _told(error)}
    log.error("not indexed", exc_info=error)
    return {"state": "failed", "error": _unexpected(error)}


@contextmanager
def _swept(indexes: Indexes) -> Iterator[None]:
    """Leave nothing half-written behind when the build is stopped; the lock is held."""
    try:
        yield
    except Stopped:
        indexes.sweep()
        raise


def _built(job: Job, report: Progress) -> Published:
    if not job.rebuild:
        changed = _publish_documents(job, report)
        if changed is not None:
            return changed
    return build_and_publish(
        job.corpus,
        job.index,
        model=job.model,
        force=job.force,
        allow_regression=job.allow_regression,
        again=job.rebuild,
        progress=report,
    )


def _publish_documents(job: Job, report: Progress) -> Published | None:
    """Index and publish unjudged if nothing but documents changed; None if more did.

    The gates guard against rules, words and models that answer worse. What a library holds is
    its keeper's decision: a document deleted must go, even one that questions were asked about.
    """
    live = current_version(job.index)
    if live is None:
        return None
    before = Manifest.load(job.index / live)
    if before.rules != rules_fingerprint():
        return None
    built = build(job.corpus, job.index, model=job.model, publish=False, progress=report)
    made = built.manifest
    if (made.lexicon, made.model) != (before.lexicon, before.model):
        return None
    publish(job.index, made.version)
    return Published(built)


def _made(built: Published) -> dict[str, Any]:
    manifest = built.built.manifest
    return {
        "index_version": manifest.version,
        "embedded": built.built.embedded,
        "documents": manifest.documents,
        "clauses": manifest.clauses,
        "gate": [dict(decision) for decision in built.decisions],
    }


def _told(error: TiaowenError) -> dict[str, str]:
    return {"code": error.code, "detail": error.message, "remedy": error.remedy}


def _unexpected(error: Exception) -> dict[str, str]:
    return {
        "code": "build_failed",
        "detail": f"索引未建成,旧索引继续服务 / the build failed, the old index serves on: "
        f"{type(error).__name__}: {str(error)[:300]}",
        "remedy": "查看日志,排除原因后 POST /v1/indexes / see the log, mend it, POST /v1/indexes",
    }
