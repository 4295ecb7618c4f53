"""Issuer, region and the document's own number."""

from __future__ import annotations

import re
from collections import Counter

from tiaowen_corpus.script import fold

_ORG = (
    r"(?:国务院办公厅|教育部办公厅|国务院|教育体育局|教育科技局|教科体局|教科局|教体局|教育局|教育厅|教育部|教育委员会|教委|人民政府办公室"
    r"|人民政府办公厅|人民政府|县政府|市政府|中心学校|中心小学|中心校|实验学校|职业学校|学校|小学|中学|高中"
    r"|初中|完小|书院|幼儿园|幼稚园|大学|学院|教研室|研究院|进修学校|督导室|督导委员会|委员会|领导小组|办公室|办公厅)"
)
_NAME = rf"[一-鿿]{{2,24}}?{_ORG}(?![一-鿿]{{0,2}}(?:长|师|生))"
_SIGNATURE = re.compile(
    rf"(?:^|\n|[。;；!]|[ \t　])[ \t　]{0, 8}(?P<name>[一-鿿]{{0,24}}?{_ORG}(?:办公室|办公厅)?)"
    r"[\s(盖章)]{0,12}"
    r"(?:(?:(?:19|20)\d\d|[二一][〇○零一二三四五六七八九]{3}|0?\d{2,3})\s*年|(?:19|20)\d\d[.．/-])"
)
_TITLED = re.compile(
    rf"^(?P<name>[一-鿿]{{2,20}}?{_ORG})(?=关于|印发|转发|[“\"《]?[一-鿿\d]{{0,30}})"
)
_ABOUT = re.compile(rf"(?P<name>[一-鿿]{{0,20}}?{_ORG})(?:关于|印发|转发)")
_HEADED = re.compile(
    rf"(?:^|\n)[ \t　]{0, 8}(?P<name>[一-鿿]{{2,20}}?{_ORG})(?:文件)?[ \t　]{0, 8}(?=\n|$)"
)
_STATED = re.compile(
    r"(?:发布机关|发文机关|发文单位|发布机构|制定机关)[:：\s]+(?P<name>[一-鿿]{3,24})"
)
_EXPLAINED = re.compile(rf"由(?P<name>[一-鿿]{{2,20}}?{_ORG})(?:会同[^。]{{2,40}})?负责解释")
_SPOKEN = re.compile(
    r"我(?:谨)?代表(?P<name>[一-鿿]{1,12}?(?:局|厅|政府|学校|教委))(?=[,，、向对])"
)
_NUMBER = (
    r"(?:[一-鿿]{1,14}(?:发|字|办|函|规|通|教)?\s*[〔\[【(（]\s*[\dxX×]{2,4}\s*[〕\]】)）]\s*第?\s*\d{1,5}\s*号"
    r"|[一-鿿]{1,12}字第\s*\d{2,12}[A-Za-z]?\s*号|第\s*\d{1,4}/\d{4}\s*号)"
)
_OWN_NUMBER = re.compile(_NUMBER)
_LABELLED_NUMBER = re.compile(rf"(?:发文字号|文\s*号|字号)[:：\s]*(?P<number>{_NUMBER})")
_CITING = re.compile(r"(?:根据|按照|依据|依|贯彻|落实|遵照|按|转发|奉|据)[^\n。]{0,40}$|》\s*\(?$")
_CITED = re.compile(r"\s*(?:文|令|函)?(?:件|精神|要求|规定|《)")
_HEAD = 500
_PLACE = re.compile(r"[一-鿿]{1,8}?(?:自治区|自治州|自治县|省|市|州|县|区|旗|镇|乡)")
_SERVED = r"(?=教育|人民政府|政府|委|教体|教科|教委|教研|中小学|实验|中心|第|各|中学|小学|幼儿园)"
_PLACED = re.compile(
    r"(?:^|[\s,，。、;；:：?“”\"《》()（）]|根据|按照|由|经|报|向|在|受|关于|以及|和|与)"
    rf"(?P<place>[一-鿿]{{2,5}}?(?:(?:省|市|县|区){_SERVED}|(?:镇|乡)(?=中心)))"
)
_LEADING = re.compile(r"^(?:在|对|向|关于|局长在|校长在)")
# No place's name: what follows 我, 全, 各 …, masks, and parts of a town.
_GENERIC = re.compile(
    r"^[我本全各该某每两几外城]|[xX×*○〇]"
    r"|^(?:城镇|农村|兄弟|有关|贫困|示范|市|县|区|省|乡|镇|城市|城乡|乡镇|县区|市县|区县)"
    r"|(?:学区|校区|园区|社区|城区|地区|辖区|片区|小区|乡镇|城镇)$"
)
# Words that run into a place's name in mid-sentence (决定在全省). Few real names hold them.
_RUN_ON = re.compile(
    r"[我本全各该某每照据在对的是和与为报向进动推于由经受将把给责成任今明去届请示让要求使]"
)
_CENTRAL = re.compile(r"(?:教育部|国务院|中共中央)")
_NOBODY = re.compile(
    r"(?:我|本|全|各|该|某|有关|学校|教育局$|[县市区省镇乡](?:教育局|人民政府|委))"
)
# Names of groups of schools, which issue nothing.
_GROUP = re.compile(r"(?:中小学校?|义务教育学校|各学校|[省市县区]学校|普通高中|民办学校)$")


