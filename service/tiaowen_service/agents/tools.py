"""What an agent may ask, over whatever searcher is live. Everything reads, nothing writes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import quote

import numpy as np
from tiaowen_corpus.types import Modality
from tiaowen_indexer.store import StoredClause

from tiaowen_service.agents import converted, shapes
from tiaowen_service.agents.budget import cut
from tiaowen_service.drafting import requirements as table
from tiaowen_service.drafting.check import check
from tiaowen_service.drafting.compare import compare
from tiaowen_service.drafting.precedents import LONGEST_DRAFT, precedents
from tiaowen_service.drafting.workshop import Workshop, workshop_of
from tiaowen_service.hits import clause_of
from tiaowen_service.request import LONGEST_QUERY, Filters, Mode, SearchRequest
from tiaowen_service.searcher import Searcher

LONGEST_DOCUMENT = 40_000  # characters of a fetched document


class Refused(Exception):
    """What was asked cannot be answered; the message says what to do next."""


class Tools:
    """The answers behind the tools' names."""

    def __init__(self, searcher: Callable[[], Searcher], *, base: str = "") -> None:
        """``base``: address of the service that clauses are linked to, without a slash."""
        self._searcher = searcher
        self._base = base

    @property
    def workshop(self) -> Workshop:
        """The workshop of the snapshot that is live now."""
        return workshop_of(self._searcher())

    def search(self, query: str, limit: int) -> shapes.Results:
        """Find clauses."""
        answer = self._searcher().search(SearchRequest(_query(query), limit=limit))
        return shapes.Results(
            results=[
                shapes.Found(
                    id=hit["clause_id"],
                    title=hit["citation"],
                    url=self._url(hit["clause_id"]),
                    text=hit["passage"]["text"],
                )
                for hit in answer["hits"]
            ]
        )

    def fetch(self, identifier: str) -> shapes.Fetched:
        """Return a clause, or a whole document."""
        workshop = self.workshop
        if identifier in workshop.rows:
            shown = self._shown(workshop.clauses[workshop.rows[identifier]])
            return shapes.Fetched(
                id=identifier,
                title=shown["citation"],
                text=shown["text"],
                url=self._url(identifier),
                metadata=shown["metadata"]
                | {key: shown[key] for key in ("doc_id", "title", "citation", "heading_path")},
            )
        if identifier in workshop.searcher.catalogue.rows:
            document = workshop.document(identifier)
            text = document.text[:LONGEST_DOCUMENT]
            entry = workshop.searcher.catalogue.entries[
                workshop.searcher.catalogue.rows[identifier]
            ]
            return shapes.Fetched(
                id=identifier,
                title=entry.title,
                text=text,
                url=f"{self._base or 'tiaowen://'}/v1/documents/{quote(identifier)}",
                metadata=entry.metadata
                | {"kind": entry.kind, "complete": len(text) == len(document.text)},
            )
        raise self._unknown(identifier)

    def search_clauses(
        self, query: str, *, mode: Mode, limit: int, offset: int, filters: Filters, budget: int
    ) -> shapes.Clauses:
        """Find clauses, with confidence and filters."""
        request = SearchRequest(
            _query(query), mode=mode, limit=limit, offset=offset, filters=filters
        )
        answer = self._searcher().search(request)
        hits = [
            shapes.ClauseHit(
                clause_id=hit["clause_id"],
                citation=hit["citation"],
                heading_path=hit["heading_path"],
                passage=hit["passage"]["text"],
                text=hit["text"],
                score=hit["score"],
                url=self._url(hit["clause_id"]),
            )
            for hit in answer["hits"]
        ]
        note = "" if hits else "nothing found; use fewer words, or drop a filter"
        found = shapes.Clauses(
            confidence=answer["confidence"], total=answer["total"], hits=hits, note=note
        )
        return cut(found, "hits", budget, advice="ask again with offset, or a larger max_tokens")

    def get_context(
        self, clause_id: str, *, before: int, after: int, budget: int
    ) -> shapes.Context:
        """Return a clause with what stands around it."""
        workshop = self.workshop
        stored = self._stored(clause_id)
        entry = workshop.searcher.catalogue.entries[stored.document]
        rows = np.arange(entry.first, entry.first + entry.clauses, dtype=np.int32)
        siblings = workshop.searcher.clauses(rows)
        path, at = stored.clause.path, stored.row - entry.first
        context = shapes.Context(
            clause=converted.around(stored),
            citation=self._shown(stored)["citation"],
            ancestors=[
                converted.around(other)
                for other in siblings
                if len(other.clause.path) < len(path)
                and other.clause.path == path[: len(other.clause.path)]
            ],
            children=[
                converted.around(other)
                for other in siblings
                if len(other.clause.path) == len(path) + 1 and other.clause.path[:-1] == path
            ],
            before=[converted.around(other) for other in siblings[max(0, at - before) : at]],
            after=[converted.around(other) for other in siblings[at + 1 : at + 1 + after]],
        )
        return cut(context, "children", budget, advice="ask for the children one by one")

    def find_precedents(self, text: str, *, limit: int, budget: int) -> shapes.Precedents:
        """Return like wordings of every sentence."""
        answer = precedents(self.workshop.finder, _draft(text), limit=limit)
        found = shapes.Precedents(
            sentences=[
                shapes.SentencePrecedents(
                    text=sentence["text"],
                    verdict=sentence["verdict"],
                    copied=converted.copied(sentence["copied"]),
                    groups=[converted.group(group) for group in sentence["groups"]],
                )
                for sentence in answer["sentences"]
            ]
        )
        return cut(found, "sentences", budget, advice="send the remaining sentences by themselves")

    def list_requirements(
        self, wanted: table.Wanted, *, by_quantity: bool, limit: int, offset: int, budget: int
    ) -> shapes.Requirements:
        """Return mined requirements."""
        workshop = self.workshop
        chosen = table.select(workshop, wanted, by_quantity=by_quantity)
        rows = [table.cited_row(workshop, norm) for norm in chosen[offset : offset + limit]]
        note = "" if rows else "none; drop a filter, or name the topic in other words"
        found = shapes.Requirements(
            total=len(chosen),
            requirements=[shapes.Requirement.model_validate(row) for row in rows],
            note=note,
        )
        return cut(found, "requirements", budget, advice="ask again with offset")

    def compare_wording(
        self, topic: str, clause_ids: Sequence[str], *, by: str, columns: Sequence[str], budget: int
    ) -> shapes.Comparison:
        """Return who words a point how."""
        if not topic.strip() and not clause_ids:
            raise Refused("give a topic, or clause_ids from search_clauses")
        for clause_id in clause_ids:
            self._stored(clause_id)
        matrix = compare(self.workshop, topic=topic, clause_ids=clause_ids, by=by, columns=columns)
        found = shapes.Comparison(
            base=matrix["base"],
            columns={one["name"]: one["title"] for one in matrix["columns"]},
            rows=[
                shapes.Point(
                    point=row["point"],
                    cells={name: converted.wording(cell) for name, cell in row["cells"].items()},
                )
                for row in matrix["rows"]
            ],
        )
        return cut(found, "rows", budget, advice="name fewer columns, or a narrower topic")

    def check_draft(self, text: str, *, budget: int) -> shapes.Checked:
        """Return what is new, stock or copied in a draft, and what lacks."""
        answer = check(self.workshop, _draft(text))
        found = shapes.Checked(
            kind=answer["kind"],
            counts=answer["counts"],
            sentences=[
                shapes.CheckedSentence(
                    text=sentence["text"],
                    verdict=sentence["verdict"],
                    copied=converted.copied(sentence["copied"]),
                    sources=[converted.precedent(source) for source in sentence["sources"]],
                )
                for sentence in answer["sentences"]
            ],
            missing_sections=[
                shapes.MissingSection(
                    section=row["section"],
                    share=row["share"],
                    exemplar_clause_ids=[one["clause_id"] for one in row["exemplars"]],
                )
                for row in answer["missing_sections"]
            ],
        )
        return cut(found, "sentences", budget, advice="send the rest of the draft by itself")

    def _url(self, clause_id: str) -> str:
        return f"{self._base or 'tiaowen://'}/v1/clauses/{quote(clause_id)}"

    def _stored(self, clause_id: str) -> StoredClause:
        workshop = self.workshop
        row = workshop.rows.get(clause_id)
        if row is None:
            raise self._unknown(clause_id)
        return workshop.clauses[row]

    def _shown(self, stored: StoredClause) -> dict[str, Any]:
        return clause_of(stored, self.workshop.searcher.catalogue.entries[stored.document])

    def _unknown(self, identifier: str) -> Refused:
        return Refused(
            f"no clause or document has the id {identifier[:80]!r}; "
            "ids come from search or search_clauses: call one of them first"
        )


def _query(query: str) -> str:
    query = query.encode("utf-8", "replace").decode().strip()[:LONGEST_QUERY]
    if not query:
        raise Refused("the query is empty; say what to look for, e.g. 教学开放周有什么要求")
    return query


def _draft(text: str) -> str:
    text = text.encode("utf-8", "replace").decode()
    if not any(character.isalnum() for character in text):
        raise Refused("the draft is empty; send one sentence or a whole draft in text")
    if len(text) > LONGEST_DRAFT:
        raise Refused(f"the draft is over {LONGEST_DRAFT} characters; send it in parts")
    return text


def modalities(wanted: Sequence[Modality]) -> tuple[Modality, ...]:
    """Return the modalities without repetition."""
    return tuple(dict.fromkeys(wanted))
