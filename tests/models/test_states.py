"""What sentences state is the same whatever stands beside them, and what patterns find in them."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiaowen_corpus.lexicon import Intent
from tiaowen_models import signals, states
from tiaowen_models.figures import PERIODS, periods
from tiaowen_models.passages import sentences_of
from tiaowen_models.signals import sign_places
from tiaowen_models.units import PATTERNS, given_places

_PIECES = (
    *(
        "由教务处牵头",
        "每学期",
        "不少于",
        "3",
        "十",
        "次",
        "节",
        "元",
        "严禁",
        "电话",
        "0531",
        "。",
    ),
    *("；", "\n", " ", "twice a term", "annually", "8:30", "年", "为了", "的", "三周岁", "百分之"),
)
_TEXTS = st.lists(
    st.lists(st.sampled_from(_PIECES), max_size=8).map("".join), min_size=1, max_size=6
)


def _stated(texts: list[str]) -> list[list[list[bool]]]:
    """What each sentence of each text states."""
    sentences, spans = sentences_of(texts)
    found = states.stating(states.states_of(texts, sentences, spans)).T.tolist()
    return [found[a:b] for a, b in pairwise(sentences)]


@settings(max_examples=200)
@given(_TEXTS)
def test_a_text_states_the_same_beside_others(texts: list[str]) -> None:
    assert _stated(texts) == [_stated([text])[0] for text in texts]


def test_batches_do_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [
        "由教务处牵头，每学期不少于3次。",
        "",
        "严禁收费。违者罚款500元。",
        "电话",
        "053112345678",
    ]
    whole = _stated(texts)
    monkeypatch.setattr(states, "_BATCH", 2)
    assert _stated(texts) == whole
    assert states.states_of([], np.zeros(1, np.int64), np.zeros((0, 2), np.int32)).shape[0] == 0


@settings(max_examples=200)
@given(st.lists(st.sampled_from(_PIECES[:-2]), max_size=8).map("".join))
def test_a_text_of_one_sentence_states_what_is_found_in_it(text: str) -> None:
    spans = np.array([[0, len(text)]], np.int32)
    [stated] = states.stating(states.states_of([text], np.array([0, 1]), spans)).T
    signs, quantities = sign_places(text), given_places(text)
    for (kind, name), column in states.columns().items():
        match kind:
            case "sign":
                found = bool(len(signs[name]))
            case "period":
                found = name in periods(text)
            case _:
                found = bool(quantities[name])
        assert stated[column] == found, (kind, name)


def test_a_figure_stands_anywhere_in_a_sign(monkeypatch: pytest.MonkeyPatch) -> None:
    own = (Intent("where", ("哪条",), ("第#条", "本条", "𠮷")), Intent("bare", ("何",), ("",)))
    monkeypatch.setattr(signals, "intents", lambda: own)
    monkeypatch.setattr(signals, "_signs", signals._signs.__wrapped__)
    found = sign_places("依照第12条，第三条和本条𠮷")
    assert sorted(found["where"]) == [2, 7, 11, 13]
    assert not len(found["bare"])


def test_every_kind_has_its_column() -> None:
    columns = states.columns()
    assert sorted(columns.values()) == list(range(len(columns)))
    assert {name for kind, name in columns if kind == "period"} == set(PERIODS)
    assert {name for kind, name in columns if kind == "quantity"} == set(PATTERNS)
    assert ("sign", "who") in columns
