"""Facts read from openings and ends of our own wording, and from the real documents."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tiaowen_corpus.facts import Facts, facts
from tiaowen_corpus.facts_kind import KINDS, kind_of
from tiaowen_corpus.facts_script import script_of
from tiaowen_corpus.facts_title import clean_title

_NOTICE = """临山县教育局关于印发《临山县教学开放周实施办法》的通知
临教发〔2018〕17号
各中小学校、幼儿园:
根据市教育局《关于规范办学行为的意见》(洛教〔2017〕3号)精神,现将办法印发给你们。实施方案务于2018年3月8日前报送。
一、活动时间
2018年4月1日至2018年4月30日。
临山县教育局
2018年2月26日
临山县教学开放周实施办法
第一条 为加强家校联系,制定本办法。
"""


def test_a_notice_with_number_signature_and_date() -> None:
    assert facts(_NOTICE, "x") == Facts(
        title="临山县教育局关于印发《临山县教学开放周实施办法》的通知",
        kind="通知",
        issuer="临山县教育局",
        region="临山县",
        doc_number="临教发〔2018〕17号",
        issued="2018-02-26",
        script="simplified",
    )


def test_a_notice_glued_into_one_line() -> None:
    text = (
        "清校发〔2014〕05号清河镇中心学校关于印发《“质量年”活动实施方案》的通知校本部、各完小:"
        "为了贯彻县局精神,现将方案印发给你们。务于3月8日前报送。清河镇中心学校2014年3月2日"
        "清河镇中心学校办公室2014年3月2日印发"
    )
    found = facts(text, "质量年活动方案2014.3")
    assert found.title == "清河镇中心学校关于印发《“质量年”活动实施方案》的通知"
    assert (found.doc_number, found.issued) == ("清校发〔2014〕05号", "2014-03-02")
    assert (found.issuer, found.region) == ("清河镇中心学校", "清河镇")


def test_a_speech_with_speaker_and_bracketed_date() -> None:
    text = (
        "在全市教育工作会议上的讲话\n市教育局局长 王某某\n(2016年2月18日)\n同志们:\n"
        "今天的会议很重要。2015年11月2日以来,工作有新进展。\n一、统一思想\n"
    )
    found = facts(text, "")
    assert (found.title, found.kind) == ("在全市教育工作会议上的讲话", "讲话")
    assert (found.issued, found.doc_number) == ("2016-02-18", "")


def test_a_speech_glued_to_its_salutation() -> None:
    found = facts("1、局长在质量提升动员会上的讲话 同志们: 今天召开动员会,讲三点意见。", "x")
    assert found.title == "局长在质量提升动员会上的讲话"
    assert found.kind == "讲话"


def test_a_speech_glued_to_speaker_and_date() -> None:
    text = "在全县师德建设工作会议上的讲话 县教育局局长 李某某 (2012年3月5日) 同志们: 今天开会。"
    found = facts(text, "")
    assert found.title == "在全县师德建设工作会议上的讲话"
    assert found.issued == "2012-03-05"


def test_minguo_years_in_a_traditional_file() -> None:
    text = (
        "澄江縣立松林國民小學113學年度公開授課實施計畫\n113年10月8日校務會議通過\n"
        "壹、依據\n一、教育部106年1月1日函辦理。\n貳、目的\n提升教師專業。\n"
    )
    found = facts(text, "")
    assert found.issued == "2024-10-08"
    assert (found.kind, found.script) == ("计划", "traditional")
    assert (found.issuer, found.region) == ("澄江縣立松林國民小學", "澄江縣")


def test_simplified_files_have_no_minguo_years() -> None:
    assert facts("某校工作计划\n113年10月8日校务会议通过\n一、目的\n提高。", "").issued == ""


@pytest.mark.parametrize(
    ("line", "iso"),
    [
        ("2018.06.15", "2018-06-15"),
        ("2018-6-5", "2018-06-05"),
        ("二〇一二年七月六日", "2012-07-06"),
        ("二○一四年十二月三十一日", "2014-12-31"),
        ("2019年3月", "2019-03"),
        ("2014年月日", ""),
        ("20xx年3月2日", ""),
        ("2014年13月2日", ""),
        ("2015年2月30日", ""),
    ],
)
def test_forms_of_dates_under_a_signature(line: str, iso: str) -> None:
    assert facts(f"工作总结\n一年来成绩显著。\n临山县第一小学\n{line}\n", "").issued == iso


@pytest.mark.parametrize(
    "text",
    [
        "工作方案\n- 上传时间:2023-02-05\n一、目标\n2024年5月1日前完成。",
        "工作方案\n一、步骤\n(一)动员阶段(2014年3月3日—3月15日)。成立机构。",
        "工作方案\n材料务于2014年3月8日前报送。\n本方案自2015年9月1日起施行。",
    ],
)
def test_dates_that_are_not_the_date_of_issue(text: str) -> None:
    assert facts(text, "").issued == ""


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("临教督[2012]7号\n关于开展督导的通知\n各校:\n请执行。", "临教督[2012]7号"),
        (
            "考勤办法\n(临教规〔2021〕3号,2021年8月25日印发)\n第一条 为加强管理。",
            "临教规〔2021〕3号",
        ),
        ("發文字號:府教特字第1130012345號\n主旨:請查照。", "府教特字第1130012345號"),
        ("工作方案\n根据省教育厅文件(苏教〔2023〕2号)精神,制定本方案。", ""),
        ("工作方案\n为落实《若干意见》(国发〔2012〕41号)要求,制定本方案。", ""),
        ("关于做好报送工作的通知\n各校:\n按照临教发〔2014〕5号文件要求办理。", ""),
    ],
)
def test_own_numbers_and_cited_ones(text: str, number: str) -> None:
    assert facts(text, "").doc_number == number


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("关于印发《考勤方案》的通知", "通知"),
        ("学校精细化管理细则(试行)", "细则"),
        ("學校午餐管理辦法", "办法"),
        ("2024年工作要点", "要点"),
        ("防汛应急预案", "预案"),
        ("校务会议纪要", "纪要"),
        ("控辍保学自查报告", "报告"),
        ("在动员会上的讲话稿", "讲话"),
        ("让每一个孩子成长", "其他"),
    ],
)
def test_kinds_by_title(title: str, kind: str) -> None:
    assert kind_of(title, "") == kind
    assert kind in KINDS


def test_kinds_by_opening_where_the_title_says_nothing() -> None:
    assert kind_of("", "为加强管理,结合实际,制定本办法。") == "办法"
    assert kind_of("", "同志们:今天开会。") == "讲话"
    assert kind_of("", "一年来,我校进步明显。现总结如下:") == "总结"


@pytest.mark.parametrize(
    ("echo", "title"),
    [
        ("安排会议上的讲话Word文件下载.docx", "安排会议上的讲话"),
        ("教学管理制度(9页珍藏版)", "教学管理制度"),
        ("【热门】管理细则2篇", "管理细则"),
        ("活动方案2014.3", "活动方案"),
        ("工作总结(通用15篇)", "工作总结"),
        ("000_14510362d29cbc03", ""),
    ],
)
def test_upload_titles_are_cleaned(echo: str, title: str) -> None:
    assert clean_title(echo) == title


def test_no_title_in_the_text_takes_the_fallback() -> None:
    assert facts("一、指导思想\n以质量为中心。", "安全工作方案.docx").title == "安全工作方案"
    assert facts("一、指导思想\n以质量为中心。", "安全工作方案.docx").kind == "方案"


def test_masked_and_generic_names_are_no_facts() -> None:
    found = facts("XX县学前教育工作方案\n经区教育局同意,我区在全县开展帮扶。", "")
    assert (found.issuer, found.region) == ("", "")


def test_script_is_decided_by_the_whole_document() -> None:
    assert script_of("學校干部應規范管理,提升質量,于四月實施。") == "traditional"
    assert script_of("学校干部应规范管理,提升质量,于四月实施。") == "simplified"
    assert script_of("Requirements for teaching open weeks") == "latin"
    assert script_of("学校规范管理质量,學校規範管理質量。") == "mixed"
    assert script_of("") == "simplified"


def test_the_real_documents(shared: Path) -> None:
    seeds = {
        path.name[:3]: path.read_text(encoding="utf-8") for path in (shared / "seeds").iterdir()
    }
    notice = seeds["001"][seeds["001"].index("灞校发") :]
    found = facts(notice, "")
    assert (found.kind, found.issuer, found.region) == ("通知", "灞源镇中心学校", "灞源镇")
    assert (found.doc_number, found.issued) == ("灞校发〔2014〕05号", "2014-03-02")
    assert found.title.startswith("灞源镇中心学校关于印发")
    speech = facts(seeds["004"], "")
    assert (speech.kind, speech.issued, speech.doc_number) == ("讲话", "", "")
    assert facts(seeds["002"], "").script == "traditional"
    assert facts(seeds["000"], "").doc_number == ""
    assert facts(seeds["003"], "").issued == ""


@given(st.text(max_size=300), st.text(max_size=40))
def test_any_text_has_facts(text: str, fallback: str) -> None:
    found = facts(text, fallback)
    assert found.kind in KINDS
    assert found.issued == "" or found.issued[:4].isdigit()