def number_of(text: str) -> str:
    """Return the document's own number; numbers of cited papers are not its own.

    Its own stands before the title or between title and addressee, or behind a label.
    """
    folded = fold(text)
    if labelled := _LABELLED_NUMBER.search(folded[: 4 * _HEAD]):
        return _compact(text[slice(*labelled.span("number"))])
    for match in _OWN_NUMBER.finditer(folded[:_HEAD]):
        before = folded[: match.start()]
        first_sentence = "。" not in before and ":" not in before.replace("\n", "")
        citing = _CITING.search(before.rsplit("\n", 1)[-1])
        inside = re.match(r"(?:根据|按照|依据|贯彻|落实|转发)", match.group())
        if first_sentence and not citing and not inside and not _CITED.match(folded, match.end()):
            return _compact(_without_title(text[slice(*match.span())]))
    return ""


def issuer_of(text: str, title: str) -> str:
    """Return who issued it: signature, title, letterhead, who explains it, who is spoken for."""
    folded = fold(text)
    for found in (
        _STATED.search(folded[: 4 * _HEAD]),
        _first_real(_SIGNATURE, folded),
    ):
        if found:
            return text[slice(*found.span("name"))]
    about = _ABOUT.match(fold(title))
    if about and not _is_generic(about["name"]):
        return title[slice(*about.span("name"))]
    for pattern, part in ((_HEADED, folded[:_HEAD]), (_EXPLAINED, folded)):
        if found := _first_real(pattern, part):
            return text[slice(*found.span("name"))]
    title = _LEADING.sub("", title)
    titled = _TITLED.match(fold(title))
    if titled and _PLACE.match(titled["name"]) and not _is_generic(titled["name"]):
        return title[slice(*titled.span("name"))]
    spoken = _SPOKEN.search(folded)
    return text[slice(*spoken.span("name"))] if spoken else ""


def region_of(text: str, title: str, issuer: str) -> str:
    """Return the place that the issuer's name, the title or the text names, "" if masked."""
    for name in (issuer, title):
        if place := _leading_place(name):
            return place
    folded = fold(text)
    if _CENTRAL.match(fold(issuer)):
        return ""
    places: Counter[str] = Counter()
    for match in _PLACED.finditer(folded):
        if not _GENERIC.search(match["place"]) and not _RUN_ON.search(match["place"]):
            # The start of a title or line is a sure sign; in mid-sentence one may misread.
            sure = match.group()[0] in "《?“\n" or not match.start("place")
            places[text[slice(*match.span("place"))]] += 2 if sure else 1
    best = min(places, key=lambda place: (-places[place], place)) if places else ""
    return best if places[best] > 1 or best.endswith(("镇", "乡", "鎮", "鄉")) else ""


def _first_real(pattern: re.Pattern[str], folded: str) -> re.Match[str] | None:
    return next((m for m in pattern.finditer(folded) if not _is_generic(m["name"])), None)


def _is_generic(name: str) -> bool:
    if _CENTRAL.match(name):
        return False
    return bool(_NOBODY.match(name) or _GROUP.search(name) or len(name) < 4)


def _leading_place(name: str) -> str:
    name = _LEADING.sub("", name)
    folded = fold(name)
    end = 0
    while (found := _PLACE.match(folded, end)) and not _GENERIC.search(found.group()):
        if len(found.group()) < 2 or found.end() == len(folded):
            break
        end = found.end()
    return name[:end]


def _without_title(number: str) -> str:
    """Return the number without a title or letterhead glued in front of it."""
    return re.sub(r"^.*(?:文件|学校|教育局|政府)(?=[一-鿿]{2,6}[〔\[【(（])", "", number)


def _compact(number: str) -> str:
    return re.sub(r"\s+", "", number)
