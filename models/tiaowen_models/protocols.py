"""What the other rooms may ask of a model, and what a model is told about query and clauses."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Protocol

import numpy as np
from numpy.typing import NDArray
from tiaowen_corpus.types import Script, Span

if TYPE_CHECKING:
    from tiaowen_models.reading import Part

Floats = NDArray[np.float32]
Integers = NDArray[np.int32]
Language = Literal["zh", "en", "mixed", "none"]
Origin = Literal["word", "part", "synonym", "translation"]


class Embedder(Protocol):
    """Texts to unit vectors. Equal ``fingerprint`` means equal vectors."""

    @property
    def name(self) -> str:
        """The folder name of a shipped model, or the name it was asked for by."""
        ...

    @property
    def fingerprint(self) -> str:
        """Hash of weights and configuration, hex."""
        ...

    @property
    def dimensions(self) -> int:
        """Length of a vector."""
        ...

    def encode_clauses(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return float32 ``[n, dimensions]``, rows of length 1 (0 for a text without tokens)."""
        ...

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return float32 ``[n, dimensions]``, rows of length 1 (0 for a text without tokens)."""
        ...


@dataclass(frozen=True, slots=True)
class QueryTerm:
    """One term that is looked up: folded, with the word of the query that it stands for.

    ``origin`` is "word" for a word as asked, "part" for a dictionary word inside it, "synonym"
    or "translation" for what the lexicon adds. ``weight`` multiplies its BM25 contribution.
    """

    text: str
    source: str
    weight: float
    origin: Origin


@dataclass(frozen=True, slots=True)
class QueryAnalysis:
    """What was understood of a query. All strings but ``query`` are folded."""

    query: str
    folded: str
    language: Language
    script: Script
    words: tuple[str, ...]  # distinct content words, in the order asked
    terms: tuple[QueryTerm, ...]
    phrases: tuple[str, ...] = ()  # quoted: hits must hold them
    numbers: tuple[str, ...] = ()  # "2次", "85%": figures with their unit, digits normalised
    asks: tuple[str, ...] = ()  # "who", "when", "how_many", "whether", "what", "how", "why"
    notes: tuple[str, ...] = ()  # corrections and fallbacks that were applied


@dataclass(frozen=True, slots=True)
class ClauseText:
    """What a ranking model may read of one candidate: source wording, not folded.

    ``searchable`` is the body with its repairs applied, ``legible`` with those that keep its
    length, so that places in it are places in the body.
    """

    clause_id: str
    doc_id: str
    title: str
    kind: str
    headings: tuple[str, ...]
    body: str
    searchable: str
    legible: str


ReadRows = Callable[[Integers], "Sequence[Part]"]


@dataclass(frozen=True, slots=True)
class Candidates:
    """The union of both legs, as columns of equal length n; rank 0 means "not found by it"."""

    rows: Integers  # clause rows of the snapshot
    bm25: Floats
    bm25_rank: Integers
    vector: Floats  # cosine, also of candidates that only the lexical leg found
    vector_rank: Integers
    texts: Sequence[ClauseText]
    idf: Mapping[str, float]  # of every term of the query; 0.0 for a term the index lacks
    read: ReadRows | None = None  # what the index has read of rows; None: texts are read anew

    def __len__(self) -> int:
        return len(self.rows)


@dataclass(frozen=True, slots=True)
class Ranking:
    """Scores of the candidates, higher is better, and each feature's share in them."""

    scores: Floats
    shares: Mapping[str, Floats] = field(default_factory=dict)


class Ranker(Protocol):
    """Orders the candidates of both legs."""

    @property
    def name(self) -> str:
        """The name shown by ``explain``."""
        ...

    def rank(self, analysis: QueryAnalysis, candidates: Candidates) -> Ranking:
        """Return one score per candidate; ``shares`` sum to it, feature by feature."""
        ...


class Confidence(Protocol):
    """How likely the first hit answers."""

    def confidence(
        self, analysis: QueryAnalysis, candidates: Candidates, ranking: Ranking
    ) -> float:
        """Return the probability, in [0, 1], that the best-ranked candidate answers the query."""
        ...


class Passages(Protocol):
    """Chooses the sentence that answers."""

    def best(
        self,
        analysis: QueryAnalysis,
        candidates: Candidates,
        ranking: Ranking,
        positions: Sequence[int],
    ) -> list[Span]:
        """Return a span of the body of each candidate at ``positions``, at most 200 long."""
        ...
