"""Accessible, quick, in light and dark and on a phone."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, expect

VIEWS = {
    "home": "/",
    "search": "/?q=家长什么时候可以进课堂",
    "read": "/read?doc=yunpi-2012-quality-speech&as=source",
    "draft": "/draft",
    "basket": "/basket",
    "requirements": "/requirements",
    "numbers": "/requirements?as=numbers",
    "compare": "/compare?topic=家长进课堂听课",
    "overview": "/overview",
    "quality": "/quality",
    "judging": "/judging",
    "library": "/library",
}
SIZES = {"desk": {"width": 1366, "height": 850}, "phone": {"width": 390, "height": 844}}


AGAIN = "axe.run(document, {runOnly: ['color-contrast']})"  # all that the scheme changes


@pytest.mark.parametrize("size", SIZES)
def test_every_view_is_accessible_and_fits_in_light_and_dark(
    profile: Callable[..., BrowserContext], site: str, size: str
) -> None:
    made = profile(viewport=SIZES[size], color_scheme="light")
    page = made.new_page()
    found: dict[str, object] = {}
    for name, address in VIEWS.items():
        page.emulate_media(color_scheme="light")
        page.goto(site + address)
        page.wait_for_load_state("networkidle")
        expect(page.locator("main h1, main h2").first).to_be_attached()
        wrong = _listed(Axe().run(page).response)
        page.emulate_media(color_scheme="dark")
        wrong += _listed(page.evaluate(AGAIN))  # axe is in the page already
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wrong.append(("overflow", name))
        if wrong:
            found[name] = wrong
    made.close()
    assert not found, json.dumps(found, ensure_ascii=False, indent=1)


def _listed(response: dict[str, Any]) -> list[tuple[str, str]]:
    return [(rule["id"], rule["nodes"][0]["html"][:200]) for rule in response["violations"]]
