from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tiaowen_corpus.encoding import decode, decode_html
from tiaowen_corpus.errors import BrokenFile

_SIMPLIFIED = "各中小学校要加强教学管理,每学期组织教师听课不少于两次。\n一、指导思想\n"
_TRADITIONAL = "各中小學校應加強教學管理，每學期組織教師聽課不少於兩次。\n壹、依據\n"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le"]
)
def test_simplified_text_in_each_encoding(encoding: str) -> None:
    assert decode(_SIMPLIFIED.encode(encoding))[0] == _SIMPLIFIED


@pytest.mark.parametrize("encoding", ["utf-8", "big5", "gb18030", "utf-16", "utf-16-be"])
def test_traditional_text_in_each_encoding(encoding: str) -> None:
    assert decode(_TRADITIONAL.encode(encoding))[0] == _TRADITIONAL


@pytest.mark.parametrize(
    ("encoding", "text", "told"),
    [
        ("gbk", _SIMPLIFIED, "gb18030"),
        ("big5", _TRADITIONAL, "big5"),
        ("utf-16", _SIMPLIFIED, "utf-16-le"),
        ("utf-8", _SIMPLIFIED, "utf-8"),
    ],
)
def test_the_encoding_is_told(encoding: str, text: str, told: str) -> None:
    assert decode(text.encode(encoding))[1] == told


def test_a_character_cut_by_a_download_limit_costs_one_character() -> None:
    text, encoding = decode((_SIMPLIFIED * 20).encode("gbk")[:-4])
    assert encoding == "gb18030"
    assert text.startswith(_SIMPLIFIED)
    text, _ = decode((_SIMPLIFIED * 20).encode("utf-8")[:-2])
    assert text.startswith(_SIMPLIFIED)


def test_a_page_that_lies_about_its_charset_is_still_read() -> None:
    page = f'<html><meta charset="big5"><body>{_SIMPLIFIED}</body></html>'
    assert _SIMPLIFIED in decode_html(page.encode("utf-8"))[0]


def test_line_ends_and_invisible_marks_are_made_one_kind() -> None:
    assert decode("甲\r\n乙\r丙\ufeff丁".encode())[0] == "甲\n乙\n丙丁"


def test_binary_is_refused() -> None:
    with pytest.raises(BrokenFile):
        decode(bytes(range(256)) * 20)


@given(st.text(alphabet="教育局学校通知各县管理办法工作的不在,。一二三\n", min_size=30))
def test_chinese_round_trips(text: str) -> None:
    for encoding in ("utf-8", "gb18030"):
        assert decode(text.encode(encoding))[0] == text
    assert decode(codecs.BOM_UTF16_LE + text.encode("utf-16-le"))[0] == text
