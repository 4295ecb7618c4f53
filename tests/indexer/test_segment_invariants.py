"""What must hold for any text: spans, coverage, maps, and the same clauses under noise."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiaowen_indexer.segment import SegmentedDocument, rows, segment, uncovered

HEADINGS = (
    "加强组织领导",
    "落实工作责任",
    "规范教学管理",
    "强化安全教育",
    "改进家校联系",
    "严格督导考核",
)
BODIES = (
    "各学校要成立工作小组,校长任组长,每月召开一次会议,研究解决存在的困难和问题。",
    "教导处每两周检查一次教案,把结果在教师会上公布,并作为期末评价的依据之一。",
    "班主任每学期家访不少于两次,对学习有困难的学生要建立档案,定期与家长沟通。",
    "后勤人员每天巡查食堂和宿舍,发现隐患立即整改,不能整改的当天报告分管领导。",
)
CHINESE = "一二三四五六七八九十"


def check(raw: str) -> tuple[SegmentedDocument, ...]:
    documents = segment(raw, file_id="f", source="f.txt")
    assert uncovered(documents, raw) == []
    end_of_part = 0
    ids = set()
    for item in documents:
        document = item.document
        assert document.extent.start == end_of_part
        end_of_part = document.extent.end
        at = 0
        for clause in item.clauses:
            assert at <= clause.span.start < clause.span.end <= len(document.text)
            assert clause.span.covers(clause.body)
            assert clause.body.of(document.text).strip()
            at = clause.span.end
            span = document.to_raw(clause.span)
            assert document.extent.covers(span)
            assert raw[span.start] == document.text[clause.span.start]
            ids.add(clause.clause_id)
        removed = [edit.span for edit in document.edits if edit.removes]
        assert all(span.end <= after.start for span, after in pairwise(removed))
    assert end_of_part == len(raw)
    assert len(ids) == sum(len(item.clauses) for item in documents)
    return documents


ALPHABET = st.one_of(
    st.sampled_from(
        list("一二三1234567890.、。(（)）;；:：,，\n 　第章条是要的“”》《?-—/①②●篇附件\t")
    ),
    st.characters(),
)


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=ALPHABET, max_size=400))
def test_any_text_is_covered_and_nothing_raises(raw: str) -> None:
    check(raw)


@pytest.mark.parametrize(
    "raw",
    [
        "",
        " \n\t",
        "\ud800",
        "\x00\x01一、\x02",
        "a",
        "一、",
        "1.",
        "(一)" * 50,
        "一是" * 40,
        "第一条" * 30,
        "\n" * 500,
        "”" * 100,
        "《" * 100 + "?" * 99,
        "1、\n" * 60,
        "-1-" * 60,
        "1/2" * 60,
        "篇一\n篇二\n篇三",
        "12篇",
    ],
)
def test_odd_texts(raw: str) -> None:
    check(raw)


@st.composite
def plans(draw: st.DrawFn) -> tuple[str, list[tuple[str, ...]]]:
    """A clean plan of numbered sections and items, and the paths of its clauses."""
    lines, paths = [], []
    for section in range(draw(st.integers(2, 5))):
        lines.append(f"{CHINESE[section]}、{draw(st.sampled_from(HEADINGS))}\n")
        paths.append((CHINESE[section],))
        lines.append(draw(st.sampled_from(BODIES)) + "\n")
        for item in range(draw(st.integers(0, 4))):
            lines.append(f"({CHINESE[item]}){draw(st.sampled_from(HEADINGS))}。")
            lines.append("".join(draw(st.lists(st.sampled_from(BODIES), min_size=1, max_size=4))))
            lines.append("\n")
            paths.append((CHINESE[section], CHINESE[item]))
    return "".join(lines), paths


def found(documents: tuple[SegmentedDocument, ...]) -> list[tuple[tuple[str, ...], str]]:
    return [(tuple(row["path"]), row["text"].replace("\n", "")) for row in rows(documents)]


@settings(max_examples=60, deadline=None)
@given(plans())
def test_clean_plans_give_their_outline(plan: tuple[str, list[tuple[str, ...]]]) -> None:
    raw, paths = plan
    assert [path for path, _ in found(check(raw))] == paths


@settings(max_examples=80, deadline=None)
@given(
    plans(),
    st.integers(150, 420),
    st.sampled_from(["-{}-", "— {} —", "\n{}、"]),
    st.sampled_from(["", "当前位置:首页 > 方案\n", "活动方案下载.docx\n- 页数:9\n"]),
    st.sampled_from(["", "\n本文标题:活动方案\n", "\n【活动方案】相关文章:\n安全方案06-27\n"]),
)
def test_injected_noise_leaves_the_clauses_as_they_were(
    plan: tuple[str, list[tuple[str, ...]]], stride: int, mark: str, head: str, tail: str
) -> None:
    clean, _ = plan
    pages = [clean[at : at + stride] for at in range(0, len(clean), stride)]
    if len(pages) < 4:
        return
    if mark.startswith("\n") and any(
        page[0] in "\n一二三四五(" or before[-1] in "。\n:" for before, page in pairwise(pages)
    ):
        return  # a page that ends where a line ends takes the line's break with it
    noisy = "".join(mark.format(number) + page for number, page in enumerate(pages, start=1))
    raw = head + noisy.removeprefix("\n") + tail
    assert found(check(raw)) == found(check(clean))


HOSTILE = (
    *(
        "各学校要加强管理。",
        "的",
        "一、",
        "1.加强管理。",
        "一是",
        "a1)",
        "\n1、",
        "第1条",
        "?",
        "“",
        " ",
        "(",
    ),
    *(
        "......",
        "2020年1月1日\n",
        "-1-",
        "学 校 ",
        "目录\n",
        "1/2",
        "甲:\n",
        "《方案》印发",
        "\n(1)\n",
    ),
)


@pytest.mark.parametrize("unit", HOSTILE, ids=repr)
def test_hostile_texts_take_linear_time(unit: str) -> None:
    raw = unit * (24_000 // len(unit))
    started = time.perf_counter()
    assert segment(raw, file_id="f", source="f.txt")
    assert time.perf_counter() - started < 10  # seconds; a quadratic step takes minutes
