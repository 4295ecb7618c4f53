"""What quantity a question asks for, and whether a text states one."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiaowen_models.units import PATTERNS, given_places, units_asked


@pytest.mark.parametrize(
    ("query", "kind", "answer", "beside"),
    [
        ("班主任津贴每月多少", "money", "每月发400元", "按月发放津贴"),
        ("几点熄灯", "clock", "晚上十点熄灯", "按时熄灯"),
        ("招生办电话是多少", "contact", "咨询电话0531-8765432", "公布咨询电话"),
        ("教研活动在星期几", "weekday", "每周三下午教研", "每周一次教研"),
        ("反思不少于多少字", "words", "不少于1500字", "写反思2篇"),
        ("督学年龄上限", "age", "不超过55岁", "任期三年"),
        ("what time does it end", "clock", "17:30结束", "放学后结束"),
    ],
)
def test_an_answer_states_what_is_asked(query: str, kind: str, answer: str, beside: str) -> None:
    kinds = units_asked(query)
    assert kind in kinds
    assert given_places(answer)[kind]
    assert not given_places(beside)[kind]


_PIECES = (
    *("3", "12", "3.5", "半", "十", "二百", "五万", "两", "余", "多", "个", "名", "工作日", "月"),
    *("元", "万元", "天", "日", "周", "年", "岁", "次", "节", "人", "字", "分", "钟", "分之", "%"),
    *(
        "时",
        "点",
        "间",
        "：30",
        ":05",
        "星期",
        "三",
        "电话",
        "0531-8765432",
        "www",
        "的",
        "，",
        "\n",
    ),
)


@settings(max_examples=500)
@given(st.lists(st.sampled_from(_PIECES), max_size=12).map("".join))
def test_quantities_of_all_kinds_are_those_of_each_kind_alone(text: str) -> None:
    found = given_places(text)
    for kind, patterns in PATTERNS.items():
        alone = {match.start() for pattern in patterns for match in re.finditer(pattern, text)}
        assert set(found[kind]) >= alone
        # beside them, figures within what another figure's unit takes up: 8:30分 states 30分
        assert all(
            any(re.compile(pattern).match(text, place) for pattern in patterns)
            for place in found[kind]
        )


def test_a_question_without_a_quantity_asks_for_none() -> None:
    assert units_asked("谁负责食堂安全") == ()
