"""Every format read, every failure one clear error, hostile bytes never anything else."""

from __future__ import annotations

import random
import zipfile
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiaowen_corpus.errors import (
    BrokenFile,
    EmptyFile,
    EncryptedFile,
    ReadingError,
    ScannedPdf,
    TiaowenError,
    TooLarge,
    UnknownFormat,
)
from tiaowen_corpus.readers import RawText, docx, read

from tests.corpus.filemaking import (
    abstract,
    docx_file,
    level,
    numbered,
    paragraph,
    pdf_file,
)

_OUTLINE = (
    level(0, "chineseCounting", "%1、")
    + level(1, "chineseCounting", "（%2）")
    + level(2, "decimal", "%3.")
    + level(3, "decimalEnclosedCircle", "%4")
)


def _lines(raw: RawText) -> list[str]:
    return raw.text.split("\n")


def test_word_numbers_become_labels_and_restart_under_a_new_parent() -> None:
    body = "".join(
        [
            paragraph("总体要求", number=1),
            paragraph("工作目标", number=1, level=1),
            paragraph("基本原则", number=1, level=1),
            paragraph("重点任务", number=1),
            paragraph("配齐教师", number=1, level=1),
            paragraph("每校两名", number=1, level=2),
            paragraph("专职兼职", number=1, level=3),
        ]
    )
    raw = read(docx_file(body, numbering=abstract(0, _OUTLINE) + numbered(1, 0)), "a.docx")
    assert _lines(raw) == [
        "一、总体要求",
        "（一）工作目标",
        "（二）基本原则",
        "二、重点任务",
        "（一）配齐教师",
        "1. 每校两名",
        "① 专职兼职",
    ]
    assert [span.of(raw.text) for span in raw.labels] == [
        *("一、", "（一）", "（二）", "二、", "（一）", "1.", "①"),
    ]


def test_two_lists_over_one_definition_count_on_unless_one_starts_anew() -> None:
    override = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
    numbering = abstract(0, _OUTLINE) + numbered(1, 0) + numbered(2, 0) + numbered(3, 0, override)
    body = "".join(paragraph(text, number=n) for text, n in [("甲", 1), ("乙", 2), ("丙", 3)])
    assert _lines(read(docx_file(body, numbering=numbering), "a.docx")) == [
        "一、甲",
        "二、乙",
        "一、丙",
    ]


def test_articles_numbered_by_style_and_its_child_style() -> None:
    article = level(0, "chineseCountingThousand", "第%1条", extra='<w:pStyle w:val="Article"/>')
    styles = (
        '<w:style w:type="paragraph" w:styleId="Article"><w:pPr><w:numPr><w:numId w:val="5"/>'
        '</w:numPr></w:pPr></w:style><w:style w:type="paragraph" w:styleId="Child">'
        '<w:basedOn w:val="Article"/></w:style>'
    )
    body = "".join(
        paragraph(f"内容{at}", style="Child" if at % 2 else "Article") for at in range(12)
    )
    raw = read(
        docx_file(body, numbering=abstract(0, article) + numbered(5, 0), styles=styles), "a.docx"
    )
    assert _lines(raw)[0] == "第一条 内容0"
    assert _lines(raw)[10:] == ["第十一条 内容10", "第十二条 内容11"]


def test_number_zero_switches_a_style_s_list_off() -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="S"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr>'
        "</w:pPr></w:style>"
    )
    off = (
        '<w:p><w:pPr><w:pStyle w:val="S"/><w:numPr><w:numId w:val="0"/></w:numPr></w:pPr>'
        "<w:r><w:t>无号</w:t></w:r></w:p>"
    )
    numbering = abstract(0, _OUTLINE) + numbered(1, 0)
    raw = read(
        docx_file(off + paragraph("有号", style="S"), numbering=numbering, styles=styles), "a"
    )
    assert _lines(raw) == ["无号", "一、有号"]


def test_decimal_levels_show_their_parents() -> None:
    levels = (
        level(0, "decimal", "%1") + level(1, "decimal", "%1.%2") + level(2, "decimal", "%1.%2.%3")
    )
    body = "".join(paragraph("条目", number=1, level=depth) for depth in (0, 1, 1, 2, 0, 1))
    raw = read(docx_file(body, numbering=abstract(0, levels) + numbered(1, 0)), "a.docx")
    assert [line.split()[0] for line in _lines(raw)] == ["1", "1.1", "1.2", "1.2.1", "2", "2.1"]


