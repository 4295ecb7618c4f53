"""Candidates for labels: their numbers, their forms, and what is none."""

from __future__ import annotations

import pytest
from tiaowen_indexer.labels import Place, Style, candidates, number_of


@pytest.mark.parametrize(
    ("numeral", "value"),
    [
        ("一", 1),
        ("十", 10),
        ("十二", 12),
        ("二十", 20),
        ("二十一", 21),
        ("一百零五", 105),
        ("一百二十", 120),
        ("一二", 12),
        ("拾", 10),
        ("叁", 3),
        ("22", 22),
        ("甲", 0),
        ("", 0),
    ],
)
def test_numerals(numeral: str, value: int) -> None:
    assert number_of(numeral) == value


@pytest.mark.parametrize(
    ("text", "style", "name", "number"),
    [
        ("一、总则", Style.COMMA, "一", 1),
        ("十二.附则", Style.COMMA, "十二", 12),
        ("（三）加强领导", Style.PAREN, "三", 3),
        ("【一】备课", Style.PAREN, "一", 1),
        ("㈡备课", Style.PAREN, "㈡", 2),
        ("１．备课", Style.ARABIC, "１", 1),
        ("22、备课", Style.ARABIC, "22", 22),
        ("1.2020年任务", Style.ARABIC, "1", 1),
        ("(4)备课", Style.ARABIC_PAREN, "4", 4),
        ("⑷备课", Style.ARABIC_PAREN, "⑷", 4),
        ("5)备课", Style.ARABIC_PAREN, "5", 5),
        ("③备课", Style.CIRCLED, "③", 3),
        ("二是备课", Style.DOES, "二是", 2),
        ("三要备课", Style.DOES, "三要", 3),
        ("第一，备课", Style.ORDINAL, "第一", 1),
        ("首先,备课", Style.ORDINAL, "首先", 1),
        ("再次，备课", Style.ORDINAL, "再次", 3),
        ("第二阶段：实施", Style.ORDINAL, "第二阶段", 2),
        ("提案一：修訂", Style.ORDINAL, "提案一", 1),
        ("第三章 职责", Style.CHAPTER, "第三章", 3),
        ("第二節 權責", Style.SECTION, "第二節", 2),
        ("第十二條 本辦法", Style.ARTICLE, "第十二條", 12),
        ("第 7 條", Style.ARTICLE, "第7條", 7),
        ("壹、依據", Style.CAPITAL, "壹", 1),
        ("參、方式", Style.CAPITAL, "參", 3),
        ("甲、總則", Style.CAPITAL, "甲", 1),
        ("Ⅱ、范围", Style.ROMAN, "Ⅱ", 2),
        ("1.2 编制依据", Style.DECIMAL2, "1.2", 2),
        ("1.2.3 适用范围", Style.DECIMAL3, "1.2.3", 3),
        ("(b) 檢視政策", Style.LETTER, "b", 2),
        ("● 加强领导", Style.BULLET, "●", 0),
        ("附件2：登记表", Style.ANNEX, "附件2", 2),
    ],
)
def test_forms(text: str, style: Style, name: str, number: int) -> None:
    label = candidates(text)[0]
    assert (label.style, label.name, label.number, label.place) == (
        style,
        name,
        number,
        Place.LINE,
    )


def test_inserted_article_has_a_minor_number() -> None:
    label = candidates("第十二条之一 电子档案保存十年。")[0]
    assert (label.name, label.number, label.minor) == ("第十二条之一", 12, 1)


@pytest.mark.parametrize(
    "text",
    [
        "按照第三条的规定办理",
        "违反第五条、第六条规定的",
        "依据附件(一)执行",
        "统一、规范、科学",
        "达到98.5%",
        "2014.3.15公布",
        "上午8:30开会",
        "“六个一”活动",
        "三年级学生",
        "十二五规划",
        "第一节课",
    ],
)
def test_what_numbers_nothing(text: str) -> None:
    assert [label for label in candidates(text) if label.style is not Style.BARE] == []
