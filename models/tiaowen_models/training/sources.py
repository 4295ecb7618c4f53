"""What the embedder learns from: every data set as pairs or passages of short text units.

A *unit* is a stretch of text up to a comma, stop or line end; a side of a pair is a tuple of
units, so that a training step may leave some out. Sets marked research-only are not read.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

Units = tuple[str, ...]
Kind = Literal["pairs", "passages"]
DEV_TOPICS = 0.15  # of the asker topics, by hash of the topic's name

_UNIT = re.compile(r"[^，,；;。！!？?：:\n]+[，,；;。！!？?：:\n]?")
_ARTICLE = re.compile(r"^第[0-9〇零一二三四五六七八九十百千\-之 ]+[条條][\s　]*")
_CHAPTER = re.compile(r"^第[0-9〇零一二三四五六七八九十百]+[章节節编編][\s　]*(.*)$")
_HEADING = re.compile(r"^[（(]?[一二三四五六七八九十]+[）)、][^；;。！，]{2,28}[。]?$")


@dataclass(frozen=True)
class Pair:
    """A query, the clause that answers it, clauses that do not, and a group for dev splits."""

    query: Units
    clause: Units
    near_misses: tuple[Units, ...] = ()
    group: str = ""


@dataclass(frozen=True)
class Source:
    """One data set. Passages (query empty) are cut into query and clause anew at each step."""

    name: str
    kind: Kind
    english: bool  # whether one side is English
    pairs: list[Pair] = field(repr=False)


def units(text: str) -> Units:
    """Cut a text after commas, stops and line ends; blanks are dropped."""
    return tuple(part for part in (m.group().strip() for m in _UNIT.finditer(text)) if part)


def held_out(key: str, share: float) -> bool:
    """Whether a key belongs to the held-out ``share``; the same on every machine."""
    digest = hashlib.blake2b(key.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") < share * 2**64


def read_lines(path: Path) -> Iterator[str]:
    """Yield the lines of a UTF-8 file, gzipped or not."""
    with (
        gzip.open(path, "rt", encoding="utf-8")
        if path.suffix == ".gz"
        else path.open(encoding="utf-8") as lines
    ):
        yield from lines


def read_json(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the objects of a .jsonl file, gzipped or not."""
    return (json.loads(line) for line in read_lines(path) if line.strip())


def read_table(path: Path) -> Iterator[dict[str, str]]:
    """Yield the rows of a .tsv file with a header line, gzipped or not."""
    return csv.DictReader(read_lines(path), delimiter="\t", quoting=csv.QUOTE_NONE)


def _passage(title: str, text: str) -> Pair:
    return Pair(query=units(title), clause=units(text))


def _articles(documents: Iterable[dict[str, Any]]) -> Iterator[Pair]:
    """Cut statutes into articles and other documents into paragraphs, each under its title."""
    for document in documents:
        heading, body = "", ""
        title = document.get("title") or ""
        for line in str(document["text"]).split("\n"):
            chapter = _CHAPTER.match(line)
            if chapter or (not _in_article(body) and _HEADING.match(line)):
                if len(body) > 15:
                    yield _passage(f"{title}\n{heading}", body)
                heading, body = (chapter.group(1) if chapter else line), ""
            elif _ARTICLE.match(line) or len(body) > 250 or (body and not _in_article(body)):
                if len(body) > 15:
                    yield _passage(f"{title}\n{heading}", body)
                body = line
            else:
                body += line
        if len(body) > 15:
            yield _passage(f"{title}\n{heading}", body)


def _in_article(body: str) -> bool:
    return bool(_ARTICLE.match(body))


def passage_sources(data: Path) -> Iterator[Source]:
    """Yield laws, policies and news as passages: one part of them asks for the rest."""
    for name in (
        "edu/cn_edu_laws.jsonl",
        "edu/cn_edu_policies_meiyu.jsonl",
        "edu/tw_moe_regulations.jsonl.gz",
        "edu/cn_edu_news.jsonl.gz",
        "policy/cn_digital_policies.jsonl.gz",
        "policy/cn_government_work_reports.jsonl",
        "scale/cn_local_regulations.jsonl.gz",
        "scale/cn_national_laws.jsonl.gz",
    ):
        pairs = list(_articles(read_json(data / name)))
        yield Source(Path(name).name.split(".")[0], "passages", False, pairs)


def public_pairs(data: Path) -> Iterator[Source]:
    """Yield the public Chinese sets: headline and story, message and reply, question and answer."""
    train = data / "train"
    rows: list[Pair] = [
        _passage(row["title"], row["body"]) for row in read_json(train / "news_title_body.jsonl.gz")
    ]
    yield Source("news", "pairs", False, rows)
    rows = []
    for row in read_json(train / "gov_messages.jsonl.gz"):
        rows.append(_passage(row["subject"], row["detail"]))
        if row.get("reply"):
            rows.append(_passage(row["subject"] + "\n" + row["detail"][:200], row["reply"]))
    yield Source("messages", "pairs", False, rows)
    rows = [
        _passage(row["query"], row["answer"])
        for row in read_json(train / "qa_pairs.jsonl.gz")
        if not row["in_bench"]
    ]
    yield Source("qa", "pairs", False, rows)
    rows = [
        _passage(row["query"], law)
        for row in read_json(train / "law_query_articles_silver.jsonl.gz")
        for law in row["laws"]
    ]
    yield Source("consultations", "pairs", False, rows)
    rows = [
        _passage(row["query"], row["abstract"])
        for row in read_json(train / "csl_abstracts.jsonl.gz")
    ]
    yield Source("abstracts", "pairs", False, rows)


def asker_pairs(folders: Iterable[Path], *, dev: bool) -> Iterator[Source]:
    """Yield questions in askers' words (Chinese, English); ``dev`` asks for held-out topics."""
    found: dict[str, list[Pair]] = {"zh": [], "en": []}
    seen: set[tuple[str, str]] = set()
    for folder in folders:
        for path in sorted(folder.glob("*.jsonl")):
            for row in read_json(path):
                key = (row["query"], row["passage"])
                if held_out(row["topic"], DEV_TOPICS) == dev and key not in seen:
                    seen.add(key)
                    misses = tuple(units(miss) for miss in _misses(row))
                    pair = Pair(units(row["query"]), units(row["passage"]), misses, row["topic"])
                    found["en" if row["lang"] == "en" else "zh"].append(pair)
    yield Source("askers_zh", "pairs", False, found["zh"])
    yield Source("askers_en", "pairs", True, found["en"])


def _misses(row: dict[str, Any]) -> list[str]:
    miss = row.get("near_miss") or []
    return [miss] if isinstance(miss, str) else list(miss)
