"""One process of the fuzzing: reads inputs FIRST … FIRST + COUNT and says of each what came out.

A line of JSON an input on stdout: [number, outcome, processor seconds, MB that reading took]. The
process that dies leaves its input's number as the first one without a line.

    python -m tests.corpus.fuzz_worker SUFFIX SEED FIRST COUNT MEMORY
"""

from __future__ import annotations

import json
import resource
import sys
import time
import zlib
from contextlib import suppress
from pathlib import Path

from lxml import etree
from pypdfium2 import PdfiumError
from tiaowen_corpus.errors import BrokenFile, TiaowenError
from tiaowen_corpus.readers import RawText, read
from tiaowen_corpus.readers.rawtext import CLOSE, OPEN

from tests.corpus.mutations import files, mutated

# What a parser raises over bytes that are not what they should be. Any other exception under a
# BrokenFile is a slip of the reader's own that the last resort in `read` covers up.
HONEST = (etree.LxmlError, PdfiumError, OSError, EOFError, NotImplementedError, zlib.error)
DEFECT = "DEFECT "  # begins the outcome of an input that shows something to be mended


def outcome(data: bytes, name: str) -> str:
    """Return "document" or the error's code; what must not be begins with DEFECT."""
    try:
        raw = read(data, name)
    except TiaowenError as error:
        return _error(error)
    except BaseException as error:
        return f"{DEFECT}raised {type(error).__name__}: {error}"[:200]
    wrong = _wrong(raw)
    return f"{DEFECT}document {wrong}" if wrong else "document"


def _error(error: TiaowenError) -> str:
    if not error.code or " / " not in error.remedy:
        return f"{DEFECT}{type(error).__name__} without code or remedy"
    cause = error.__cause__
    if isinstance(error, BrokenFile) and cause is not None and _covered(error, cause):
        return f"{DEFECT}covered up {type(cause).__name__}: {cause}"[:200]
    return error.code


def _covered(error: BrokenFile, cause: BaseException) -> bool:
    return str(error.message).endswith(f": {type(cause).__name__}") and not isinstance(
        cause, HONEST
    )


def _wrong(raw: RawText) -> str:
    """Return what is wrong with a text that was read, "" if nothing is."""
    for shown in (raw.text, raw.title_hint):
        if "\0" in shown or "\r" in shown:
            return "holds NUL or CR"
        if raw.format in {"docx", "html"} and (OPEN in shown or CLOSE in shown):
            return "holds the readers' own marks"
        try:
            shown.encode("utf-8")
        except UnicodeEncodeError:
            return "holds lone surrogates"
    at = 0
    for label in raw.labels:
        if not at <= label.start < label.end <= len(raw.text):
            return "has labels out of order"
        at = label.end
    at = 0
    for page in raw.pages:
        if not at <= page.span.start <= page.span.end <= len(raw.text):
            return "has pages out of order"
        at = page.span.end
    return "" if raw.text.strip() else "has no text"


def _peak() -> float:
    """Return the most memory that this process held since `_forget`, in MB."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def _forget() -> None:
    """Let the peak be what is held now: making an input takes memory too (proc(5), clear_refs)."""
    with suppress(OSError):  # a kernel without it: the peak then counts the making
        Path("/proc/self/clear_refs").write_text("5")


def main(suffix: str, seed: int, first: int, count: int, memory: int) -> None:
    """Read the inputs and print what came out."""
    read(files(suffix)[0], f"x{suffix}")  # parsers are loaded on first use
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + memory, used + memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for number in range(first, first + count):
        data = mutated(suffix, seed, number)
        _forget()
        start, began = _peak(), time.process_time()
        found = outcome(data, f"x{suffix}")
        seconds = time.process_time() - began
        print(json.dumps([number, found, round(seconds, 4), round(_peak() - start, 1)]), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
