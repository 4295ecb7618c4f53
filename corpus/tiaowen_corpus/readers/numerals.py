"""Numbers as list labels, by the names of WordprocessingML (ECMA-376, 17.18.59 ST_NumberFormat)."""

from __future__ import annotations

_DIGITS = "〇一二三四五六七八九"
_LEGAL_SIMPLIFIED = "零壹贰叁肆伍陆柒捌玖"
_LEGAL_TRADITIONAL = "零壹貳參肆伍陸柒捌玖"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = (
    *((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L")),
    *((40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")),
)
_CHINESE = frozenset(
    [
        "chineseCounting",
        "chineseCountingThousand",
        "japaneseCounting",
        "taiwaneseCounting",
        "taiwaneseCountingThousand",
        "ideographDigital",
        "japaneseDigitalTenThousand",
        "koreanDigital2",
    ]
)
_ENCLOSED = {
    "decimalEnclosedCircle": (0x2460, 20),
    "decimalEnclosedCircleChinese": (0x2460, 20),
    "decimalEnclosedParen": (0x2474, 20),
    "decimalEnclosedFullstop": (0x2488, 20),
    "ideographEnclosedCircle": (0x3280, 10),
}


def format_number(number: int, form: str) -> str:
    """Return ``number`` as Word shows it in number format ``form``; decimal if it is unknown."""
    if form in _CHINESE:
        return chinese(number)
    if form in _ENCLOSED:
        first, count = _ENCLOSED[form]
        return chr(first + number - 1) if 1 <= number <= count else str(number)
    match form:
        case "none":
            return ""
        case "decimalZero":
            return f"{number:02d}"
        case "decimalFullWidth" | "decimalFullWidth2":
            return "".join(chr(0xFF10 + int(digit)) for digit in str(max(0, number)))
        case "upperLetter" | "lowerLetter":
            letters = _letters(number)
            return letters if form == "upperLetter" else letters.lower()
        case "upperRoman" | "lowerRoman":
            roman = _roman(number)
            return roman if form == "upperRoman" else roman.lower()
        case "chineseLegalSimplified":
            return chinese(number, digits=_LEGAL_SIMPLIFIED, units=("", "拾", "佰", "仟"))
        case "ideographLegalTraditional":
            return chinese(number, digits=_LEGAL_TRADITIONAL, units=("", "拾", "佰", "仟"))
        case "ideographTraditional":
            return _STEMS[(number - 1) % 10]
        case "ideographZodiac":
            return _BRANCHES[(number - 1) % 12]
    return str(number)


def chinese(
    number: int, *, digits: str = _DIGITS, units: tuple[str, ...] = ("", "十", "百", "千")
) -> str:
    """Return ``number`` (0–9999) in Chinese counting: 12 → 十二, 105 → 一百〇五."""
    if not 0 < number < 10_000:
        return str(number) if number else digits[0]
    words, gap = "", False
    for place in range(3, -1, -1):
        digit = number // 10**place % 10
        if not digit:
            gap = bool(words)
            continue
        words += (digits[0] if gap else "") + digits[digit] + units[place]
        gap = False
    return words[1:] if words.startswith(digits[1] + units[1]) else words


def _letters(number: int) -> str:
    # Word repeats the letter after Z: AA, BB, CC.
    return chr(65 + (number - 1) % 26) * ((number - 1) // 26 + 1) if 0 < number < 1000 else ""


def _roman(number: int) -> str:
    if not 0 < number < 4000:
        return str(number)
    words = ""
    for value, letters in _ROMAN:
        words += letters * (number // value)
        number %= value
    return words
