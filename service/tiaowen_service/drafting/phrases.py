"""Formula phrases of official prose: with slots (以…为…), and word for word."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from tiaowen_corpus.script import fold
from tiaowen_indexer.store import StoredClause

from tiaowen_service.drafting.align import NUMBER, masked
from tiaowen_service.drafting.workshop import Workshop
from tiaowen_service.passage import sentences

_SLOT = r"([^,。;:、]{1,16}?)"
_LAST = r"([^,。;:、]{1,16})"
PATTERNS: Mapping[str, re.Pattern[str]] = {
    "以…为…": re.compile(rf"(?<![所予给加难足可得])以{_SLOT}为(?!了){_LAST}"),
    "把…作为…": re.compile(rf"把{_SLOT}作为{_LAST}"),
    "把…纳入…": re.compile(rf"把{_SLOT}纳入{_LAST}"),
    "成立由…任组长的…": re.compile(rf"成立由{_SLOT}任组长的{_LAST}"),
    "…是第一责任人": re.compile(rf"{_LAST}是[^,。;]{{0,12}}第一责任人"),
    "坚持…的原则": re.compile(r"坚持([^,。;:]{2,30}?)的?原则"),
    "为…奠定…基础": re.compile(rf"为{_SLOT}奠定{_SLOT}基础"),
    "根据…,制定本…": re.compile(r"(?:根据|结合)([^。;]{2,30}?),(?:特)?制定本([^,。;]{1,6})"),
    "切实…": re.compile(rf"切实{_LAST}"),
    "做到…": re.compile(rf"做到{_LAST}"),
    "进一步…": re.compile(rf"进一步{_LAST}"),
    "严禁…": re.compile(rf"严禁{_LAST}"),
    "不得…": re.compile(rf"不得(?!不|少于|低于|超过|高于|多于){_LAST}"),
    "每…不少于…": re.compile(rf"(每[学年月周天次两三][^,。;:]{{0,14}}?)不少于{_LAST}"),
    "纳入…考核": re.compile(rf"纳入{_SLOT}考核"),
    "负责…": re.compile(rf"负责{_LAST}"),
}
LENGTHS = range(6, 25)  # characters of a phrase taken over word for word
FEWEST = 3  # documents that share it
_EDGE = frozenset("的了和与及或是在为对把将由以等,")


def phrases(workshop: Workshop, *, limit: int = 50) -> dict[str, Any]:
    """Return patterns with the fillings of their slots, and phrases that documents share word for
    word; each with frequency, documents and its mean place in a document (0 begin, 1 end).
    """
    return {
        "patterns": _patterns(workshop)[:limit],
        "repeated": _repeated(workshop)[:limit],
        "index_version": workshop.searcher.version,
    }


def _placed(workshop: Workshop) -> Iterator[tuple[StoredClause, str, float]]:
    """Yield every sentence, folded, with its clause and the clause's place in its document."""
    for entry in workshop.searcher.catalogue.entries:
        for number in range(entry.clauses):
            stored = workshop.clauses[entry.first + number]
            place = number / max(1, entry.clauses - 1)
            for span in sentences(stored.text):
                yield stored, fold(span.of(stored.text)), place


def _patterns(workshop: Workshop) -> list[dict[str, Any]]:
    found: dict[str, list[tuple[StoredClause, tuple[str, ...], float]]] = defaultdict(list)
    for stored, text, place in _placed(workshop):
        for name, pattern in PATTERNS.items():
            found[name] += [(stored, match.groups(), place) for match in pattern.finditer(text)]
    rows = []
    for name, places in found.items():
        slots = max(len(groups) for _, groups, _ in places) if places else 0
        rows.append(
            {
                "pattern": name,
                "count": len(places),
                "documents": len({stored.clause.doc_id for stored, _, _ in places}),
                "place": round(sum(place for *_, place in places) / max(1, len(places)), 3),
                "slots": [
                    [
                        {"filling": filling, "count": count}
                        for filling, count in Counter(
                            groups[slot] for _, groups, _ in places
                        ).most_common(8)
                    ]
                    for slot in range(slots)
                ],
                "clause_ids": [stored.clause.clause_id for stored, _, _ in places[:5]],
            }
        )
    rows = [row for row in rows if row["count"]]
    return sorted(rows, key=lambda row: (-int(str(row["count"])), str(row["pattern"])))


def _repeated(workshop: Workshop) -> list[dict[str, Any]]:
    """Find the longest character runs that several documents share, figures masked."""
    where: dict[tuple[str, ...], dict[str, float]] = defaultdict(dict)
    counts: Counter[tuple[str, ...]] = Counter()
    for stored, text, place in _placed(workshop):
        keys = masked(text)
        for at in range(len(keys) - LENGTHS.start + 1):
            where[keys[at : at + LENGTHS.start]].setdefault(stored.clause.doc_id, place)
    common = {run for run, documents in where.items() if len(documents) >= FEWEST}
    grown: dict[tuple[str, ...], dict[str, float]] = defaultdict(dict)
    for stored, text, place in _placed(workshop):
        for run in _grown(masked(text), common):
            counts[run] += 1
            grown[run].setdefault(stored.clause.doc_id, place)
    rows = [
        {
            "phrase": "".join(run).replace(NUMBER, "〔数〕"),
            "count": counts[run],
            "documents": len(documents),
            "place": round(sum(documents.values()) / len(documents), 3),
        }
        for run, documents in grown.items()
        if len(documents) >= FEWEST
    ]
    return sorted(
        rows,
        key=lambda row: (-int(str(row["documents"])), -len(str(row["phrase"])), str(row["phrase"])),
    )


def _grown(keys: tuple[str, ...], common: set[tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    """Yield the maximal runs of ``keys`` all of whose pieces are common, edges trimmed."""
    size, start = LENGTHS.start, None
    for at in range(len(keys) - size + 2):
        if at <= len(keys) - size and keys[at : at + size] in common:
            start = at if start is None else start
        elif start is not None:
            run = keys[start : at + size - 1][: LENGTHS.stop]
            while run and run[0] in _EDGE:
                run = run[1:]
            while run and run[-1] in _EDGE:
                run = run[:-1]
            if len(run) >= 4:
                yield run
            start = None
