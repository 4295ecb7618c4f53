"""Build, let the gates judge, publish: an index that answers worse stays aside.

Gates live above this room and are found by the entry point group ``tiaowen.gates``; each is called
with the finished snapshot folder and answers in plain values.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import entry_points
from pathlib import Path
from typing import Protocol, TypedDict

from tiaowen_corpus.errors import TiaowenError

from tiaowen_indexer.build import Built, build
from tiaowen_indexer.collect import Progress
from tiaowen_indexer.snapshot import current_version, publish

GROUP = "tiaowen.gates"


class Decision(TypedDict):
    """What a gate says. ``status``: passed, failed, unpinned, allowed; ``report``: a file or ""."""

    may_publish: bool
    status: str
    reasons: list[str]
    notices: list[str]
    summary: str
    report: str
    figures: dict[str, float]


class Gate(Protocol):
    """Judges a finished snapshot that is not live yet."""

    def __call__(
        self, folder: Path, *, model: str | None = None, allow_regression: str = ""
    ) -> Decision:
        """Say whether the snapshot may be published."""
        ...


class IndexKeptAside(TiaowenError):
    """A gate refused the new index; the live one is untouched."""

    code = "index_kept_aside"
    template = (
        "新索引未通过评测，未发布 / the new index answers worse and was not published: {detail}"
    )
    remedy = (
        "阅读报告；确要发布，用 tiaowen index --allow-regression 写明理由 / read the report; "
        'to publish all the same, say why: tiaowen index --allow-regression "…"'
    )

    def __init__(self, version: str, decisions: Iterable[Decision]) -> None:
        self.version = version
        self.decisions = tuple(decisions)
        refusing = [each for each in self.decisions if not each["may_publish"]]
        reasons = [reason for each in refusing for reason in each["reasons"]]
        reports = [each["report"] for each in refusing if each["report"]]
        super().__init__("; ".join([version, *reasons, *reports]))


@dataclass(frozen=True, slots=True)
class Published:
    """A finished build; ``decisions`` is empty where nothing was judged."""

    built: Built
    decisions: tuple[Decision, ...] = ()


def gates() -> tuple[Gate, ...]:
    """Load the gates that are installed, by name."""
    found = sorted(entry_points(group=GROUP), key=lambda entry: entry.name)
    return tuple(entry.load() for entry in found)


def build_and_publish(
    corpus: Path,
    index: Path,
    *,
    model: str | None = None,
    force: bool = False,
    allow_regression: str = "",
    again: bool = False,
    progress: Progress = lambda stage, done, of: None,
) -> Published:
    """Index ``corpus`` and publish unless a gate refuses.

    The first index of a folder is published unjudged: there is nothing that it could fall behind,
    and nothing else to serve. With ``again`` an index that is live already is judged as well; it
    stays live, whatever the gates say. Raises IndexKeptAside, and what `build` raises.
    """
    live = current_version(index)
    built = build(corpus, index, model=model, force=force, publish=False, progress=progress)
    version = built.manifest.version
    if live is None or (built.reused and not again):
        publish(index, version)
        return Published(built)
    progress("evaluate", 0, 1)
    decisions = tuple(
        gate(built.folder, model=model, allow_regression=allow_regression) for gate in gates()
    )
    progress("evaluate", 1, 1)
    if built.reused:
        return Published(built, decisions)
    if not all(decision["may_publish"] for decision in decisions):
        raise IndexKeptAside(version, decisions)
    publish(index, version)
    return Published(built, decisions)