def test_tracked_changes_tables_and_text_boxes() -> None:
    body = (
        "<w:p><w:r><w:t>保留</w:t></w:r><w:ins><w:r><w:t>新增</w:t></w:r></w:ins>"
        "<w:del><w:r><w:delText>删去</w:delText></w:r></w:del></w:p>"
        "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>时间</w:t></w:r></w:p></w:tc>"
        "<w:tc><w:p><w:r><w:t>3月</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
        "<w:p><w:r><mc:AlternateContent><mc:Choice><w:txbxContent><w:p><w:r><w:t>框内</w:t></w:r>"
        "</w:p></w:txbxContent></mc:Choice><mc:Fallback><w:txbxContent><w:p><w:r><w:t>框内</w:t>"
        "</w:r></w:p></w:txbxContent></mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )
    assert _lines(read(docx_file(body), "a.docx")) == ["保留新增", "时间\t3月", "框内"]


def test_pdf_joins_wrapped_lines_and_keeps_pages_and_places() -> None:
    full = "为全面落实立德树人根本任务,进一步提高全县中小学教育教学质量,"
    raw = read(
        pdf_file(
            [
                [
                    (90, 80, "一、指导思想"),
                    (114, 110, full),
                    (90, 130, "促进学校内涵建设。"),
                    (114, 150, "二、工作目标"),
                    (280, 800, "- 1 -"),
                ],
                [(114, 80, "第二页的正文只有这一行。"), (280, 800, "- 2 -")],
            ]
        ),
        "a.pdf",
    )
    assert _lines(raw)[:3] == ["一、指导思想", f"{full}促进学校内涵建设。", "二、工作目标"]
    assert [page.page for page in raw.pages] == [1, 2]
    assert "第二页" in raw.pages[1].span.of(raw.text)
    footer = raw.pages[0].lines[-1]
    assert footer.span.of(raw.text) == "- 1 -"
    assert footer.box[1] > 780


def test_html_keeps_the_body_and_writes_out_list_numbers() -> None:
    items = "".join(f"<li>{text}</li>" for text in ["成立机构", "制定方案", "（三）组织实施"])
    sentences = "".join(
        f"<p>（{n}）各校要在每学期开学后第{n}周内召开家长会,通报学校工作安排,听取家长意见。</p>"
        for n in "一二三四五六"
    )
    page = (
        "<html><head><title>某县教学管理办法_好文网</title><style>p{color:red}</style></head><body>"
        "<div class='nav'><a href='/'>首页</a> <a href='/b'>方案大全</a></div>"
        f"<h1>某县教学管理办法</h1><p>为加强管理,<br>制定本办法。</p>{sentences}<ol>{items}</ol>"
        "<table><tr><td>时间</td><td>责任人</td></tr></table><p>本办法自2020年1月1日起施行。</p>"
        "<div class='footer'>版权所有 <a href='/x'>联系我们</a></div><script>var a=1;</script>"
        "</body></html>"
    )
    raw = read(page.encode("gb18030"), "a.html")
    lines = _lines(raw)
    assert lines[:3] == ["某县教学管理办法", "为加强管理,", "制定本办法。"]
    assert {"1. 成立机构", "2. 制定方案", "（三）组织实施", "时间\t责任人"} <= set(lines)
    assert raw.title_hint == "某县教学管理办法"
    assert raw.encoding == "gb18030"
    assert not any(word in raw.text for word in ("首页", "var a", "版权所有", "color"))


def test_markdown_loses_its_marks_and_keeps_its_lines() -> None:
    source = "---\ntitle: 办法\n---\n# 某校办法\n\n**第一条** 见[附件](a.md)。\n\n"
    source += "1\\. 甲\n- 乙\n| a | b |\n|---|---|\n"
    raw = read(source.encode(), "a.md")
    assert [line for line in _lines(raw) if line] == [
        "某校办法",
        "第一条 见附件。",
        "1. 甲",
        "● 乙",
        "a\tb",
    ]
    assert raw.title_hint == "办法"


@pytest.mark.parametrize(
    ("data", "name", "error"),
    [
        (b"", "a.txt", EmptyFile),
        (b" \n\t ", "a.txt", EmptyFile),
        ("　\n".encode(), "a.md", EmptyFile),
        (b"<html><body></body></html>", "a.html", EmptyFile),
        (docx_file(""), "a.docx", EmptyFile),
        (b"\x89PNG\r\n\x1a\n0000", "a.png", UnknownFormat),
        (b"MZ binary", "a.exe", UnknownFormat),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 Word", "old.doc", UnknownFormat),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "a.docx",
            EncryptedFile,
        ),
        (b"not a zip", "a.docx", BrokenFile),
        (docx_file(paragraph("文字"))[:200], "a.docx", BrokenFile),
        (b"%PDF-1.4 nothing", "a.pdf", BrokenFile),
        (pdf_file([[], []]), "scan.pdf", ScannedPdf),
        (pdf_file([[(90, 90, "某县教育局文件")]], encrypted=True), "a.pdf", EncryptedFile),
        (bytes(range(1, 32)) * 50, "a.txt", BrokenFile),
    ],
)
def test_each_failure_is_its_own_error(data: bytes, name: str, error: type[ReadingError]) -> None:
    with pytest.raises(error) as raised:
        read(data, name)
    assert raised.value.code
    for words in (raised.value.message, raised.value.remedy):
        assert any("一" <= character <= "鿿" for character in words)
        assert any(character.isascii() and character.isalpha() for character in words)


