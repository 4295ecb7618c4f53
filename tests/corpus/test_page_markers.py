"""Page numbers in the text, and the numbers of the author that look alike."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiaowen_corpus.assembly import assemble, disjoint
from tiaowen_corpus.page_markers import page_markers
from tiaowen_corpus.types import Span

SENTENCE = "各学校要加强教学常规管理,落实集体备课制度,做好学生的辅导与评价工作。"
PROSE = SENTENCE * 60  # long enough for several pages of any stride


def cleaned(raw: str) -> str:
    return assemble(raw, Span(0, len(raw)), disjoint(page_markers(raw))).text


def paged(text: str, stride: int, mark: str) -> str:
    pages = [text[at : at + stride] for at in range(0, len(text), stride)]
    return "".join(mark.format(number) + page for number, page in enumerate(pages, start=1))


@pytest.mark.parametrize("mark", ["-{}-", "— {} —", "- {} -", "－{}－", "–{}–"])
@pytest.mark.parametrize("stride", [280, 503])
def test_dashed_numbers_inside_words_go(mark: str, stride: int) -> None:
    assert cleaned(paged(PROSE, stride, mark)) == PROSE


def test_dashed_number_before_an_item_leaves_the_item() -> None:
    raw = paged(PROSE, 500, "-{}-").replace("-3-", "-3-20.做好宣传。")
    assert "20.做好宣传。" in cleaned(raw)
    assert "-3-" not in cleaned(raw)


@pytest.mark.parametrize("stride", [151, 303])
def test_machine_pages_at_one_stride_go(stride: int) -> None:
    raw = paged(PROSE, stride, "\n{}、").removeprefix("\n")
    assert cleaned(raw) == PROSE


def test_lists_of_the_same_form_stay() -> None:
    items = "".join(f"{n}、{SENTENCE}\n" for n in range(1, 12))
    assert cleaned(items) == items
    raw = "\n1、".join(["总则:" + PROSE[:150], *("2、" + SENTENCE for _ in range(2))])
    assert cleaned(raw) == raw


def test_page_of_pages_goes_and_fractions_stay() -> None:
    raw = paged(PROSE + "前1/3受奖。", 300, "{}/8")
    assert cleaned(raw) == PROSE + "前1/3受奖。"
    glued = paged("2023年" + PROSE, 700, "{}/4")
    assert glued.startswith("1/42023年")
    assert cleaned(glued) == "2023年" + PROSE


def test_numbers_alone_on_lines_go() -> None:
    pages = [PROSE[at : at + 300] for at in range(0, len(PROSE), 300)]
    for mark in ("({})", "第{}页", "P. {}", "- {} -", "第 {} 页 共 9 页"):
        raw = "\n".join(
            f"{page}\n{mark.format(number)}" for number, page in enumerate(pages, start=1)
        )
        assert "页" not in cleaned(raw)
        assert cleaned(raw).replace("\n", "") == PROSE


def test_last_number_behind_the_end_goes() -> None:
    assert cleaned("推动教育又好又快发展! 10 ") == "推动教育又好又快发展!"
    assert cleaned("本学期听课20") == "本学期听课20"


@pytest.mark.parametrize(
    "words", ["1-2所", "8:30-9:00-9:30", "3月3日—15日", "7-8-9年级", "2010-2012-2014", "a-1-b"]
)
def test_ranges_stay(words: str) -> None:
    raw = PROSE[:400] + words + PROSE[:400]
    assert cleaned(raw) == raw


@settings(max_examples=100, deadline=None)
@given(st.integers(120, 600), st.sampled_from(["-{}-", "— {} —", "\n{}、"]), st.integers(900, 2000))
def test_injected_markers_give_the_text_back(stride: int, mark: str, length: int) -> None:
    text = PROSE[:length]
    if len(range(0, length, stride)) < 3 or not stride % len(SENTENCE):
        return  # pages of whole sentences are no different from a list
    raw = paged(text, stride, mark).removeprefix("\n")
    assert cleaned(raw) == text
