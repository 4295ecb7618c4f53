"""The date of issue: signature, bracket under the title, adoption line, document number."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from tiaowen_corpus.script import fold

_DIGITS = {digit: str(value) for value, digit in enumerate("〇一二三四五六七八九")} | {
    "零": "0",
    "○": "0",
}
_DATE = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d\d)[ \t]*(?:年|(?P<sign>[./-]))[ \t]*(?P<month>\d{1,2})[ \t]*"
    r"(?(sign)(?P=sign)|月)[ \t]*(?P<day>\d{1,2})(?(sign)|[ \t]*日)(?!\d)"
    r"|(?<!\d)(?P<year_only>(?:19|20)\d\d)\s*年\s*(?P<month_only>\d{1,2})\s*月(?!\s*\d)"
    r"|(?P<han>[二一][〇○零一二三四五六七八九]{3}年[一二三四五六七八九十]{1,2}月(?:[一二三四五六七八九十]{1,3}日)?)"
)
_MINGUO = re.compile(
    r"(?:(?:中华)?民国)?[ \t]*(?<!\d)(?P<year>0?\d{2,3})[ \t]*(?:年|(?P<sign>[./]))[ \t]*"
    r"(?P<month>\d{1,2})[ \t]*(?(sign)(?P=sign)|月)[ \t]*"
    r"(?P<day>\d{1,2})(?(sign)|[ \t]*日)(?!\d)"
)
_MINGUO_OFFSET = 1911  # year 1 of the Republic is 1912
_STATED = re.compile(
    r"(?:发文日期|成文日期|发布日期|印发日期|签发日期|发文时间)[:：\s]*(?:中华民国)?"
)
_NOT_ISSUE = re.compile(
    r"(?:上传|更新|浏览|下载)[^\n]{0,6}$|(?:务于|于|至|从|自|到|在|截止|截至|前|起|迄|间[:：]|期[:：]|[-—~～至])\s*$"
)
_AFTER_NOT_ISSUE = re.compile(
    r"\s*(?:[-—~～至到起前止]|以前|之前|开始|期间|[(（]?星期|上午|下午|[一-鿿]{0,3}施行|[,，、]\s*[一-鿿])"
)
_ADOPTED = re.compile(
    r"^[^\n,，。;；]{0,30}(?:通过|修订|修正|订定|发布|公布|印发|制定|定稿|讲话|会议)"
)
_ORG_END = re.compile(
    r"(?:局|厅|部|委|府|会|校|园|学|院|处|室|组|所|中心|站|办|科|股|党支部|总支)\s*$"
)
_DEADLINE = re.compile(r"[ \t]{0,4}(?:前|起|止|至)")
_LINE_END = re.compile(r"[ \t　]{0,40}(?:$|\n)")
_SHORT = re.compile(r"[^。;；!,，]{2,30}$")
# What follows a signature and date that are glued to the next part: a print line or a title.
_NEW_PART = re.compile(
    r"\s{0,8}(?:印发|抄送|主题词|附件|[一-鿿“《]{2,40}(?:\d{4}年|方案|办法|细则|通知|计划))"
)
_LONGEST_SIGNATURE = 80
_HEAD = 400  # characters of the head in which a bracketed or adoption date can stand


def issued_on(text: str, number: str, *, minguo: bool) -> str:
    """Return the date of issue as ISO 8601, "" if the text does not state it.

    ``minguo`` reads years of the Republic (113年 → 2024). The year of the document's own
    ``number`` stands in for a date.
    """
    folded = fold(text)
    for place in (_stated, _under_title, _signed):
        if found := place(folded, minguo):
            return found
    year = re.search(r"[〔\[【(（]\s*((?:19|20)\d\d)\s*[〕\]】)）]", number)
    return year.group(1) if year else ""


def _stated(folded: str, minguo: bool) -> str:
    for label in _STATED.finditer(folded[: 4 * _HEAD]):
        for start, _, value in _dates(folded[label.end() : label.end() + 30], minguo):
            if start <= 4:
                return value
    return ""


def _under_title(folded: str, minguo: bool) -> str:
    """Return a date in a bracket or an adoption line near the head."""
    head = folded[:_HEAD]
    for start, end, value in _dates(head, minguo):
        opening = max(
            head.rfind("(", 0, start), head.rfind("\n", 0, start), head.rfind("【", 0, start)
        )
        bracketed = (
            head[:start].rstrip().endswith(("(", "【")) or "(" in head[max(0, opening) : start]
        )
        closes = re.match(r"[^()\n。]{0,30}[)】]", head[end:]) is not None
        if bracketed and closes and not _AFTER_NOT_ISSUE.match(head, end):
            return value
        alone = not head[max(0, opening) : start].strip("(\n\t 　") and bool(
            re.match(r"\s*(?:$|\n)", head[end:])
        )
        if alone or (_ADOPTED.match(head[end:]) and not _NOT_ISSUE.search(head[:start])):
            return value
    return ""


def _signed(folded: str, minguo: bool) -> str:
    """Return the first date that stands under a signature, looked for from the head down.

    The first, because a notice is signed before the plan that it carries.
    """
    for start, end, value in _dates(folded, minguo):
        line = folded[max(0, start - _LONGEST_SIGNATURE) : start].rpartition("\n")[2].strip()
        if _NOT_ISSUE.search(line[-12:]) or _DEADLINE.match(folded, end):
            continue
        signed = _ORG_END.search(line) is not None
        if _LINE_END.match(folded, end) and (not line or (signed and len(line) <= 40)):
            return value
        if signed and _SHORT.search(line) and _NEW_PART.match(folded, end):
            return value
    return ""


def _dates(folded: str, minguo: bool) -> Iterator[tuple[int, int, str]]:
    """Yield start, end and ISO form of every date, in order."""
    found = [(*match.span(), _western(match)) for match in _DATE.finditer(folded)]
    if minguo:
        found += [(*match.span(), _republic(match)) for match in _MINGUO.finditer(folded)]
    yield from (item for item in sorted(found) if item[2])


def _western(match: re.Match[str]) -> str:
    if han := match["han"]:
        year, _, rest = han.partition("年")
        month, _, day = rest.partition("月")
        digits = "".join(_DIGITS.get(digit, digit) for digit in year)
        return _iso(int(digits), _chinese(month), _chinese(day.rstrip("日")))
    if match["year_only"]:
        return _iso(int(match["year_only"]), int(match["month_only"]), 0)
    return _iso(int(match["year"]), int(match["month"]), int(match["day"]))


def _republic(match: re.Match[str]) -> str:
    return _iso(int(match["year"]) + _MINGUO_OFFSET, int(match["month"]), int(match["day"]))


def _chinese(number: str) -> int:
    """Return 一 … 三十一 as an integer, 0 for nothing."""
    tens, _, ones = number.rpartition("十")
    value = int(_DIGITS.get(ones, "0"))
    return value + 10 * (int(_DIGITS.get(tens, "1")) if "十" in number else 0)


def _iso(year: int, month: int, day: int) -> str:
    """Return the date in ISO form; "" if there is no such day or it is no plausible year."""
    if not 1912 <= year <= 2099 or not 1 <= month <= 12:
        return ""
    try:
        return date(year, month, day).isoformat() if day else f"{year:04d}-{month:02d}"
    except ValueError:
        return ""
