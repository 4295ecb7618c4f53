"""A small index whose documents differ in everything filters ask, and stores that hold it."""

from __future__ import annotations

import hashlib
import random
from dataclasses import replace
from pathlib import Path

from tiaowen_corpus.types import Clause, Document, Modality, Span
from tiaowen_indexer.build import build_collected
from tiaowen_indexer.collect import Collected
from tiaowen_indexer.snapshot import Snapshot, open_snapshot
from tiaowen_indexer.store import StoredClause

WORDS = tuple(
    part
    for line in (
        "学校 教师 学生 家长 校长 课堂 听课 评课 开放周 教研 备课 作业 考试 安全 食堂 校车 经费",
        "督导 每学期 不少于 两次 必须 可以 严禁 鼓励 检查 记录 汇报 公示 培训 考核 奖励 处分 请假",
    )
    for part in line.split()
)
FACTS = (  # kind, issuer, region, issued
    ("通知", "区教育局", "灞桥区", "2014-03-02"),
    ("方案", "市教育局", "西安市", "2014-03"),
    ("细则", "第一小学", "灞桥区", "2015"),
    ("讲话", "区教育局", "", ""),
    ("通知", "县教育局", "蓝田县", "2013-12-31"),
)
CLAUSES = 40  # of each document
_MODALITIES: tuple[tuple[Modality, ...], ...] = ((), ("must",), ("may", "must_not"))


def rows(seed: int = 1) -> Collected:
    """Return 200 clauses of words drawn by ``seed``."""
    draw = random.Random(seed)
    documents, clauses = [], []
    for number, facts in enumerate(FACTS):
        bodies = ["".join(draw.choices(WORDS, k=draw.randint(4, 14))) for _ in range(CLAUSES)]
        document = _document(f"d{number}", facts, "\n".join(bodies))
        at = 0
        for place, body in enumerate(bodies):
            span = Span(at, at + len(body))
            revision = hashlib.blake2b(body.encode(), digest_size=16).hexdigest()
            clause = Clause(
                f"{document.doc_id}/{place}",
                *(document.doc_id, "", (f"¶{place}",), "", (), "paragraph", span, span, revision),
            )
            row, modalities = len(clauses), _MODALITIES[place % 3]
            clauses.append(StoredClause(row, number, clause, body, (), modalities))
            at = span.end + 1
        documents.append(document)
    return Collected(tuple(documents), tuple(clauses), ())


def _document(doc_id: str, facts: tuple[str, str, str, str], text: str) -> Document:
    kind, issuer, region, issued = facts
    return Document(
        doc_id=doc_id,
        file_id=doc_id,
        part=1,
        title=f"关于{kind}的文件",
        kind=kind,
        issuer=issuer,
        region=region,
        doc_number="",
        issued=issued,
        script="simplified",
        source=f"{doc_id}.txt",
        raw_sha256=hashlib.sha256(text.encode()).hexdigest(),
        raw=text,
        extent=Span(0, len(text)),
        text=text,
        edits=(),
    )


def snapshot(index: Path, *, seed: int = 1, fewer: int = 0) -> Snapshot:
    """Build an index of `rows`, without the last ``fewer`` clauses, that is not published."""
    collected = rows(seed)
    kept = collected.clauses[: len(collected.clauses) - fewer]
    built = build_collected(
        replace(collected, clauses=kept), index, fingerprint=f"{seed} {fewer}", publish=False
    )
    return open_snapshot(built.folder)
