"""What a clerk does, from question to cited copy."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from docx import Document
from playwright.sync_api import Page, expect

ASKED = "家长什么时候可以进课堂"


def ask(page: Page, site: str, query: str) -> None:
    page.goto(site)
    page.locator("#q").fill(query)
    expect(page.locator(".card").first).to_be_visible()
    expect(page).to_have_url(re.compile(r"\?q="))


@pytest.mark.parametrize(
    ("query", "wording"),
    [
        (ASKED, "开放周"),
        ("家長什麼時候可以進課堂", "开放周"),
        ("requirements for teaching open weeks", "开放"),
    ],
)
def test_a_question_in_any_script_finds_the_open_weeks(
    page: Page, site: str, query: str, wording: str
) -> None:
    ask(page, site, query)
    texts = page.locator(".card .clause-text").all_inner_texts()
    assert any(wording in text for text in texts[:3])
    assert page.locator(".card mark").count() > 0


def test_results_come_while_typing_and_back_leads_to_where_one_was(page: Page, site: str) -> None:
    page.goto(site)
    page.locator("#q").press_sequentially("升国旗", delay=20)
    expect(page.locator(".card").first).to_contain_text("旗")
    page.get_by_role("link", name="看原文").first.click()
    expect(page).to_have_url(re.compile("/read"))
    page.go_back()
    expect(page.locator("#q")).to_have_value("升国旗")
    expect(page.locator(".card").first).to_be_visible()
    page.go_back()
    expect(page.locator(".welcome")).to_be_visible()


def test_a_facet_narrows_the_results_to_its_count(page: Page, site: str) -> None:
    ask(page, site, ASKED)
    facet = page.get_by_role("group", name="文种").locator("label").first
    kind, number = facet.inner_text().split("\n")
    facet.click()
    expect(page).to_have_url(re.compile("kinds="))
    expect(page.locator(".search-body")).to_have_attribute("aria-busy", "false")
    expect(page.locator(".facet-row", has_text=kind)).to_have_count(1)
    expect(page.locator(".results-head [role=status]")).to_contain_text(f"{number} 条相关条文")
    expect(facet.locator(".facet-count")).to_have_text(number)
    badges = page.locator(".card .badge").all_inner_texts()
    assert set(badges) == {kind}
    page.go_back()
    expect(facet.get_by_role("checkbox")).not_to_be_checked()


def test_reading_opens_at_the_clause_and_shows_how_others_put_it(page: Page, site: str) -> None:
    ask(page, site, ASKED)
    page.get_by_role("link", name="看原文").first.click()
    block = page.locator(".block[aria-current]")
    expect(block).to_be_in_viewport()
    expect(block.locator(".passage").first).to_be_visible()
    expect(page.locator(".outline [aria-current]")).to_have_count(1)
    title = page.locator("h1").inner_text()
    kin = page.locator(".kin .clause-title")
    expect(kin.first).to_be_visible()
    assert title not in kin.all_inner_texts()


def test_what_was_removed_and_repaired_shows_on_the_source(page: Page, site: str) -> None:
    page.goto(f"{site}/read?doc=yunpi-2012-quality-speech")
    page.get_by_role("button", name="原文与修复").click()
    expect(page.locator(".repair ins").first).to_be_visible()
    assert page.locator(".source > del").count() >= 5


def test_copy_carries_the_citation(page: Page, site: str) -> None:
    ask(page, site, ASKED)
    citation = page.locator(".card .clause-title").first.inner_text()
    page.get_by_role("button", name="复制").first.click()
    expect(page.locator(".toast")).to_contain_text("已复制")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert f"——《{citation}》" in copied


def test_the_basket_is_exported_with_its_sources(page: Page, site: str, tmp_path: Path) -> None:
    ask(page, site, ASKED)
    titles = page.locator(".card .clause-title").all_inner_texts()[:2]
    for button in page.get_by_role("button", name="放入摘录篮").all()[:2]:
        button.click()
    page.get_by_role("link", name="摘录篮").click()
    expect(page.locator(".kept > li")).to_have_count(2)
    page.get_by_role("button", name="全部复制").click()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert all(f"《{title}》" in copied for title in titles)
    with page.expect_download() as saved:
        page.get_by_role("button", name="导出 Word").click()
    saved.value.save_as(tmp_path / "saved.docx")
    written = "\n".join(part.text for part in Document(str(tmp_path / "saved.docx")).paragraphs)
    assert all(title in written for title in titles)


def test_precedents_are_grouped_and_their_differences_marked(page: Page, site: str) -> None:
    page.goto(f"{site}/draft")
    page.get_by_label("要起草的文字").fill("每学期至少召开两次家长会。")
    page.get_by_role("button", name="找先例").click()
    expect(page.locator(".group").first).to_be_visible()
    assert page.locator(".diff ins").count() > 0
    assert page.locator(".diff .number").count() > 0


def test_a_question_that_nothing_answers_says_so(page: Page, site: str) -> None:
    ask(page, site, "游泳馆周末几点开门")
    expect(page.get_by_role("heading", name="没有条款直接回答")).to_be_visible()
    expect(page.locator(".card .passage")).to_have_count(0)


def test_keyboard_alone_on_a_phone(phone: Page, site: str) -> None:
    phone.goto(site)
    phone.keyboard.press("Tab")
    phone.keyboard.press("/")
    phone.keyboard.type(ASKED)
    expect(phone.locator(".card").first).to_be_visible()
    phone.keyboard.press("Enter")
    expect(phone.locator(".card").first).to_be_focused()
    phone.keyboard.press("j")
    expect(phone.locator(".card").nth(1)).to_be_focused()
    phone.keyboard.press("k")
    expect(phone.locator(".card").first).to_be_focused()
    phone.keyboard.press("c")
    expect(phone.locator(".toast")).to_contain_text("已复制")
    phone.keyboard.press("x")
    expect(phone.locator(".count")).to_have_text("1")
    phone.keyboard.press("Enter")
    expect(phone.locator(".block[aria-current]")).to_be_in_viewport()
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_interface_changes_its_language_and_keeps_it(page: Page, site: str) -> None:
    page.goto(site)
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("button", name="Search")).to_be_visible()
    page.reload()
    expect(page.locator("html")).to_have_attribute("lang", "en")
