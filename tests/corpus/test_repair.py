"""Repairs on wording of our own: what is proposed, and what is left alone."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tiaowen_corpus.repair import Repair, repairs

# A speech as preview sites show it: 发展, 规范, 基础, 服务, 广大 … nowhere to be found.
_MAPPED = (
    "同志们:今年是全县教育事业科学开展的关键一年。过去一年,全县教育事业又好又快开展,"
    "为经济社会开展作出了重要奉献。我们要稳固提高普及成果,夯实教育开展的根底,"
    "进一步标准办学行为,增强效劳意识,为广阔师生效劳。各校要开展教学比武活动,"
    "深入开展送教下乡活动,每月催促检查一次。要坚持公平公正的原那么,严格执行评分标准,"
    "营造浓厚的校园文化气氛。会上学习了?县教学质量提升方案?。让我们为教育开展再立新功!"
)
_WHOLE = (
    "各校要积极开展教学比武活动,促进教师专业发展。评分标准由教研室制定,规范评课程序。"
    "创建平安校园,培养学生核心素养。教师要敬业奉献。那么,怎样才能提高质量呢?"
    "全县教育事业的发展离不开广大教师。各校每学期开展两次应急演练,确保校园安全。"
)


def _proposed(text: str) -> list[tuple[str, str]]:
    return [(repair.span.of(text), repair.replacement) for repair in repairs(text)]


def test_a_mapped_file_is_repaired_throughout() -> None:
    found = _proposed(_MAPPED)
    assert found.count(("开展", "发展")) == 5
    for pair in [
        *(("奉献", "贡献"), ("稳固", "巩固"), ("根底", "基础"), ("标准", "规范")),
        *(("效劳", "服务"), ("广阔", "广大"), ("催促", "督促"), ("原那么", "原则")),
        *(("气氛", "氛围"), ("?", "《"), ("?", "》")),
    ]:
        assert pair in found


def test_in_a_mapped_file_genuine_words_stay() -> None:
    at = {repair.span.start for repair in repairs(_MAPPED)}
    for genuine in ("要开展教学", "入开展送教", "分标准,营"):
        assert _MAPPED.index(genuine) + 1 not in at


def test_an_undamaged_file_is_left_alone() -> None:
    assert repairs(_WHOLE) == ()


@pytest.mark.parametrize(
    ("text", "damaged", "right"),
    [
        ("要加大对单薄学校的扶持力度。", "单薄", "薄弱"),
        ("各校必需牢牢抓住质量这一中心。", "必需", "必须"),
        ("努力开创教育工作新局而。", "新局而", "新局面"),
        ("要认其学习会议精神。", "认其", "认真"),
        ("按照公開公平的原那麼評選教師。", "原那麼", "原則"),
        ("材料于3月低上报。", "月低", "月底"),
        ("安全事故的处臵程序。", "处臵", "处置"),
        ("在尊重学校办学自和特色的基础上。", "自和特色", "自主权和特色"),
        ("校长是安全工作的一责任人。", "一责任人", "第一责任人"),
        ("在县委、的正确领导下。", "县委、的", "县委、县政府的"),
        ("组织教师学****新课标。", "学****", "学习"),
        ("學校應將校長髮言稿公布於學校網站。", "髮言", "發言"),
        ("加強領(lǐng)導工作。", "(lǐng)", ""),
        ("經校務會議通過並報縣政府批準後實施。", "批準", "批准"),
    ],
)
def test_single_slips(text: str, damaged: str, right: str) -> None:
    assert (damaged, right) in _proposed(text)


@pytest.mark.parametrize(
    "text",
    [
        "校长是第一责任人,分管副校长是直接责任人。",
        "认其他学校为友好学校。",
        "什么是好课?怎样评价?如何落实这一方案?",
        "他认为那么多作业是不必要的。",
        "学习**小学的经验。",
        "各校要按照《评分标准》执行,深入开展读书活动。",
        "每月低于两次的,予以通报。",
    ],
)
def test_what_looks_like_damage(text: str) -> None:
    assert repairs(text) == ()


def test_lost_closing_quotes_are_inserted_only_where_all_are_lost() -> None:
    lost = "传达全县“两会精神,开展“六个一活动,推进“班班通建设。"
    found = [(repair.span.start, repair.replacement) for repair in repairs(lost)]
    assert found == [(lost.index(word), "”") for word in ("精神", "活动", "建设")]
    assert repairs("传达“两会”精神,开展“六个一活动。") == ()


def test_question_marks_stay_where_brackets_stand_too() -> None:
    assert repairs("《方案》印发了吗?各校方案?请速报。") == ()


def test_proposals_are_in_the_text_s_own_script() -> None:
    text = "全縣教育事業又好又快開展,為經濟社會開展作出了奉獻,夯實教育開展的根底,為師生效勞。"
    assert ("根底", "基礎") in _proposed(text)
    assert ("效勞", "服務") in _proposed(text)


_FRAGMENTS = st.lists(
    st.sampled_from(
        [*_MAPPED.split(","), *_WHOLE.split(","), "?", "“", "规那么", "一委、的", "\n"]
    ),
    max_size=30,
)


@given(_FRAGMENTS)
def test_proposals_are_ordered_disjoint_and_change_something(fragments: list[str]) -> None:
    text = "".join(fragments)
    found = repairs(text)
    assert list(found) == sorted(found)
    for before, after in itertools.pairwise(found):
        assert before.span.end <= after.span.start
    for repair in found:
        assert isinstance(repair, Repair)
        assert repair.span.end <= len(text)
        assert repair.replacement != repair.span.of(text)


@given(st.text(max_size=200))
def test_any_text_is_accepted(text: str) -> None:
    assert all(repair.span.end <= len(text) for repair in repairs(text))
