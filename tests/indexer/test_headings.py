"""Where a heading ends and its text begins."""

from __future__ import annotations

import pytest
from tiaowen_corpus.types import Span
from tiaowen_indexer.headings import bare, cut
from tiaowen_indexer.labels import Style


@pytest.mark.parametrize(
    ("text", "heading"),
    [
        ("指导思想以提高质量为核心,全面发展。", "指导思想"),
        ("目标任务围绕全年目标,抓好落实。", "目标任务"),
        ("时间安排“质量年”活动分为三个阶段。", "时间安排"),
        ("提高认识。组建领导小组,明确分工。", "提高认识"),
        ("组织领导\n成立领导小组,校长任组长。", "组织领导"),
        ("抓队伍,促成长\n每周一次政治学习。", "抓队伍,促成长"),
        ("责任部门:教导处牵头,年级组配合。", "责任部门"),
        ("动员阶段(3月1日—3月10日)召开动员会。", "动员阶段(3月1日—3月10日)"),
        ("准确把握活动的重要意义 今年是实施规划的关键之年,任务很重。", "准确把握活动的重要意义"),
        ("增强质量意识以落实责任为抓手,强化管理。", "增强质量意识"),
        ("城乡结对 师生得益\n我们确定了工作思路。", "城乡结对 师生得益"),
        ("各校每学期至少召开2次家长会,做好记录。", ""),
        ("教师应当提前一周备课,不得无教案上课。要写反思。", ""),
        ("按照通知要求,建立台账,落实责任。(责任科室:基教科)", ""),
        ("各校要做到:备课认真。上课用心。", ""),
    ],
)
def test_cut(text: str, heading: str) -> None:
    found = cut(text, Span(0, len(text)), style=Style.PAREN, has_children=False)
    assert bare(found.of(text)) == heading


def test_articles_have_a_heading_only_in_brackets() -> None:
    for text, heading in (
        ("【目的】为规范管理,制定本规定。", "【目的】"),
        ("校长负责。教师配合。", ""),
    ):
        assert cut(text, Span(0, len(text)), style=Style.ARTICLE, has_children=False).of(text) == (
            heading
        )


def test_text_before_the_first_item_is_a_heading_if_it_is_short() -> None:
    text = "增强责任意识和质量意识"
    assert cut(text, Span(0, len(text)), style=Style.PAREN, has_children=True).of(text) == text
