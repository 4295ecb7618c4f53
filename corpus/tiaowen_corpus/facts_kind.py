"""The kinds of documents, and how their titles and openings name them."""

from __future__ import annotations

import re

from tiaowen_corpus.script import fold

OTHER = "其他"
# Kind and the nouns, folded, by which titles name it. The last noun of a title decides.
_NOUNS: tuple[tuple[str, str], ...] = (
    ("讲话", "讲话 讲话稿 发言 发言稿 致辞 讲话提纲"),
    ("方案", "方案"),
    ("计划", "计划 计画 规划 规画"),
    ("细则", "细则"),
    ("规定", "规定"),
    ("办法", "办法 作业要点 处理要点 设置要点"),
    ("章程", "章程"),
    ("条例", "条例"),
    ("通知", "通知 公告 通告 简章"),
    ("意见", "意见"),
    ("总结", "总结 小结"),
    ("报告", "报告 自查 自评 述职 汇报 调研"),
    ("要点", "要点"),
    ("预案", "预案"),
    ("制度", "制度 规则 规范 守则 准则 公约 常规"),
    ("函", "函 复函 批复 请示"),
    ("纪要", "纪要 会议记录 会议纪录 纪录 记录"),
)
KINDS = (*(kind for kind, _ in _NOUNS), OTHER)
_KIND_OF = {noun: kind for kind, nouns in _NOUNS for noun in nouns.split()}
_NOUN = re.compile("|".join(sorted(_KIND_OF, key=len, reverse=True)))
_TAIL = re.compile(r"[(（【\[][^()（）【】\[\]]{0,20}[)）】\]]|\d+$|[\s.。]+$|(?:范文|模板|稿|篇)$")
# Openings and formulas that give the kind away where no title does.
_SIGNS: tuple[tuple[str, str], ...] = (
    (
        r"(?:制定|拟定|订定|特制定)(?:了)?本(方案|计划|细则|规定|办法|章程|条例|意见|预案|制度|规则)",
        "",
    ),
    (r"\A.{0,200}?(?:同志们|各位校长|各位领导|各位老师|老师们)[:：,，!！]", "讲话"),
    (r"(?:现将.{0,30}(?:总结|小结)如下|总结如下)", "总结"),
    (r"(?:现将.{0,30}(?:汇报|报告)如下|报告如下|自查情况)", "报告"),
    (r"(?:现将.{0,40}通知如下|通知如下|现将.{2,60}印发给你们)", "通知"),
    (r"(?:主旨[:：])", "函"),
    (
        r"(?:^|\n)[一二三四五六][、.](?:指导思想|总体目标|工作目标|目标任务|活动原则|实施步骤|组建方式)",
        "方案",
    ),
)
_HEAD = 1500  # characters in which a document says what it is


def kind_of(title: str, text: str) -> str:
    """Return the kind that the title's last noun names, else the opening, else 其他."""
    return kind_of_title(title) or _by_signs(fold(text)) or OTHER


def kind_of_title(title: str) -> str:
    """Return the kind that the title names, "" if it names none."""
    folded = fold(title)
    while (shorter := _TAIL.sub("", folded)) != folded:
        folded = shorter
    nouns = list(_NOUN.finditer(folded))
    return _KIND_OF[nouns[-1].group()] if nouns else ""


def _by_signs(folded: str) -> str:
    for sign, kind in _SIGNS:
        if found := re.search(sign, folded[:_HEAD], re.S):
            return kind or _KIND_OF[found.group(1)]
    return ""
