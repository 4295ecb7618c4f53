"""HTML: the page's main text, one block a line, list numbers made literal."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import lxml.html
from lxml import etree

from tiaowen_corpus.encoding import decode_html
from tiaowen_corpus.errors import BrokenFile
from tiaowen_corpus.readers.numerals import format_number
from tiaowen_corpus.readers.rawtext import CLOSE, OPEN, RawText, marked, unmarked

_HIDDEN = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "iframe",
        "object",
        "svg",
        "head",
        "select",
        "button",
        "textarea",
    ]
)
_FURNITURE = frozenset(["nav", "footer", "aside", "form"])
_FURNITURE_NAMES = re.compile(
    r"(?:^|[-_\s])(?:nav|navbar|menu|breadcrumb|crumbs?|sidebar|footer|foot|copyright|share|related"
    r"|recommend|comments?|pagination|pager|toolbar|login|search|friendlink|links)(?:$|[-_\s\d])",
    re.I,
)
_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "caption",
        "center",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "legend",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "tfoot",
        "thead",
        "tr",
        "ul",
    ]
)
_LIST_FORMATS = {"1": "decimal", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman"}
_LIST_FORMATS |= {"I": "upperRoman"}
_CSS_FORMATS = {
    "cjk-ideographic": "chineseCounting",
    "simp-chinese-informal": "chineseCounting",
    "trad-chinese-informal": "chineseCounting",
    "lower-alpha": "lowerLetter",
    "upper-alpha": "upperLetter",
    "lower-roman": "lowerRoman",
    "upper-roman": "upperRoman",
}
_LABELLED = re.compile(r"\s*[(（]?[\d一二三四五六七八九十①-⑳第]+[、.．)）章条節节]?")
_MOST_LINKED = 0.5  # share of a block's characters inside links above which it is navigation
_DEEPEST = 400  # elements; deeper nesting is an attack, not a document
_HAN = re.compile(r"[㐀-鿿]")
_DATE_LINE = re.compile(r"(?:\d{4}|[二一][〇○零一二三四五六七八九]{3})年\S{1,3}月\S{1,3}日$")
# the readers' own marks, as characters or as references to them
_MARKS = re.compile(
    rf"[{OPEN}{CLOSE}]|&#(?:x0*{ord(OPEN):x}|x0*{ord(CLOSE):x}|0*{ord(OPEN)}|0*{ord(CLOSE)});?",
    re.I,
)
_BLANKS = re.compile(r"\s+")
_SENTENCE_END = re.compile(r"[。;；!！]")


def read(data: bytes, name: str) -> RawText:
    """Return the main text of the page; ``title_hint`` is its ``<title>`` less the site's name.

    trafilatura says where the main text begins and ends; between the two every line is kept.
    """
    page, encoding = decode_html(data)
    tree = _parse(_MARKS.sub("", page), name)
    title = _title(tree)
    _number_lists(tree)
    body = _body_lines(tree)
    lines = _trim(body, _main_text(tree), title) if body else []
    text, labels = unmarked("\n".join(lines))
    return RawText(name, "html", encoding, text, title_hint=title, labels=labels)


def _parse(text: str, name: str) -> Any:
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", text)
    parser = lxml.html.HTMLParser(no_network=True, huge_tree=False)
    try:
        tree = lxml.html.document_fromstring(text, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise BrokenFile(name) from error
    if _depth(tree) > _DEEPEST:
        raise BrokenFile(f"{name}: 嵌套过深 / nested too deeply")
    return tree


def _depth(tree: Any) -> int:
    deepest, depth = 0, 0
    for event, _ in etree.iterwalk(tree, events=("start", "end")):
        depth += 1 if event == "start" else -1
        deepest = max(deepest, depth)
    return deepest


def _title(tree: Any) -> str:
    for element in tree.iter("title"):
        whole = " ".join((element.text_content() or "").split())
        return re.split(r"\s*[_|｜]\s*|\s+[-–—]+\s+", whole)[0].strip()
    return ""


def _number_lists(tree: Any) -> None:
    """Write the numbers that a browser would show before the items of ordered lists."""
    for ordered in tree.iter("ol"):
        style = (ordered.get("style") or "").lower()
        form = _LIST_FORMATS.get(ordered.get("type") or "1", "decimal")
        form = next((f for css, f in _CSS_FORMATS.items() if css in style), form)
        if re.search(r"list-style(?:-type)?\s*:\s*none", style):
            continue
        number = _integer(ordered.get("start"), 1)
        for item in ordered.iterchildren("li"):
            number = _integer(item.get("value"), number)
            words = item.text_content() or ""
            if not _LABELLED.match(words):
                mark = "、" if form == "chineseCounting" else ". "
                _prefix(item, f"{format_number(number, form)}{mark}")
            number += 1


def _prefix(item: Any, label: str) -> None:
    """Put the label where the item's words begin: in the item, or in its first block."""
    inner = item
    while not (inner.text or "").strip() and len(inner) and inner[0].tag in {"p", "div", "span"}:
        inner = inner[0]
    inner.text = marked(label) + (inner.text or "").lstrip()


