"""Names of uploaded files: what may become a file in the library's folder."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path, PurePosixPath

from tiaowen_corpus.errors import TiaowenError
from tiaowen_corpus.library import SUFFIXES, file_id_of

LONGEST = 180  # bytes of UTF-8; file systems allow 255 and a temporary name adds to it
_RESERVED = re.compile(r"(?i)^(con|prn|aux|nul|com\d|lpt\d)(\.|$)")


class BadName(TiaowenError):
    """A name that cannot be a file of the library."""

    code = "bad_name"
    template = "文件名不可用 / not a usable file name: {detail}"
    remedy = (
        f"文件名不含路径与控制字符,不超过 {LONGEST} 字节,后缀为 {' '.join(SUFFIXES)} / "
        f"no path, no control characters, at most {LONGEST} bytes, ending in one of these"
    )


def checked(name: str) -> str:
    """Return ``name`` normalised (NFC). Raises BadName for paths, hidden and odd names."""
    plain = unicodedata.normalize("NFC", name).strip()
    shown = plain.encode("unicode_escape").decode()[:80]
    odd = any(unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co"} for character in plain)
    if not plain or odd or "/" in plain or "\\" in plain or len(plain.encode()) > LONGEST:
        raise BadName(shown)
    if plain.startswith((".", "~$")) or ":" in plain or _RESERVED.match(plain):
        raise BadName(shown)
    path = PurePosixPath(plain)
    if path.suffix.lower() not in SUFFIXES or path.stem.lower() == "readme":
        raise BadName(shown)
    return plain


def id_of(name: str) -> str:
    """Return the file_id that the library gives a file of this name."""
    return file_id_of(Path(name))
