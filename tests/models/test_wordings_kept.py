"""Sentences of clauses shown before are kept, and give what they gave when they were new."""

from __future__ import annotations

import numpy as np
import pytest
from tiaowen_models import wording
from tiaowen_models.loading import load_embedder
from tiaowen_models.passages import sentences
from tiaowen_models.protocols import SentenceSource
from tiaowen_models.wording import Wording, Wordings, WordVectors

TEXTS = [
    SentenceSource(
        "教师每学期听课不少于10节。校长不少于20节;教务主任不少于15节。", "听课制度\n要求"
    ),
    SentenceSource("家长可以进课堂听课。听课后填写意见表。", "开放周方案"),
    SentenceSource("严禁体罚学生。", "规定\n三、安全"),
]


def _source() -> WordVectors:
    embedder = load_embedder()
    if not isinstance(embedder, WordVectors):
        pytest.skip("the embedder that runs has no vectors of words")
    return embedder


def _asked(kept: Wordings, texts: list[SentenceSource]) -> list[Wording]:
    return kept.sentences(texts, [sentences(text.folded) for text in texts])[1]


def _same(one: Wording, other: Wording) -> bool:
    return (one.text, one.context, one.spans) == (other.text, other.context, other.spans) and (
        np.allclose(one.vectors, other.vectors, atol=1e-6)
    )


def test_kept_sentences_are_those_of_a_fresh_start(monkeypatch: pytest.MonkeyPatch) -> None:
    source = _source()
    kept = Wordings(source)
    first = _asked(kept, TEXTS)
    again = _asked(kept, [TEXTS[2], TEXTS[0], TEXTS[2]])
    fresh = _asked(Wordings(source), [TEXTS[2], TEXTS[0], TEXTS[2]])
    assert len(first) == 6
    assert len(again) == len(fresh) == 5
    assert all(map(_same, again, fresh))
    assert again[0] is again[-1] is first[-1], "what was prepared is not prepared again"
    monkeypatch.setattr(wording, "MOST_KEPT", 1)
    assert all(map(_same, _asked(kept, [TEXTS[1]]), _asked(Wordings(source), [TEXTS[1]])))
    table, found = kept.sentences(TEXTS[:1], [sentences(TEXTS[0].folded)])
    numbers = table.numbers([kept._tokeniser.words(each.text) for each in found])
    for each, expected in zip(found, numbers, strict=True):
        assert each.words.tolist() == expected.tolist()
