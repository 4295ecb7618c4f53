"""How labels are written, and the words that look like them (folded: Simplified, half width)."""

from __future__ import annotations

import re

from tiaowen_indexer.label_styles import Style

_DIGITS = {character: value for value, character in enumerate("〇一二三四五六七八九")}
_DIGITS |= {"零": 0, "两": 2, "○": 0}
_DIGITS |= dict(zip("壹贰叁肆伍陆柒捌玖", range(1, 10), strict=True)) | {"参": 3, "弐": 2}
STEMS = "甲乙丙丁戊己庚辛壬癸"
_UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100}

_CN = "[一二三四五六七八九十百零〇]{1,5}"
_BIG = "[壹贰叁参肆伍陆柒捌玖拾]{1,3}"
_HAN = "㐀-鿿"
# After an article label these words show that another article is being cited.
_CITED = r"(?![的所规款项中和与或及至、,,;;。)”]|之规|规定|第[一二三四五六七八九十\d]+[款项])"

SHAPES: tuple[tuple[Style, re.Pattern[str]], ...] = (
    (
        Style.PART,
        re.compile(rf"第\s?({_CN}|\d{{1,2}})\s?[编篇部](?![第的一-龥]{{0,1}}[号中小])[、::\s]?"),
    ),
    (Style.ANNEX, re.compile(rf"(?:^|(?<=\n))[ 　]*(?:附件|附)\s?({_CN}|\d{{1,2}})?\s?:")),
    (Style.CHAPTER, re.compile(rf"第\s?({_CN}|\d{{1,3}})\s?章(?![的第规程至和])[、::]?")),
    (Style.SECTION, re.compile(rf"第\s?({_CN}|\d{{1,3}})\s?节(?![课的第至和,,。\d晚下])[、::]?")),
    (
        Style.ARTICLE,
        re.compile(
            rf"第\s?({_CN}|\d{{1,4}})\s?条(?:\s?之\s?({_CN}|\d{{1,2}})|-(\d{{1,2}}))?{_CITED}[、::]?"
        ),
    ),
    (Style.CAPITAL, re.compile(rf"(?<![{_HAN}])({_BIG}|[{STEMS}])\s?[、.](?![{STEMS}])")),
    (Style.PART, re.compile(rf"(?<![^\s])([{STEMS}])部(?=[:、\s])[:、]?")),
    (
        Style.COMMA,
        re.compile(rf"(?<![第“‘\d一二三四五六七八九十百])({_CN})\s?[、.](?![{_CN[1:11]}]、)"),
    ),
    (Style.COMMA, re.compile(rf"(?<![^\s])({_CN})[:  　]+(?=[{_HAN}“])")),
    (Style.PAREN, re.compile(rf"[(【〔\[]\s?({_CN}|{_BIG})\s?[)】〕\]][、.:]?")),
    (
        Style.ORDINAL,
        re.compile(
            rf"(?:第({_CN})(?:[,,:::。、]|(?=[是要就])|个?方面[,,是要]|(?:阶段|步)(?:[::,、]|(?=[(\s])))"
            r"|(首先|其次|再次|再者|最后|其[一二三四五六七八九])(?:[,,::。]|是|(?=要)))"
        ),
    ),
    (Style.ORDINAL, re.compile(rf"(?<![^\s])(?:提案|议案|案由)\s?({_CN})\s?[::]")),
    (
        Style.DOES,
        re.compile(
            rf"(?<![第“‘一二三四五六七八九十百唯统单专万之同期])({_CN})(?:是(?!否|个|种)|要(?!求|点|素|件))[,,::]?"
        ),
    ),
    (
        Style.ARABIC,
        re.compile(
            r"(?<![\d.a-z/年月日\-—~,,%第“])(?<!\d:)(\d{1,3})\s?(?:[.、](?!\d)|[.](?=\d{4}[年-])|、(?=\d{1,4}[年名所个]))"
        ),
    ),
    (
        Style.DECIMAL3,
        re.compile(
            r"(?<![^\s])(\d{1,2}\.\d{1,2}\.\d{1,2})(?![\d.%年月:])[ 、.　]?(?=\s?[^\s\d)%])"
        ),
    ),
    (
        Style.DECIMAL2,
        re.compile(
            r"(?<![^\s])(\d{1,2}\.\d{1,2})(?![\d.%年月日元万亿倍分米亩:～~-])"
            r"[ 、　]?(?=\s?[^\s\d)%])"
        ),
    ),
    (
        Style.DECIMAL1,
        re.compile(
            rf"(?:^|(?<=\n))(\d{{1,2}})[ 　]+(?=[{_HAN}][^\n。,;:]{{1,24}}(?:\n|$))(?![年月日时点])"
        ),
    ),
    (Style.ARABIC_PAREN, re.compile(r"(?<![\da-z])\(\s?(\d{1,2})\s?\)[、.]?(?![年月])")),
    (Style.ARABIC_PAREN, re.compile(r"〔(\d{1,2})〕(?!号|\d)")),
    (Style.ARABIC_PAREN, re.compile(r"(?<![\d(a-z.:/-])(\d{1,2})\)[、.]?")),
    (Style.LETTER, re.compile(r"(?<![^\s。;;:])(?:\(([a-h])\)|([a-h])[.、])(?=\s?[^\sa-z])")),
    (Style.BULLET, re.compile(r"(?<![^\s])[●○■□◆◇•▲★※][ 　]?(?=\S)")),
    (Style.BARE, re.compile(rf"(?<![^\s])([一二三四五六七八九])(?=[{_HAN}])")),
)
_SIGNS: tuple[tuple[Style, str, int], ...] = (  # folding would lose these: read from the source
    (Style.CIRCLED, "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳", 1),
    (Style.CIRCLED, "❶❷❸❹❺❻❼❽❾❿", 1),
    (Style.PAREN, "㈠㈡㈢㈣㈤㈥㈦㈧㈨㈩", 1),
    (Style.ARABIC_PAREN, "⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽⑾⑿⒀⒁⒂⒃⒄⒅⒆⒇", 1),
    (Style.ARABIC, "⒈⒉⒊⒋⒌⒍⒎⒏⒐⒑⒒⒓⒔⒕⒖⒗⒘⒙⒚⒛", 1),
    (Style.ROMAN, "ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩⅪⅫ", 1),
)
SIGN = {
    sign: (style, first + index)
    for style, signs, first in _SIGNS
    for index, sign in enumerate(signs)
}
SIGN_SHAPE = re.compile(f"[{''.join(SIGN)}][、.．]?")