def test_a_zip_of_something_else_is_no_document() -> None:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.txt", "文字")
    with pytest.raises(UnknownFormat):
        read(out.getvalue(), "a.docx")


def test_a_bomb_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(docx, "LARGEST_PART", 100)
    with pytest.raises(TooLarge):
        read(docx_file(paragraph("字" * 1000)), "a.docx")


def test_entities_of_a_hostile_docx_are_not_expanded() -> None:
    out = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(docx_file(paragraph("文字")))) as good,
        zipfile.ZipFile(out, "w") as bad,
    ):
        part = good.read("word/document.xml").decode().replace("文字", "文字&x;")
        bad.writestr(
            "word/document.xml", f'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>{part}'
        )
    assert "root" not in read(out.getvalue(), "a.docx").text


_BASES = (
    docx_file(
        paragraph("指导思想", number=1) + paragraph("目标", number=1, level=1),
        numbering=abstract(0, _OUTLINE) + numbered(1, 0),
    ),
    pdf_file([[(90, 80, "一、指导思想"), (90, 100, "办好人民满意的教育。")]]),
    "<html><body><ol><li>甲</li></ol><p>办好人民满意的教育。</p></body></html>".encode(),
    "# 标题\n\n一、指导思想\n".encode("gb18030"),
    "一、指導思想\n辦好教育".encode("utf-16"),
)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(_BASES), st.integers(0, 2**32), st.integers(0, 40))
def test_mutated_files_raise_nothing_but_our_own_errors(base: bytes, seed: int, edits: int) -> None:
    chance = random.Random(seed)
    data = bytearray(base)
    for _ in range(edits):
        at = chance.randrange(len(data))
        match chance.randrange(4):
            case 0:
                data[at] = chance.randrange(256)
            case 1:
                del data[at : at + chance.randrange(1, 9)]
            case 2:
                data[at:at] = data[at : at + chance.randrange(1, 30)]
            case _:
                data[at:at] = bytes(chance.randrange(256) for _ in range(4))
        data = data or bytearray(b"x")
    for name in ("a.docx", "a.pdf", "a.html", "a.txt", "a"):
        try:
            raw = read(bytes(data), name)
        except TiaowenError:
            continue
        assert raw.text.strip()
        assert raw.text.encode("utf-8")
        assert all(span.end <= len(raw.text) for span in raw.labels)


@settings(max_examples=100, deadline=None)
@given(
    st.binary(max_size=300),
    st.sampled_from(["a.txt", "a.md", "a.html", "a.docx", "a.pdf", "a.zip"]),
)
def test_any_bytes_are_text_or_one_of_our_errors(data: bytes, name: str) -> None:
    try:
        assert read(data, name).text.strip()
    except TiaowenError as error:
        assert error.remedy
