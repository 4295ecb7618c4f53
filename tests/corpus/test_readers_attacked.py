"""Every reader under damaged files (many more: make fuzz), and what damaged files have shown."""

from __future__ import annotations

import subprocess
import sys

import pytest
from tiaowen_corpus.errors import TooLarge
from tiaowen_corpus.readers import read

from tests.corpus.filemaking import abstract, docx_file, level, numbered, paragraph, pdf_file
from tests.corpus.fuzz_readers import Limits, fuzz
from tests.corpus.mutations import SUFFIXES, mutated


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_reader_gives_a_document_or_one_of_our_errors(suffix: str) -> None:
    report = fuzz(suffix, 250, seed=1, limits=Limits(seconds=20.0, stall=60.0))
    assert report.outcomes.total() == 250
    assert not report.findings
    assert report.outcomes["document"] > 50  # damage that leaves nothing to read tests little


@pytest.mark.slow
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_reader_under_thousands_of_damaged_files(suffix: str) -> None:
    report = fuzz(suffix, 4000, seed=2, workers=2, limits=Limits(seconds=20.0, stall=60.0))
    assert not report.findings


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_an_input_is_made_again_from_its_number(suffix: str) -> None:
    made = {mutated(suffix, 3, number) for number in range(20)}
    assert made == {mutated(suffix, 3, number) for number in range(20)}
    assert len(made) > 15


def test_what_must_not_be_is_found() -> None:
    report = fuzz(".docx", 3, seed=1, limits=Limits(seconds=-1.0))
    assert report.findings == {"took seconds: over -1": [0, 1, 2]}
    report = fuzz(".txt", 2, seed=1, limits=Limits(stall=-30.0))  # not even to load the readers
    assert report.findings == {"stalled: over -30 s": [0, 1]}
    report = fuzz(".nothing", 2, seed=1, limits=Limits())
    assert report.findings == {"died: 1": [0, 1]}


def _in_time(data: bytes, name: str) -> str:
    """Return the text as a process reads it that has far more time than an honest cost takes."""
    script = (
        "import sys; from tiaowen_corpus.readers import read; "
        "raw = read(sys.stdin.buffer.read(), sys.argv[1]); "
        "sys.stdout.buffer.write(raw.text.encode())"
    )
    command = [sys.executable, "-c", script, name]
    return subprocess.run(
        command, input=data, timeout=60, check=True, capture_output=True
    ).stdout.decode()


def test_boxes_within_boxes_are_read_once() -> None:
    """A box was read by every paragraph around it: forty of them for 2⁴⁰ readings."""
    body = "<w:p><w:r><w:t>最里面的文字</w:t></w:r></w:p>"
    for depth in range(40):
        body = f"<w:p><w:r><w:t>第{depth}层</w:t></w:r><w:txbxContent>{body}</w:txbxContent></w:p>"
    lines = _in_time(docx_file(body), "x.docx").split("\n")
    assert lines == [*(f"第{depth}层" for depth in reversed(range(40))), "最里面的文字"]


def test_a_level_that_no_list_has_is_left_out() -> None:
    """An override of level 50 was counted in a list of nine counters."""
    own = f'<w:lvlOverride w:ilvl="50">{level(50, "decimal", "%1.")}</w:lvlOverride>'
    lists = abstract(0, level(0, "decimal", "%1.")) + numbered(1, 0, own)
    body = paragraph("每周检查。", number=1, level=50) + paragraph("每月总结。", number=1)
    assert read(docx_file(body, numbering=lists), "x.docx").text == "每周检查。\n1. 每月总结。"


def test_a_title_of_many_blanks_is_read_in_time() -> None:
    """Its blanks were tried from every place of the title: a cost of their number squared."""
    page = f"---\ntitle: a{' ' * 600_000}b\n---\n一、每周检查。\n"
    assert _in_time(page.encode(), "x.md") == "一、每周检查。\n"


def test_a_title_loses_its_quotes_and_the_blanks_around_it() -> None:
    for stated in ('"校 规"', "'校 规' ", "校 规\t"):
        assert read(f"---\ntitle: {stated}\n---\n一、\n".encode(), "x.md").title_hint == "校 规"


def test_a_page_of_very_many_lines_is_read_in_time() -> None:
    """The margins of a page were sought once for every line: a cost of lines squared."""
    lines = [(60.0, 30.0 + 0.025 * number, "一、每周检查一次。") for number in range(30_000)]
    assert "每周检查" in _in_time(pdf_file([lines], size=0.02), "x.pdf")


def test_the_marks_of_restored_labels_cannot_be_forged() -> None:
    """A title kept them, and a page could write them as references and so feign a label."""
    page = "<title>\ufdd0规&#xfdd1;定</title><p>&#64976;一、&#x00FDD1;每周检查一次,不得缺席。</p>"
    raw = read(page.encode(), "x.html")
    assert (raw.title_hint, raw.text, raw.labels) == ("规定", "一、每周检查一次,不得缺席。", ())
    core = '<c xmlns:d="http://purl.org/dc/elements/1.1/"><d:title>规\ufdd1定</d:title></c>'
    raw = read(docx_file(paragraph("每周检查。"), core=core), "x.docx")
    assert raw.title_hint == "规定"


def test_one_page_shown_thousands_of_times_is_refused() -> None:
    """Twenty kilobytes that refer to one page 2,900 times took a minute to read."""
    page = pdf_file([[(60.0, 80.0, "一、每周检查一次,每月总结一次。")]])
    many = page.replace(b"/Kids [4 0 R] /Count 1", b"/Kids [%s] /Count 2900" % (b"4 0 R " * 2900))
    assert len(many) > len(page) + 15_000
    assert read(page, "x.pdf").text
    with pytest.raises(TooLarge, match="2900"):
        read(many, "x.pdf")