TURN = re.compile(
    r"(?:^|(?<=\n))[ 　]*(记者|主持人|问|答|甲|乙|丙"
    r"|[㐀-鿿]{1,3}(?:局长|校长|书记|主任|老师|院长|处长|科长|厅长|部长))[::]"
)
PUNCTUATION = re.compile(r"[\s、.．,，:：;；。()（）【】〔〕﹝﹞\[\]]+")
SEQUENCE_WORDS = {"首先": 1, "其次": 2, "再次": 3, "再者": 3, "最后": 99}
# Words that begin with a numeral and number nothing.
BARE_WORD = re.compile(
    "[一二三四五六七八九](?:[个些种名年月日天级等流方面直般定次样切起系批所项位线条致体度旦律贯心向行只并经边路同"
    "起时再带再共类层套份家间支块道句首部本手举来去见概年十百千万届周季期学中小年级楼套化维])"
)
ORDINARY = re.compile(
    "(?:统|唯|单|专|万|之|同|划|逐|归|其|合|星期|周|十|初|高|大|小|第|农历|月|表|图)$"
)
# Signs that a label is being cited: 按照第三条, 附件一、, 前述（二）.
CITING = re.compile(
    "(?:按照|依照|依据|根据|违反|适用|执行|符合|参照|属于|见|前|本|上述|如|除|有|该法|条例|办法|规定|细则|"
    "以及|或者|和|与|或|及|至|到|、|》|》的|附件|附表|附录|表|图|第|款)$"
)

PAIRED = re.compile("(?:按照|依照|依据|根据|违反|符合|见|前|本|除|和|与|或|及|至|到|、|》|》的)$")


def number_of(numeral: str) -> int:
    """Return the value of an Arabic or Chinese numeral up to 999; 0 if it is none."""
    if numeral.isascii() and numeral.isdigit():
        return int(numeral)
    if len(numeral) > 1 and all(character in _DIGITS for character in numeral):
        return int("".join(str(_DIGITS[character]) for character in numeral))
    total, digit = 0, 0
    for character in numeral:
        if character in _UNITS:
            total += (digit or (0 if total else 1)) * _UNITS[character]
            digit = 0
        elif character in _DIGITS:
            digit = _DIGITS[character]
        else:
            return 0
    return total + digit
