"""The journey of a new user over real documents: find, read in place, copy, compare, export."""

from __future__ import annotations

from pathlib import Path

from docx import Document
from playwright.sync_api import Page, expect

ASKED = "家长什么时候可以进课堂"


def test_from_the_question_to_the_export(page: Page, seeds: str, tmp_path: Path) -> None:
    page.goto(seeds)
    page.locator("#q").fill(ASKED)
    first = page.locator(".card").first
    expect(first.locator(".clause-text")).to_contain_text("开放周")
    expect(first.locator(".passage").first).to_be_visible()
    title = first.locator(".clause-title").inner_text()
    first.get_by_role("button", name="摘录").click()
    first.get_by_role("link", name="看原文").click()
    block = page.locator(".block[aria-current]")
    expect(block).to_be_in_viewport()
    expect(block).to_contain_text("开放周")
    aside = page.locator(".beside-column")
    aside.get_by_role("button", name="复制").first.click()
    expect(page.locator(".toast")).to_contain_text("已复制")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert "开放周" in copied
    assert f"——《{title}》" in copied
    other = page.locator(".kin li").first
    expect(other).to_be_visible()
    other.get_by_role("button", name="摘录").click()
    page.get_by_role("link", name="摘录篮").click()
    expect(page.locator(".kept > li")).to_have_count(2)
    with page.expect_download() as saved:
        page.get_by_role("button", name="导出 Word").click()
    saved.value.save_as(tmp_path / "saved.docx")
    written = "\n".join(part.text for part in Document(str(tmp_path / "saved.docx")).paragraphs)
    assert title in written
