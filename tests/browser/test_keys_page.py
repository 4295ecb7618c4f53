"""A service that asks for keys, from the page: where to enter one, and what it opens."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from playwright.sync_api import Page, expect


class Locked(Protocol):
    base: str
    reads: str
    writes: str


def _enter(page: Page, key: str) -> None:
    dialog = page.get_by_role("dialog", name="访问密钥")
    dialog.get_by_label("密钥", exact=True).fill(key)
    with page.expect_navigation():
        dialog.get_by_role("button", name="使用").click()


def test_a_refusal_leads_to_the_key_and_the_key_to_the_answer(page: Page, locked: Locked) -> None:
    page.goto(f"{locked.base}/?q=家长听课")
    expect(page.get_by_role("heading", name="这个服务需要密钥才能查阅。")).to_be_visible()
    page.get_by_role("button", name="填写密钥").click()
    _enter(page, "tw_00000000_wrong")
    expect(page.get_by_role("heading", name="密钥不对，或已停用。")).to_be_visible()
    page.get_by_role("button", name="填写密钥").click()
    _enter(page, locked.reads)
    expect(page.locator(".card").first).to_contain_text("听课")
    assert locked.reads not in page.url
    assert page.evaluate("Object.values(localStorage).join()").find(locked.reads) == -1
    page.get_by_role("button", name="访问密钥").click()
    with page.expect_navigation():
        page.get_by_role("button", name="忘掉密钥").click()
    expect(page.get_by_role("heading", name="这个服务需要密钥才能查阅。")).to_be_visible()


def test_a_key_that_only_reads_is_told_so(page: Page, locked: Locked, tmp_path: Path) -> None:
    page.goto(locked.base)
    page.get_by_role("button", name="访问密钥").click()
    _enter(page, locked.reads)
    page.goto(f"{locked.base}/library")
    (tmp_path / "new.txt").write_text("青溪县新规定\n\n一、总则\n每周检查一次。\n", "utf-8")
    page.locator("input[type=file]").set_input_files(tmp_path / "new.txt")
    expect(page.locator(".outcome")).to_contain_text("你的密钥不能做这一步")
