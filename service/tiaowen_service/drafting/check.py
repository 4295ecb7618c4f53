"""A whole draft read against the corpus: what is new, what is stock, what is copied, what lacks."""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from tiaowen_corpus.library import Library
from tiaowen_indexer.segment import segment

from tiaowen_service.drafting import outlines
from tiaowen_service.drafting.precedents import draft_sentences, sentence_precedents
from tiaowen_service.drafting.workshop import Workshop

FORMULAIC = 2  # documents that word a sentence alike make it a formula
_SOURCES = 3


def read_draft(name: str, body: bytes) -> str:
    """Return the text of an uploaded file. Raises the reader's error for what it cannot read."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"draft{Path(name).suffix.lower() or '.txt'}"
        path.write_bytes(body)
        return Library(path.parent).read(path).text


def check(workshop: Workshop, text: str) -> dict[str, Any]:
    """Return every sentence with its verdict and sources, and the sections that lack.

    ``verdict``: near_verbatim (one document words it so), formulaic (several do, or it is known
    in other words), novel. Sections are those usual in documents of the kind that the draft is.
    """
    sentences = [
        {"text": sentence, "start": start, "end": end, **_judged(workshop, sentence)}
        for sentence, start, end in draft_sentences(text)
    ]
    part = segment(text, file_id="draft", source="draft.txt")[0]
    kind = part.document.kind
    headings = [
        clause.heading for clause in part.clauses if len(clause.path) == 1 and clause.heading
    ]
    usual = outlines.skeleton(workshop, kind)
    counts = Counter(str(sentence["verdict"]) for sentence in sentences)
    return {
        "kind": kind,
        "title": part.document.title,
        "counts": {name: counts[name] for name in ("novel", "formulaic", "near_verbatim")},
        "copied": [sentence for sentence in sentences if sentence["copied"]],
        "sentences": sentences,
        "sections": headings,
        "missing_sections": outlines.missing(usual, headings),
        "index_version": workshop.searcher.version,
    }


def _judged(workshop: Workshop, sentence: str) -> dict[str, Any]:
    found = sentence_precedents(workshop.finder, sentence, limit=8)
    near = [group for group in found["groups"] if group["kind"] == "near_verbatim"]
    documents = {hit["doc_id"] for group in near for hit in group["hits"]}
    if len(documents) >= FORMULAIC:
        verdict = "formulaic"
    elif documents:
        verdict = "near_verbatim"
    else:
        verdict = "formulaic" if found["verdict"] == "reworded" else "novel"
    hits = [hit for group in found["groups"] for hit in group["hits"]]
    return {
        "verdict": verdict,
        "nearest": found["verdict"],
        "copied": found["copied"],
        "sources": [
            {
                "clause_id": hit["clause_id"],
                "citation": hit["citation"],
                "text": hit["passage"]["text"],
                "score": hit["score"],
                "diff": hit["diff"],
            }
            for hit in hits[:_SOURCES]
        ],
    }
