"""The index folder's versions: which are kept, which was live when, activate, roll back, prune."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tiaowen_corpus import durable
from tiaowen_corpus.errors import TiaowenError
from tiaowen_indexer.manifest import FILE, Manifest
from tiaowen_indexer.snapshot import UNFINISHED, NoIndex, current_version, publish, versions

from tiaowen_service.library.tasks import now

KEPT = 5  # versions that stay for a roll back, the live one among them
HISTORY = "ACTIVATIONS"  # one JSON line an activation
PINNED = "PINNED"  # the version that was chosen by hand; builds at start leave it alone
LOCK = ".lock"
REMOVED = ".removed-"


class NothingBefore(TiaowenError):
    """No earlier version is kept."""

    code = "nothing_before"
    template = "没有可回退的版本 / no earlier version is kept: {detail}"
    remedy = "可用版本见 /v1/indexes / see /v1/indexes for the versions that are kept"


@dataclass(frozen=True, slots=True)
class Indexes:
    """The versions in ``folder``."""

    folder: Path

    @contextmanager
    def writing(self, *, wait: float = 0.0) -> Iterator[None]:
        """Hold the folder's lock. Raises Busy if another builder has it, or ReadOnlyFolder."""
        with durable.locked(self.folder / LOCK, wait=wait):
            yield

    def listed(self) -> list[dict[str, Any]]:
        """Return what is kept, the live one first, then by last activation, newest first."""
        live, times = current_version(self.folder), self.activations()
        last = {row["version"]: row["at"] for row in times}
        found = []
        for version in versions(self.folder):
            with suppress(TiaowenError):
                found.append(self._row(version, live, last))
        return sorted(found, key=lambda row: (row["live"], row["activated"], row["version"]))[::-1]

    def activate(self, version: str, *, by_hand: bool = False) -> None:
        """Verify every byte of ``version`` and make it live. Raises NoIndex, IndexDamaged."""
        if version not in versions(self.folder):
            raise NoIndex(version)
        Manifest.load(self.folder / version).verify(self.folder / version)
        durable.step("activate.verified")
        publish(self.folder, version)
        durable.step("activate.published")
        if by_hand:
            durable.write(self.folder / PINNED, version.encode() + b"\n", name="pin")
        self.note(version)

    def note(self, version: str) -> None:
        """Remember that ``version`` went live."""
        rows = self.activations()[-200:]
        if not rows or rows[-1]["version"] != version:
            rows.append({"version": version, "at": now()})
            text = "".join(json.dumps(row) + "\n" for row in rows)
            durable.write(self.folder / HISTORY, text.encode(), name="history")

    def note_live(self) -> None:
        """Remember what is live, whoever published it."""
        live = current_version(self.folder)
        if live is not None:
            self.note(live)

    def before(self) -> str:
        """Return the kept version that was live before this one. Raises NothingBefore."""
        live, kept = current_version(self.folder), set(versions(self.folder))
        for row in reversed(self.activations()):
            if row["version"] != live and row["version"] in kept:
                return str(row["version"])
        raise NothingBefore(str(live))

    def pinned(self) -> str | None:
        """Return the version chosen by hand, if it is still the live one."""
        with suppress(FileNotFoundError):
            version = (self.folder / PINNED).read_text("ascii").strip()
            if version == current_version(self.folder):
                return version
        return None

    def unpin(self) -> None:
        """Let builds publish again."""
        (self.folder / PINNED).unlink(missing_ok=True)

    def activations(self) -> list[dict[str, str]]:
        """Return version and time of every activation, oldest first."""
        try:
            lines = (self.folder / HISTORY).read_text("ascii").splitlines()
            return [json.loads(line) for line in lines]
        except (FileNotFoundError, ValueError):
            return []

    def prune(self, *, keep: int = KEPT) -> list[str]:
        """Remove the versions that were live longest ago; the caller holds the lock."""
        doomed = [row["version"] for row in self.listed()][max(1, keep) :]
        for version in doomed:
            gone = self.folder / f"{REMOVED}{version}"
            (self.folder / version).rename(gone)
            durable.step("prune.renamed")
            shutil.rmtree(gone, ignore_errors=True)
        return doomed

    def sweep(self) -> None:
        """Remove what a crash left; the caller holds the lock: nobody builds."""
        for prefix in (UNFINISHED, REMOVED):
            for left in self.folder.glob(f"{prefix}*"):
                shutil.rmtree(left, ignore_errors=True)
        durable.sweep(self.folder)

    def _row(self, version: str, live: str | None, last: dict[str, str]) -> dict[str, Any]:
        manifest = Manifest.load(self.folder / version)
        report = self.folder / "reports" / f"{version}.json"
        return {
            "version": version,
            "live": version == live,
            "pinned": version == self.pinned(),
            "activated": last.get(version, ""),
            "built": int((self.folder / version / FILE).stat().st_mtime),
            "documents": manifest.documents,
            "clauses": manifest.clauses,
            "model": manifest.model.name,
            "left_out": len(manifest.errors),
            "evaluated": report.is_file(),
        }
