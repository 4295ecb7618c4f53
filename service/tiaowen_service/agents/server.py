"""The tools as an MCP server: read-only, typed in and out, every answer twice: data and text."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import version
from typing import Annotated, Any, Literal

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp_types import CallToolResult, TextContent, ToolAnnotations
from pydantic import BaseModel, Field
from tiaowen_corpus.types import Modality

from tiaowen_service.agents import shapes
from tiaowen_service.agents.budget import DEFAULT, LARGEST, SMALLEST
from tiaowen_service.agents.tools import Refused, Tools, modalities
from tiaowen_service.drafting.requirements import Wanted
from tiaowen_service.request import Filters
from tiaowen_service.searcher import Searcher

INSTRUCTIONS = """Clause-level search over Chinese education-policy documents.
Use search_clauses to find the clause that answers, get_context to read around it, and quote it
with its citation. For drafting: find_precedents (who worded a sentence before, with which number),
list_requirements (who must do what, how often), compare_wording, check_draft.
When confidence is low or nothing is found, say so: the corpus may not hold the answer."""

Limit = Annotated[int, Field(ge=1, le=50)]
Tokens = Annotated[
    int, Field(ge=SMALLEST, le=LARGEST, description="about how long the answer may be")
]
Day = Annotated[str, Field(pattern=r"^(\d{4}(-\d{2}(-\d{2})?)?)?$")]
_READS = ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False)


def create_server(searcher: Callable[[], Searcher], *, base: str = "") -> MCPServer[Any]:
    """Return the server over whatever ``searcher`` gives when a tool is called."""
    tools = Tools(searcher, base=base)
    server: MCPServer[Any] = MCPServer(
        "tiaowen",
        title="Tiaowen 条文",
        version=version("tiaowen"),
        instructions=INSTRUCTIONS,
        log_level="WARNING",
    )
    for register in (_search_tools, _drafting_tools):
        register(server, tools)
    return server


def _search_tools(server: MCPServer[Any], tools: Tools) -> None:
    @server.tool(annotations=_READS)
    def search(query: str, limit: Limit = 10) -> Annotated[CallToolResult, shapes.Results]:
        """Search clauses of education-policy documents; fetch takes the ids."""
        return _answer(lambda: tools.search(query, limit))

    @server.tool(annotations=_READS)
    def fetch(id: str) -> Annotated[CallToolResult, shapes.Fetched]:
        """Return the full text of a clause or a document by its id, with its citation."""
        return _answer(lambda: tools.fetch(id))

    @server.tool(annotations=_READS)
    def search_clauses(
        *,
        query: str,
        mode: Literal["hybrid", "bm25", "vector"] = "hybrid",
        limit: Limit = 8,
        offset: Annotated[int, Field(ge=0, le=1000)] = 0,
        doc_ids: list[str] | None = None,
        kinds: list[str] | None = None,
        issuers: list[str] | None = None,
        regions: list[str] | None = None,
        issued_from: Day = "",
        issued_to: Day = "",
        modality: list[Modality] | None = None,
        max_tokens: Tokens = DEFAULT,
    ) -> Annotated[CallToolResult, shapes.Clauses]:
        """Find the clauses that answer, with confidence, citation and filters (kind of document,
        issuer, region, date, must/may/must_not).
        """
        filters = Filters(
            doc_ids=tuple(doc_ids or ()),
            kinds=tuple(kinds or ()),
            issuers=tuple(issuers or ()),
            regions=tuple(regions or ()),
            issued_from=issued_from,
            issued_to=issued_to,
            modality=modalities(modality or ()),
        )
        return _answer(
            lambda: tools.search_clauses(
                query, mode=mode, limit=limit, offset=offset, filters=filters, budget=max_tokens
            )
        )

    @server.tool(annotations=_READS)
    def get_context(
        clause_id: str,
        before: Annotated[int, Field(ge=0, le=20)] = 2,
        after: Annotated[int, Field(ge=0, le=20)] = 2,
        max_tokens: Tokens = DEFAULT,
    ) -> Annotated[CallToolResult, shapes.Context]:
        """Read around a clause: its headings, its items, what stands before and after it."""
        return _answer(
            lambda: tools.get_context(clause_id, before=before, after=after, budget=max_tokens)
        )


def _drafting_tools(server: MCPServer[Any], tools: Tools) -> None:
    @server.tool(annotations=_READS)
    def find_precedents(
        text: str, limit: Limit = 5, max_tokens: Tokens = DEFAULT
    ) -> Annotated[CallToolResult, shapes.Precedents]:
        """Say of each sentence of a draft who worded it before: near-verbatim, reworded or on the
        same topic, with differing words and numbers; copies are flagged with their source.
        """
        return _answer(lambda: tools.find_precedents(text, limit=limit, budget=max_tokens))

    @server.tool(annotations=_READS)
    def list_requirements(
        *,
        topic: str = "",
        actor: str = "",
        modality: list[Modality] | None = None,
        period: str = "",
        doc_ids: list[str] | None = None,
        kinds: list[str] | None = None,
        sort: Literal["place", "quantity"] = "place",
        limit: Annotated[int, Field(ge=1, le=200)] = 30,
        offset: Annotated[int, Field(ge=0)] = 0,
        max_tokens: Tokens = DEFAULT,
    ) -> Annotated[CallToolResult, shapes.Requirements]:
        """List requirements: who must, may or must not do what, how much, how often, until when."""
        wanted = Wanted(
            topic=topic,
            actor=actor,
            modality=modalities(modality or ()),
            period=period,
            documents=tuple(doc_ids or ()),
            kinds=tuple(kinds or ()),
        )
        return _answer(
            lambda: tools.list_requirements(
                wanted,
                by_quantity=sort == "quantity",
                limit=limit,
                offset=offset,
                budget=max_tokens,
            )
        )

    @server.tool(annotations=_READS)
    def compare_wording(
        topic: str = "",
        clause_ids: list[str] | None = None,
        by: Literal["documents", "regions", "years"] = "documents",
        columns: list[str] | None = None,
        max_tokens: Tokens = DEFAULT,
    ) -> Annotated[CallToolResult, shapes.Comparison]:
        """Compare how documents, regions or years word a topic or chosen clauses; gaps are null."""
        return _answer(
            lambda: tools.compare_wording(
                topic, clause_ids or (), by=by, columns=columns or (), budget=max_tokens
            )
        )

    @server.tool(annotations=_READS)
    def check_draft(
        text: str, max_tokens: Tokens = DEFAULT
    ) -> Annotated[CallToolResult, shapes.Checked]:
        """Check a whole draft: what is new, stock or copied, and which usual sections lack."""
        return _answer(lambda: tools.check_draft(text, budget=max_tokens))


def _answer(made: Callable[[], BaseModel]) -> CallToolResult:
    """Return what was made as data with the same in JSON as text; a refusal is a tool's error."""
    try:
        answer = made()
    except Refused as refusal:
        raise ToolError(str(refusal)) from refusal
    return CallToolResult(
        content=[TextContent(type="text", text=answer.model_dump_json())],
        structured_content=answer.model_dump(mode="json"),
    )
