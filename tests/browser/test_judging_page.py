"""Re-index with evaluation, see its quality, grade what nobody has judged: by keys alone."""

from __future__ import annotations

from playwright.sync_api import Page, expect

LONG_WORK = 60_000  # milliseconds


def test_grading_by_keys_after_an_evaluation(page: Page, small: str) -> None:
    page.goto(f"{small}/library")
    page.get_by_role("button", name="重建索引并评测").click()
    expect(page.locator(".outcome")).to_contain_text("已完成", timeout=LONG_WORK)
    page.goto(f"{small}/quality")
    expect(page.locator(".headline")).to_contain_text("%")
    page.get_by_role("link", name="评判未判的条文").click()
    left = page.locator("h1 [role=status]")
    expect(left).to_be_visible()
    wording = page.locator(".judged .clause-text")
    first, number = wording.inner_text(), left.inner_text()
    page.keyboard.press("s")
    expect(wording).not_to_have_text(first)
    page.keyboard.press("u")
    expect(wording).to_have_text(first)
    page.keyboard.press("0")
    expect(left).not_to_have_text(number)
    page.keyboard.press("u")
    expect(left).to_have_text(number)
    expect(wording).to_have_text(first)
