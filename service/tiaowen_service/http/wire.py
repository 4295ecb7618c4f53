"""What goes over the wire: the request, strictly checked, and the answer, documented."""

from __future__ import annotations

import unicodedata
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator
from tiaowen_corpus.types import Modality

from tiaowen_service.request import (
    LARGEST_BATCH,
    LARGEST_LIMIT,
    LARGEST_OFFSET,
    LONGEST_QUERY,
    Collapse,
    Facet,
    Filters,
    Mode,
    SearchRequest,
)

Name = Annotated[str, StringConstraints(min_length=1, max_length=300)]
Names = Annotated[list[Name], Field(max_length=200)]
Day = Annotated[str, StringConstraints(pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, str_strip_whitespace=False)


class FiltersIn(_Strict):
    """Conditions on a clause's document, or on the clause; empty lists mean any."""

    doc_ids: Names = []
    kinds: Names = []
    issuers: Names = []
    regions: Names = []
    issued_from: Day | None = None
    issued_to: Day | None = None
    modality: Modality | Annotated[list[Modality], Field(max_length=5)] = []

    def checked(self) -> Filters:
        """Return the filters of the pipeline."""
        wanted = [self.modality] if isinstance(self.modality, str) else self.modality
        return Filters(
            doc_ids=tuple(self.doc_ids),
            kinds=tuple(self.kinds),
            issuers=tuple(self.issuers),
            regions=tuple(self.regions),
            issued_from=self.issued_from or "",
            issued_to=self.issued_to or "",
            modality=tuple(wanted),
        )


class SearchIn(_Strict):
    """One search."""

    query: str = Field(max_length=LONGEST_QUERY, examples=["教学开放周有什么要求"])
    mode: Mode = "hybrid"
    limit: int = Field(10, ge=1, le=LARGEST_LIMIT)
    offset: int = Field(0, ge=0, le=LARGEST_OFFSET)
    filters: FiltersIn = Field(default_factory=FiltersIn)  # a default would be copied deeply
    facets: list[Facet] = Field(default=[], max_length=10)
    collapse: Collapse = "none"
    explain: bool = False

    @field_validator("query")
    @classmethod
    def _readable(cls, query: str) -> str:
        """Take control characters and lone surrogates out; refuse what is blank then."""
        kept = "".join(
            character if unicodedata.category(character) not in {"Cc", "Cs", "Cf"} else " "
            for character in query
        ).strip()
        if not kept:
            raise ValueError("查询为空 / the query is empty")
        return kept

    def checked(self) -> SearchRequest:
        """Return the request of the pipeline."""
        return SearchRequest(
            query=self.query,
            mode=self.mode,
            limit=self.limit,
            offset=self.offset,
            filters=self.filters.checked(),
            facets=tuple(dict.fromkeys(self.facets)),
            collapse=self.collapse,
            explain=self.explain,
        )


class BatchIn(_Strict):
    """Up to 100 searches, answered in order."""

    queries: list[SearchIn] = Field(min_length=1, max_length=LARGEST_BATCH)


class PassageOut(BaseModel):
    """The sentence of ``text`` that answers, at most 200 characters."""

    text: str
    start: int
    end: int


class HighlightOut(BaseModel):
    """A match in ``text``: a word as asked, or wording of that meaning."""

    start: int
    end: int
    match: str = Field(examples=["word", "meaning"])


class AnchorOut(BaseModel):
    """The passage in the document's text (offsets), with the wording around it."""

    exact: str
    prefix: str
    suffix: str
    start: int
    end: int


class LegOut(BaseModel):
    """Rank (from 1) and score that one leg gave; ``terms``: each matched term's part."""

    rank: int
    score: float
    terms: dict[str, float] = {}


class LegsOut(BaseModel):
    """Both legs; null where a leg did not find the clause."""

    bm25: LegOut | None
    vector: LegOut | None


class RepairOut(BaseModel):
    """Damaged wording in ``text`` and what it is read as in search."""

    start: int
    end: int
    text: str
    replacement: str
    reason: str


class DuplicatesOut(BaseModel):
    """Near-duplicates of the clause in the index."""

    count: int
    clause_ids: list[str]


class ClauseOut(BaseModel):
    """A clause as its source words it."""

    clause_id: str
    doc_id: str
    title: str
    kind: str
    label: str
    path: list[str]
    heading_path: list[str]
    text: str
    metadata: dict[str, Any]
    repairs: list[RepairOut]
    citation: str


class HitOut(ClauseOut):
    """A clause that was found."""

    rank: int
    score: float
    passage: PassageOut
    highlights: list[HighlightOut]
    anchor: AnchorOut
    legs: LegsOut
    duplicates: DuplicatesOut
    explain: dict[str, float] | None = None


class WarningOut(BaseModel):
    """Something the asker should know of this answer."""

    code: str
    message: str


class SearchOut(BaseModel):
    """An answer. ``confidence``: probability in [0, 1] that the first hit answers."""

    query: str
    analysis: dict[str, Any]
    confidence: float
    total: int
    beyond: int = Field(
        0,
        description="how many of total stand there only because filters let the meaning leg "
        "reach further; total less beyond is what the facet of the unfiltered search counted",
    )
    hits: list[HitOut]
    facets: dict[str, dict[str, int]]
    warnings: list[WarningOut]
    index_version: str
    took_ms: float


class ProblemOut(BaseModel):
    """RFC 9457 problem details."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    remedy: str
    errors: list[dict[str, str]] = []