def _integer(value: str | None, default: int) -> int:
    try:
        return int(value) if value else default
    except ValueError:
        return default


def _body_lines(tree: Any) -> list[str]:
    body = tree.find("body")
    lines = "".join(_pieces(body if body is not None else tree)).split("\n")
    tidy = (re.sub(r"[ \t\xa0\r\f\v]+", " ", line).strip() for line in lines)
    return [line.replace(" \x1f ", "\t").replace("\x1f", "\t") for line in tidy if line]


def _pieces(element: Any) -> Iterator[str]:
    """Yield the visible words under ``element``, a line break around every block."""
    if not isinstance(element.tag, str) or element.tag in _HIDDEN or _is_furniture(element):
        return
    block = element.tag in _BLOCKS
    if block or element.tag == "br":
        yield "\n"
    yield _flat(element.text) if element.tag != "pre" else element.text or ""
    for child in element:
        yield from _pieces(child)
        yield _flat(child.tail)
    if element.tag in {"td", "th"} and element.getnext() is not None:
        yield "\x1f"
    if block:
        yield "\n"


def _flat(text: str | None) -> str:
    """Return source text with its own line breaks as blanks; between Chinese they are nothing."""
    return _BLANKS.sub(_blank, text or "")


def _blank(match: re.Match[str]) -> str:
    if "\n" not in match.group() and "\r" not in match.group():
        return match.group()
    whole = match.string
    before, after = (
        whole[max(0, match.start() - 1) : match.start()],
        whole[match.end() : match.end() + 1],
    )
    return "" if before and after and not (before.isascii() or after.isascii()) else " "


def _is_furniture(element: Any) -> bool:
    if element.tag in _FURNITURE:
        return True
    if element.tag not in {"div", "ul", "section", "table", "p", "header"}:
        return False
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    if not (_FURNITURE_NAMES.search(names) or element.tag == "ul"):
        return False
    return _linked(element) > (_MOST_LINKED if element.tag == "ul" else 0.2) or _brief(element)


def _brief(element: Any) -> bool:
    return len(_HAN.findall(element.text_content() or "")) < 120 and element.tag != "ul"


def _linked(element: Any) -> float:
    words = len("".join((element.text_content() or "").split()))
    linked = sum(len("".join((a.text_content() or "").split())) for a in element.iter("a"))
    return linked / words if words else 0.0


def _main_text(tree: Any) -> str:
    import trafilatura  # 0.4 s: only where a page is read

    try:
        main = trafilatura.extract(
            lxml.html.tostring(tree, encoding="unicode"),
            output_format="txt",
            favor_recall=True,
            include_comments=False,
            include_tables=True,
            deduplicate=False,
        )
    except Exception:  # an extractor's failure on odd markup: the body stands in for it
        return ""
    return main or ""


def _trim(body: list[str], main: str, title: str) -> list[str]:
    """Return the lines of the body from the first to the last that is main text.

    The body is the faithful one: the extractor reorders, merges and drops short lines, so it
    only says where the main text begins and ends. A line with sentences is always main text.
    """
    found = "".join(_HAN.findall(main))
    kept = [at for at, line in enumerate(body) if _is_main(line, found, title)]
    return body[kept[0] : kept[-1] + 1] if kept else body


def _is_main(line: str, found: str, title: str) -> bool:
    han = "".join(_HAN.findall(line))
    if len(han) < 2:
        return False
    sentence = len(han) >= 15 and bool(_SENTENCE_END.search(line))
    signed = _DATE_LINE.match(line) is not None
    return sentence or signed or han in found or (bool(title) and line.startswith(title))
