"""Outline skeletons: the sections that documents of a kind usually have, in their usual order."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tiaowen_corpus.script import fold

from tiaowen_service.drafting.align import masked
from tiaowen_service.drafting.workshop import Workshop

USUAL = 0.25  # share of a kind's documents from which a section is usual
FEWEST = 2  # documents
LONGEST = 14  # characters of a section's name

# One section under its many names; what no rule names goes by its own heading.
_NAMES: Mapping[str, re.Pattern[str]] = {
    "指导思想": re.compile(r"指导思想|总体要求|基本思路|工作思路|总则|宗旨"),
    "目标任务": re.compile(r"目标|任务(?!分工)"),
    "基本原则": re.compile(r"原则"),
    "组织领导": re.compile(r"组织领导|组织机构|领导机构|成立机构|机构和人员|加强领导|组织保障"),
    "实施范围": re.compile(r"范围|对象|参加(?:人员|学校)"),
    "主要内容": re.compile(
        r"主要(?:内容|工作|措施|做法)|重点(?:工作|任务)|工作(?:内容|措施|重点)|活动内容|具体做法"
    ),
    "实施步骤": re.compile(r"步骤|阶段|时间安排|进度"),
    "保障措施": re.compile(r"保障"),
    "工作要求": re.compile(r"要求|责任分工|组织实施"),
    "监督考核": re.compile(
        r"考核|检查|评估|监督|督导|奖惩|问责|奖励|责任追究|监督与责任|监督和责任"
    ),
    "存在问题": re.compile(r"问题|不足"),
    "下一步打算": re.compile(r"下一步|打算|今后|整改|努力的?方向"),
    "基本情况": re.compile(r"基本情况|概况"),
    "经费": re.compile(r"经费|收费|资金"),
    "附则": re.compile(r"附则"),
}


@dataclass(frozen=True, slots=True)
class Section:
    """A section of a document: its name, heading as written, clause and place."""

    name: str
    heading: str
    clause_id: str
    doc_id: str
    place: float  # 0 at the beginning of the document, 1 at its end


def name_of(heading: str) -> str:
    """Return the common name of a section, its own heading if it has none."""
    plain = "".join(masked(heading))
    for name, pattern in _NAMES.items():
        if pattern.search(fold(plain)):
            return name
    return plain[:LONGEST]


def sections(workshop: Workshop, doc_id: str) -> list[Section]:
    """Return the top-level sections of a document, in order."""
    entry = workshop.searcher.catalogue.entries[workshop.searcher.catalogue.rows[doc_id]]
    clauses = workshop.clauses[entry.first : entry.first + entry.clauses]
    found = []
    for number, stored in enumerate(clauses):
        clause = stored.clause
        if len(clause.path) == 1 and clause.heading and clause.label:
            place = number / max(1, len(clauses) - 1)
            found.append(
                Section(name_of(clause.heading), clause.heading, clause.clause_id, doc_id, place)
            )
    return found


def skeleton(workshop: Workshop, kind: str) -> list[dict[str, Any]]:
    """Return the usual sections of a kind of document in their usual order, with exemplars."""
    entries = [entry for entry in workshop.searcher.catalogue.entries if entry.kind == kind]
    by_name: dict[str, list[Section]] = defaultdict(list)
    counted = 0
    for entry in entries:
        found = sections(workshop, entry.doc_id)
        counted += bool(found)
        seen: set[str] = set()
        for section in found:
            if section.name not in seen:
                by_name[section.name].append(section)
                seen.add(section.name)
    rows = [
        {
            "section": name,
            "documents": len(members),
            "share": round(len(members) / counted, 4),
            "place": round(sum(one.place for one in members) / len(members), 4),
            "headings": [
                word for word, _ in Counter(one.heading for one in members).most_common(5)
            ],
            "exemplars": [
                {"doc_id": one.doc_id, "clause_id": one.clause_id, "heading": one.heading}
                for one in members[:3]
            ],
        }
        for name, members in by_name.items()
        if len(members) >= min(FEWEST, counted) and len(members) / counted >= USUAL
    ]
    return sorted(rows, key=lambda row: (float(str(row["place"])), str(row["section"])))


def missing(skeleton_rows: Sequence[Mapping[str, Any]], headings: Iterable[str]) -> list[Any]:
    """Return the usual sections that none of ``headings`` stands for."""
    have = {name_of(heading) for heading in headings}
    return [row for row in skeleton_rows if row["section"] not in have]
