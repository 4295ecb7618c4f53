"""The library from the page; documents that try to be more than text."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, expect

NEW = "青溪县学生午睡管理办法\n\n一、时间\n（一）学生午睡每天不少于40分钟，由值班教师巡视。\n"
LONG_WORK = 60_000  # milliseconds


def test_an_uploaded_document_is_found_and_can_be_deleted(
    page: Page, small: str, tmp_path: Path
) -> None:
    (tmp_path / "nap.txt").write_text(NEW, "utf-8")
    page.goto(f"{small}/library")
    page.locator("input[type=file]").set_input_files(tmp_path / "nap.txt")
    expect(page.locator(".outcome")).to_contain_text("已完成", timeout=LONG_WORK)
    expect(page.locator(".news")).to_contain_text("午睡")
    page.goto(f"{small}/?q=午睡多少分钟")
    expect(page.locator(".card").first).to_contain_text("40分钟")
    page.goto(f"{small}/library")
    page.get_by_role("button", name="删除 青溪县学生午睡管理办法").click()
    page.get_by_role("dialog").get_by_role("button", name="删除").click()
    expect(page.locator(".outcome")).to_contain_text("已完成", timeout=LONG_WORK)
    expect(page.locator("table")).not_to_contain_text("午睡")


def test_a_file_of_no_known_format_is_refused_in_plain_words(
    page: Page, small: str, tmp_path: Path
) -> None:
    (tmp_path / "song.mp3").write_bytes(b"ID3\x00\x01" * 50)
    page.goto(f"{small}/library")
    with page.expect_response(lambda answer: answer.request.method == "POST") as posted:
        page.locator("input[type=file]").set_input_files(tmp_path / "song.mp3")
    assert posted.value.status >= 400
    expect(page.locator(".outcome")).not_to_be_empty()
    expect(page.locator(".outcome")).not_to_contain_text("已完成")


def test_markup_in_a_document_stays_text(page: Page, small: str) -> None:
    page.goto(f"{small}/?q=值班人员巡查几次")
    expect(page.locator(".card").first).to_contain_text("document.title=")
    page.get_by_role("link", name="看原文").first.click()
    page.get_by_role("button", name="原文与修复").click()
    expect(page.locator(".document-text")).to_contain_text("<script>")
    assert page.title() != "hacked"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
