"""What the tools answer with; the schemas that clients are shown are made of these."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, Field


class Found(BaseModel):
    """A search result in the shape that general clients expect."""

    id: str
    title: str
    url: str
    text: str


class Results(BaseModel):
    """Answer of ``search``."""

    results: list[Found]


class Fetched(BaseModel):
    """Answer of ``fetch``: one clause, or a whole document."""

    id: str
    title: str
    text: str
    url: str
    metadata: dict[str, Any]


class Page(BaseModel):
    """What every list tells of itself: whether the budget cut it, and how to go on."""

    truncated: bool = Field(default=False, description="the answer was cut to max_tokens")
    note: str = Field(default="", description="what to do next, if anything")


class ClauseHit(BaseModel):
    """A clause that answers, with its citation."""

    clause_id: str
    citation: str
    heading_path: list[str]
    passage: str = Field(description="the sentence that answers")
    text: str
    score: float
    url: str


class Clauses(Page):
    """Answer of ``search_clauses``."""

    confidence: float = Field(description="probability that the first clause answers")
    total: int
    hits: list[ClauseHit]


class ContextClause(BaseModel):
    """A clause around another."""

    clause_id: str
    label: str
    heading_path: list[str]
    text: str


class Context(Page):
    """Answer of ``get_context``."""

    clause: ContextClause
    citation: str
    ancestors: list[ContextClause]
    children: list[ContextClause]
    before: list[ContextClause]
    after: list[ContextClause]


class Difference(BaseModel):
    """A place where source and draft differ."""

    op: Literal["replace", "insert", "delete"]
    draft: str
    source: str
    number: bool = Field(description="a figure differs")


class Precedent(BaseModel):
    """A like wording of the corpus."""

    clause_id: str
    citation: str
    text: str
    score: float
    differences: list[Difference]


class Group(BaseModel):
    """Like wordings of one formula."""

    kind: Literal["near_verbatim", "reworded", "same_topic"]
    formula: str
    documents: int
    years: dict[str, int]
    earliest_in_corpus: str
    hits: list[Precedent]


class Copied(BaseModel):
    """A run taken over word for word."""

    text: str
    characters: int
    clause_id: str
    citation: str


class SentencePrecedents(BaseModel):
    """The precedents of one sentence."""

    text: str
    verdict: Literal["near_verbatim", "reworded", "same_topic", "none"]
    copied: Copied | None
    groups: list[Group]


class Precedents(Page):
    """Answer of ``find_precedents``."""

    sentences: list[SentencePrecedents]


class Amount(BaseModel):
    """A number that is asked for; two numbers for a range."""

    value: float | list[float]
    bound: Literal["at_least", "at_most", "exact", "range"]
    unit: str


class Requirement(BaseModel):
    """Who must, may or must not do what."""

    clause_id: str
    citation: str
    actor: str
    modality: Literal["must", "must_not", "may", "encouraged", "planned"]
    action: str
    quantity: Amount | None
    period: str
    deadline: str
    share: str
    text: str


class Requirements(Page):
    """Answer of ``list_requirements``."""

    total: int
    requirements: list[Requirement]


class Wording(BaseModel):
    """How one column words a point; differences are from the base column."""

    clause_id: str
    citation: str
    text: str
    differences: list[Difference]


class Point(BaseModel):
    """One row of a comparison: null where a column says nothing of it."""

    point: str
    cells: dict[str, Wording | None]


class Comparison(Page):
    """Answer of ``compare_wording``."""

    base: str
    columns: dict[str, str] = Field(description="name of each column and its title")
    rows: list[Point]


class CheckedSentence(BaseModel):
    """One sentence of a draft."""

    text: str
    verdict: Literal["novel", "formulaic", "near_verbatim"]
    copied: Copied | None
    sources: list[Precedent]


class MissingSection(BaseModel):
    """A section that like documents usually have and the draft lacks."""

    section: str
    share: float = Field(description="of the documents of this kind that have it")
    exemplar_clause_ids: list[str]


class Checked(Page):
    """Answer of ``check_draft``."""

    kind: str
    counts: dict[str, int]
    sentences: list[CheckedSentence]
    missing_sections: list[MissingSection]
