"""Precision and recall on our own documents, damaged by program as preview sites damage them."""

from __future__ import annotations

import re
from functools import lru_cache

import pytest
from tiaowen_corpus.library import Library
from tiaowen_corpus.places import shipped
from tiaowen_corpus.readers import RawText
from tiaowen_corpus.repair import repairs

_MAPPING = {
    **{"发展": "开展", "规范": "标准", "巩固": "稳固", "基础": "根底", "服务": "效劳"},
    **{"广大": "广阔", "贡献": "奉献", "氛围": "气氛", "督促": "催促", "创建": "创立"},
    **{"动员": "发动", "原则": "原那么", "规则": "规那么", "细则": "细那么", "表面": "外表"},
}
_WORD = re.compile("|".join(_MAPPING))
_DAMAGED_ON_PURPOSE = {"yunpi-2012-quality-speech"}


@lru_cache(maxsize=1)
def _texts() -> dict[str, str]:
    return {
        file_id: raw.text
        for file_id, _, raw in Library(shipped("corpus/documents")).texts()
        if isinstance(raw, RawText) and file_id not in _DAMAGED_ON_PURPOSE
    }


def _damaged(text: str) -> tuple[str, dict[int, str]]:
    """Return the mapped text and, by offset, the words that stood there."""
    pieces: list[str] = []
    stood: dict[int, str] = {}
    read = written = 0
    for match in _WORD.finditer(text):
        pieces += (text[read : match.start()], _MAPPING[match.group()])
        written += match.start() - read
        stood[written] = match.group()
        written += len(_MAPPING[match.group()])
        read = match.end()
    return "".join([*pieces, text[read:]]), stood


def test_undamaged_documents_are_left_alone() -> None:
    texts = _texts()
    if not texts:
        pytest.skip("no documents")
    found = [(file_id, repair) for file_id in texts for repair in repairs(texts[file_id])]
    places = sum(map(len, texts.values())) / 1000
    assert len(found) <= 0.02 * places, found


def test_mapped_documents_are_repaired() -> None:
    right = wrong = missed = 0
    faults: list[str] = []
    for file_id, text in _texts().items():
        damaged, stood = _damaged(text)
        found = {repair.span.start: repair for repair in repairs(damaged)}
        for at, word in stood.items():
            good = at in found and found[at].replacement.startswith(word)
            right += good
            missed += not good
            if not good:
                faults.append(f"{file_id} missed {damaged[max(0, at - 6) : at + 8]!r}")
        for at, repair in found.items():
            if at not in stood:
                wrong += 1
                faults.append(f"{file_id} wrong {repair.replacement} {damaged[at - 6 : at + 8]!r}")
    precision, recall = right / (right + wrong), right / (right + missed)
    print(f"\nmapped: precision {precision:.3f}, recall {recall:.3f}, {right + missed} places")
    print(*faults, sep="\n")
    assert precision >= 0.95, faults
    assert recall >= 0.7, faults
