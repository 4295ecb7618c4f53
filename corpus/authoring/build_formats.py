"""Write ``corpus/documents`` from ``sources``: damage, encodings, Word and PDF.

Run ``python corpus/authoring/build_formats.py`` after editing a source. Documents without a source
here (.md, .html and plain .txt) are edited in ``corpus/documents`` itself.
"""

from __future__ import annotations

from pathlib import Path

import paper
import word
from damage import DAMAGE

HERE = Path(__file__).resolve().parent
DOCUMENTS = HERE.parent / "documents"
WORD = {
    "qingxikou-2013-mentoring-plan",
    "qingxikou-2021-after-school-rules",
    "qingxikou-2024-mental-health-plan",
    "wangxiu-2018-attendance-rules",
}
PAPER = {"luzhou-2022-teaching-routine-rules", "wangxiu-2020-performance-pay-plan"}
ENCODINGS = {
    "songling-2022-open-class-plan": "big5",
    "wangxiu-2016-parents-meeting-speech": "gb18030",
    "shiliang-2009-ict-funds-notice": "gb18030",
}


def build(source: Path) -> Path:
    """Write the document of one source and return its path."""
    name, text = source.stem, source.read_text(encoding="utf-8")
    if name in WORD:
        target = DOCUMENTS / f"{name}.docx"
        word.write(text, target)
    elif name in PAPER:
        target = DOCUMENTS / f"{name}.pdf"
        paper.write(text, target)
    else:
        target = DOCUMENTS / f"{name}.txt"
        damaged = DAMAGE[name](text) if name in DAMAGE else text
        target.write_bytes(damaged.encode(ENCODINGS.get(name, "utf-8")))
    return target


def main() -> None:
    """Build every source."""
    for source in sorted((HERE / "sources").glob("*.txt")):
        print(build(source).name)


if __name__ == "__main__":
    main()
