"""What quantity a question asks for, and whether a text states one."""

from __future__ import annotations

import pytest
from tiaowen_models.units import given_places, units_asked


@pytest.mark.parametrize(
    ("query", "kind", "given", "beside"),
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
def test_an_answer_states_what_is_asked(query: str, kind: str, given: str, beside: str) -> None:
    kinds = units_asked(query)
    assert kind in kinds
    assert given_places(given, (kind,))
    assert not given_places(beside, (kind,))


def test_a_question_without_a_quantity_asks_for_none() -> None:
    assert units_asked("谁负责食堂安全") == ()
