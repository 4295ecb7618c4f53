"""The unit in which a question wants its answer: 几天 wants 天 or 日, how much money wants 元."""

from __future__ import annotations

import re
from functools import lru_cache

_HAN = "零一二三四五六七八九十百千万两半"
# a number, or Han digits; it begins with a set of characters, which the search leaps to
_FIGURE = rf"[\d{_HAN}](?:(?<=\d)\d*(?:\.\d+)?|(?<!\d)[{_HAN}]*)"
_BETWEEN = "(?:余|多|来)?(?:个|名)?"  # a figure and its unit
_MANY = r"(?:多少|几|哪几|好多)(?:个|名|位)?"
_PAY = r"(?:津贴|补助|补贴|工资|奖金|学费|费用?|经费|罚款|奖励|押金|租金|酬金|违约金)"

# what asks, and what stands behind the figure in an answer
_KINDS: tuple[tuple[str, str, str], ...] = (
    ("money", rf"{_MANY}(?:万|钱|元|块)|收费标准|补助标准|{_PAY}[^,，。?？]{{0,8}}(?:多少|几)"
     rf"|(?:多少|几)[^,，。?？]{{0,3}}{_PAY}|违约金|[发领拿罚赔奖扣补给交]多少$"
     r"|how much (?:money|is paid|does|do|is|are|allowance|subsidy)|\bfees?\b.*how much|cost"
     r"|\b(?:bonus|salary|wage|allowance|subsidy|fine|deduction|pay)\b", r"(?:元|万元|块钱)"),
    ("days", rf"{_MANY}(?:天|日|个?工作日)|how many days|how soon", r"(?:天|日|个工作日|周)"),
    ("hours", rf"{_MANY}(?:小时|分钟)|多长时间|how many (?:hours|minutes)|how long",
     r"(?:小时|分钟|天|周|年|个月|学期|日)"),
    ("years", rf"{_MANY}年(?!级|纪)|一届|任期|how many years", r"(?:年|学期|届)"),
    ("age", rf"{_MANY}(?:岁|周岁)|多大(?!比例)|年龄|how old|what age|\bage\b",
     r"(?:周岁|岁)"),
    ("times", rf"{_MANY}(?:次|回|遍|趟)|多久|次数|how often|how many times|frequency",
     r"(?:次|遍|回|节|周)"),
    ("lessons", rf"{_MANY}(?:节|课时|学时|学分)|how many (?:lessons|classes|periods|hours)",
     r"(?:节|课时|学时|学分)"),
    ("people", rf"{_MANY}(?:人|名|位|教师|老师|学生|孩子|徒弟|名额|家长|成员|委员)|人数|编制"
     r"|几个人|how many (?:people|persons|teachers|students|pupils|children|apprentices|members"
     r"|parents)", r"(?:人|名|位|个)"),
    ("pieces", rf"{_MANY}(?:篇|本|册|份|条|项|所|门|场|件|台|期|页|套|张)|"
     r"how many (?:papers|books|copies|articles|schools|items|essays|computers|phones)",
     r"(?:篇|本|册|份|条|项|所|门|场|件|台|期|页|套|张|部|个)"),
    ("words", rf"{_MANY}字", r"(?:字|万字)"),
    ("points", rf"{_MANY}分(?!钟|之)|分值|扣分|满分|分数线|how many points|what score",
     r"分(?!钟)"),
    ("share", r"比例|百分之几|几成|达标率|多大比例|percent|proportion|\brate\b|what share",
     r"(?:%|成|分之)"),
    ("clock", r"几点|什么钟点|what time", r"(?:[时点](?!间|子)|[:：]\d\d)"),
    ("date", r"几月|几号(?!字)|哪[一]?天|截止|deadline|which (?:day|date)", r"(?:月|日|号)"),
    ("weekday", r"(?:星期|周|礼拜)几|which weekday", ""),
    ("contact", r"电话(?:号码)?(?:是|多少|$)|(?:什么|哪个)电话|号码|网址|网站"
     r"|phone number|hotline number", ""),
    ("room", r"几楼|几层|哪栋|which floor", r"(?:楼|层|室|栋)"),
)  # fmt: skip

# answers that are no figure with a unit
_OTHERWISE: tuple[tuple[str, str], ...] = (
    ("share", "分之"),
    ("weekday", r"(?:星期|周|礼拜)[一二三四五六日天](?![次节篇遍回个天])"),
    ("contact", r"\d(?:\d{2,3}-?\d{7,8}|(?<=1)\d{10})"),
    ("contact", r"(?:拨打|热线|电话)\D{0,6}\d{3,}"),
    ("contact", "www"),
    ("contact", "http"),
)

_UNITS = tuple((name, unit) for name, _, unit in _KINDS if unit)
_REACH = 8  # characters behind a figure that tell its kinds
# each kind of quantity, and what is looked for
PATTERNS = {
    name: tuple(
        [_FIGURE + _BETWEEN + unit for kind, unit in _UNITS if kind == name]
        + [other for kind, other in _OTHERWISE if kind == name]
    )
    for name, _, _ in _KINDS
}

_ASKED = tuple((name, re.compile(asked)) for name, asked, _ in _KINDS)
_WITH_UNIT = re.compile(f"{_FIGURE}(?={_BETWEEN}(?:{'|'.join(unit for _, unit in _UNITS)}))")
_BEHIND = tuple((name, re.compile(_BETWEEN + unit)) for name, unit in _UNITS)
_OTHER = tuple((name, re.compile(pattern)) for name, pattern in _OTHERWISE)


def units_asked(folded: str) -> tuple[str, ...]:
    """Return the kinds of quantity that a folded question asks for."""
    return tuple(name for name, pattern in _ASKED if pattern.search(folded))


def given_places(folded: str) -> dict[str, list[int]]:
    """Return where a folded text states a quantity of each kind."""
    found: dict[str, list[int]] = {kind: [] for kind in PATTERNS}
    for match in _WITH_UNIT.finditer(folded):
        for kind in _kinds_of(folded[match.end() : match.end() + _REACH]):
            found[kind].append(match.start())
    for kind, pattern in _OTHER:
        found[kind] += (match.start() for match in pattern.finditer(folded))
    return found


@lru_cache(maxsize=1 << 14)
def _kinds_of(behind: str) -> tuple[str, ...]:
    """Return the kinds of a figure by what stands behind it."""
    return tuple(name for name, pattern in _BEHIND if pattern.match(behind))
