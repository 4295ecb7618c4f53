# ruff: noqa: E501  (wide characters: a short case is a long line)
"""Removals: what goes, what only looks like it, and that nothing else is touched."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiaowen_corpus.assembly import assemble
from tiaowen_corpus.noise import echoed_title, header_table, removals
from tiaowen_corpus.types import EditKind, Span

BODY = (
    "一、指导思想\n以学生发展为本,全面提高教育教学质量。\n二、工作措施\n"
    "1、各校每周教研一次,做好记录。\n2、教导处每月检查教案,结果公示。\n"
)


def kept(raw: str) -> str:
    edits = removals(raw)
    return assemble(raw, Span(0, len(raw)), edits).text


HEADERS = [
    "教学质量提升工作方案Word文件下载.docx\n- 文档编号:123456\n- 上传时间:2023-02-05\n- 页数:9\n- 大小:23KB\n",
    "您好,欢迎访问某某文档\n当前位置:首页 > 教育 > 方案\n",
    "- 教學品質提升方案 推薦度:\n- 相關推薦\n【熱門】教學品質提升方案2篇\n",
    "时间:2022-02-18 02:43:16\n引言:寻求写作上的突破?我们为您精选了3篇范文,希望成为您写作时的参考。\n",
    "工作方案(9页珍藏版)\n工作方案.doc_第1页\n工作方案.doc_第2页\n还剩5页未读,点击查看更多\n",
    "总结是对一段时间内工作情况进行回顾和评价的一种书面材料,让我们一起来学习写总结吧。\n",
    "12345\n字號:大 中 小\n點閱:356\n",
    "发布时间:2019-03-04 来源:本站 作者:admin\n",
    "工作总结(通用15篇)\n",
]
FOOTERS = [
    "【教学方案】相关文章:\n学校管理细则06-27\n班级管理细则12-10\n食堂管理细则03-11\n",
    "本文标题:质量提升方案\n链接地址:https://www.example.com/doc-1.html\n",
    "- 配套讲稿:\n如PPT文件的首页显示word图标,表示该PPT已包含配套word讲稿。双击word图标可打开word文档。\n- 关 键 词:\n- 教学 质量\n",
    "学校教学计划09-01\n班级工作总结08-21\n安全教育讲话07-15\n",
    "上一篇:安全工作计划\n下一篇:德育工作总结\n",
    "未完,全文共8000字,请先登录\n",
    "版权所有 某某文档网 京ICP备00000000号\n",
    "......\n",
]


@pytest.mark.parametrize("header", HEADERS)
def test_header_goes_and_the_document_stays(header: str) -> None:
    assert kept(header + BODY).strip() == BODY.strip()


@pytest.mark.parametrize("footer", FOOTERS)
def test_footer_goes_and_the_document_stays(footer: str) -> None:
    assert kept(BODY * 4 + footer).strip() == (BODY * 4).strip()


@pytest.mark.parametrize(
    "words",
    [
        "每所示范园帮扶1-2所村小。",
        "把“实践反思”-“团队合作”-“学区联动”结合起来。",
        "上午8:30-9:00签到,3月3日—15日报名。",
        "前1/3的班级受奖,完成率不低于2/3。",
        "《以教立研-----某校的实践》",
        "(此件公开发布)",
        "同志们,(现在开会)请大家安静。",
        "小编为大家准备是学生记者的说法,不是学校的规定。",
        "联系电话:0915-1234567。",
        "每周3-5次,每次20-30分钟。",
        "本校12-18岁学生320名。",
        "班额45-50人,比例1:20-1:25。",
    ],
)
def test_content_that_looks_like_noise_stays(words: str) -> None:
    raw = BODY + words + "\n" + BODY
    assert words in kept(raw)


def test_anti_copy_marks_go_but_labels_and_numbers_keep_their_dots() -> None:
    raw = "一.师生的.积极性提高了。主要的`教学环节有种.种。二.合格率98.5%。"
    assert kept(raw) == "一.师生的积极性提高了。主要的教学环节有种种。二.合格率98.5%。"


def test_dots_used_as_full_stops_stay() -> None:
    raw = "我们重视教学.我们重视安全.我们重视德育.我们重视家校.我们重视体育.我们重视劳动.结束"
    assert kept(raw) == raw


def test_hidden_passage_is_a_gap() -> None:
    raw = BODY + "学校要建立……此处隐藏1234字……考核制度。\n" + BODY
    (gap,) = [edit for edit in removals(raw) if edit.kind is EditKind.GAP]
    assert gap.span.of(raw) == "……此处隐藏1234字……"


def test_hard_wrapped_lines_are_joined_and_items_keep_their_lines() -> None:
    wrapped = (
        "为进一步加强学校安全管理工作，落实安全责任，确保师\n生生命财产安全，根据上级文件精神，结合我校实际情\n"
        "况，制定本制度。\n一、成立领导小组，由校长任组长，副校长任副组长，\n各班主任为成员，每月召开一次专题会议研究安全工\n"
        "作，并做好会议记录。\n二、加强门卫管理，来访人员须持有效证件登记后方可\n入校，学生离校须有班主任签字的出门条，否则不予放\n行。\n"
    )
    assert kept(wrapped).split("\n")[:4] == [
        "为进一步加强学校安全管理工作，落实安全责任，确保师生生命财产安全，根据上级文件精神，结合我校实际情况，制定本制度。",
        "一、成立领导小组，由校长任组长，副校长任副组长，各班主任为成员，每月召开一次专题会议研究安全工作，并做好会议记录。",
        "二、加强门卫管理，来访人员须持有效证件登记后方可入校，学生离校须有班主任签字的出门条，否则不予放行。",
        "",
    ]


def test_letter_spacing_goes_but_slogans_keep_their_blank() -> None:
    assert kept("第 一 章 总  则\n精心组织 扎实推进\n") == "第一章总则\n精心组织 扎实推进\n"


def test_contents_list_goes_and_the_headings_of_the_body_stay() -> None:
    contents = "目 录\n一、总体要求\n二、主要任务\n三、保障措施\n"
    body = "为做好工作,制定本方案。\n一、总体要求\n坚持育人为本。\n二、主要任务\n开齐课程。\n三、保障措施\n加强领导。\n"
    assert kept(contents + body).strip() == body.strip()
    leaders = "总则........1\n职责........3\n附则........9\n"
    assert kept(leaders + body).strip() == body.strip()


def test_header_table_and_echo_are_handed_on() -> None:
    raw = "索引号:123\n发布机关:某县教育局\n文号:某教发〔2020〕3号\n考勤制度.docx\n" + BODY
    edits = removals(raw)
    assert "某教发〔2020〕3号" in header_table(raw, edits)
    assert echoed_title(raw, edits) == "考勤制度"
    assert kept(raw).strip() == BODY.strip()


def test_every_removal_says_why() -> None:
    for piece in HEADERS + FOOTERS:
        assert all(edit.reason and edit.removes for edit in removals(piece + BODY))


@settings(max_examples=150, deadline=None)
@given(
    st.text(
        alphabet=st.sampled_from("一二1.、。(（-—3/2\n 的教学“”目录…字第章条页`.:：\ud800\x00"),
        max_size=200,
    )
)
def test_removals_are_ordered_disjoint_and_inside(raw: str) -> None:
    edits = removals(raw)
    at = 0
    for edit in edits:
        assert at <= edit.span.start < edit.span.end <= len(raw)
        at = edit.span.end
    text = assemble(raw, Span(0, len(raw)), edits)
    assert len(text.text) == len(raw) - sum(len(edit.span) for edit in edits)
    for offset in range(0, len(text.text), 7):
        assert raw[text.raw_at(offset)] == text.text[offset]
        assert text.text_at(text.raw_at(offset)) == offset
