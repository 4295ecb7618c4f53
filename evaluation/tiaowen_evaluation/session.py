"""An index opened for evaluation: its searcher, its clauses, and the questions about them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path

from tiaowen_corpus.places import shipped
from tiaowen_indexer.snapshot import Snapshot
from tiaowen_service.searcher import Searcher, open_searcher

from .baselines import recipes
from .collection import Collection, of_snapshot
from .labels import Labels, resolve
from .overlap import leaks, training_queries
from .questions import SPLITS, BadLabelsError, LabelError, load_questions, questions_folder
from .runs import Record, System
from .suite import evaluate
from .systems import searched

MEASURED = ("dev", "test")  # train is learned from: its figures flatter


@dataclass(frozen=True)
class Session:
    """What an evaluation needs."""

    searcher: Searcher
    collection: Collection
    labels: Labels

    @property
    def version(self) -> str:
        """The index version."""
        return self.searcher.version

    def systems(
        self,
        *,
        baselines: bool = True,
        only: Sequence[str] = (),
        files: AbstractSet[str] | None = None,
    ) -> list[System]:
        """Return the product's systems and, unless told not to, the usual recipes.

        With ``files``, clauses of other files are passed over: nobody has judged them.
        """
        known = None if files is None else self._clauses_of(files)
        found: list[System] = [*searched(self.searcher, known=known)]
        if baselines:
            found += recipes(self.collection, self.labels)
        return [system for system in found if not only or system.name in only]

    def _clauses_of(self, files: AbstractSet[str]) -> frozenset[str]:
        return frozenset(e.clause_id for e in self.collection.entries if e.file_id in files)

    def run(
        self, systems: Sequence[System], *, step: Callable[[str], None] = lambda name: None
    ) -> Record:
        """Evaluate."""
        return evaluate(
            systems, self.labels, self.collection, index_version=self.version, step=step
        )


def pair_folders() -> tuple[Path, ...]:
    """Return the folders of training queries that are here."""
    try:
        return (shipped("models/training/pairs"),)
    except FileNotFoundError:
        return ()  # an installation without the training data


def mistakes(
    folder: Path, collection: Collection, *, pairs: Sequence[Path] = ()
) -> tuple[Labels, tuple[LabelError, ...]]:
    """Read and resolve the questions; return every mistake of every kind."""
    questions, errors = load_questions(folder)
    labels, unresolved = resolve(questions, collection)
    copied = leaks(questions, training_queries(pairs))
    return labels, tuple(sorted({*errors, *unresolved, *copied}))


def open_session(
    snapshot: Snapshot,
    *,
    model: str | None = None,
    questions: Path | None = None,
    splits: Sequence[str] = MEASURED,
    strict: bool = True,
) -> Session:
    """Open an index with the questions that its files can answer.

    Raises BadLabelsError with all mistakes at once. Not ``strict``: a document that is gone takes
    its questions with it, instead of being a mistake.
    """
    collection = of_snapshot(snapshot)
    asked, errors = load_questions(questions or questions_folder())
    labels, unresolved = resolve(asked, collection, strict=strict)
    if errors or unresolved:
        raise BadLabelsError((*errors, *unresolved))
    if set(splits) != set(SPLITS):
        labels = labels.only(splits)
    return Session(open_searcher(snapshot, model=model), collection, labels)
