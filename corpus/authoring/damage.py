"""The damage that scraped files have, applied to clean sources: pure, deterministic functions."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable

# One word replaced everywhere, as preview sites do; longer words first.
MAPPING = {
    "发展": "开展",
    "规范": "标准",
    "服务": "效劳",
    "督促": "催促",
    "动员": "发动",
    "基础": "根底",
    "巩固": "稳固",
    "贡献": "奉献",
    "氛围": "气氛",
    "则": "那么",
    "《": "?",
    "》": "?",
    "”": "",
}
HALF_WIDTH = str.maketrans("，：；！？（）", ",:;!?()")
MACHINE_PAGE = 303  # characters a page of the preview holds
PAPER_PAGE = 480  # characters between two page markers of a converted paper
WRAP = 36
BRACKETED = re.compile(r"^（([一二三四五六七八九十]+)）", re.MULTILINE)
YEAR = re.compile(r"20\d\d(?=年)")
ANTI_COPY = re.compile("[的和与](?=[一-鿿])")
DOTTED_EVERY = 2  # an anti-copy dot after each second of these


def mapped_preview(text: str) -> str:
    """Whole-file mapping, brackets of labels lost, one block cut by machine pages ``2、``."""
    text = BRACKETED.sub(r"\1", text)
    for right, wrong in MAPPING.items():
        text = text.replace(right, wrong)
    text = text.translate(HALF_WIDTH).replace("\n", " ").strip()
    pages = [text[at : at + MACHINE_PAGE] for at in range(0, len(text), MACHINE_PAGE)]
    return "\n".join(f"{number}、{page}" for number, page in enumerate(pages, start=1)) + "\n"


def glued_paper(text: str) -> str:
    """All lines glued, ``-3-`` wherever a page of the paper ended, also inside words."""
    text = text.replace("\n", "")
    pages = [text[at : at + PAPER_PAGE] for at in range(0, len(text), PAPER_PAGE)]
    return "".join(f"{page}-{number}-" for number, page in enumerate(pages, start=1)) + "\n"


def masked_template(text: str) -> str:
    """Years and the place masked, anti-copy dots, the title echoed as a template site does."""
    text = YEAR.sub("20xx", text).replace("鹭洲区", "XX区")
    count = itertools.count(1)
    dotted = ANTI_COPY.sub(
        lambda found: found[0] + ("" if next(count) % DOTTED_EVERY else "."), text
    )
    title = text.split("\n", 1)[0]
    echo = f"{title}【热门】\n{title} 推荐度：\n相关推荐\n"
    return echo + dotted


def hard_wrapped(text: str) -> str:
    """Full-width indents and lines broken at a fixed width, also inside words."""
    wrapped = []
    for paragraph in text.splitlines():
        line = "　　" + paragraph
        wrapped += [line[at : at + WRAP] for at in range(0, len(line), WRAP)]
    return "\n".join(wrapped) + "\n"


DAMAGE: dict[str, Callable[[str], str]] = {
    "yunpi-2012-quality-speech": mapped_preview,
    "shiliang-2010-supervision-regulation": glued_paper,
    "luzhou-2020-kindergarten-pairing-plan": masked_template,
    "lanting-2018-enrollment-notice": hard_wrapped,
}
