"""Compiles the kernels beside their sources: ``python build.py [FOLDER]``, run by the install.

It imports nothing but the standard library: an install runs it before anything else is there.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

COMPILERS = ("cc", "gcc", "clang")
# -ffp-contract: a product and its sum in one step where the machine has it; no -ffast-math, which
# would let the sums of two builds differ by more than rounding
FLAGS = ("-O3", "-std=gnu11", "-fPIC", "-shared", "-ffp-contract=fast", "-fvisibility=hidden")


def library_path(folder: Path) -> Path:
    """Return where the library built from the sources in ``folder`` lies, if it was built."""
    digest = hashlib.blake2b(digest_size=8)
    for source in sorted(folder.glob("*.[ch]")):
        digest.update(source.read_bytes())
    return folder / f"{_kind()}-{digest.hexdigest()}.so"


def build(folder: Path) -> Path | None:
    """Compile the sources in ``folder``; return the library, None where that cannot be done."""
    target = library_path(folder)
    if target.is_file():
        return target
    compiler = os.environ.get("CC") or next(filter(shutil.which, COMPILERS), None)
    if compiler is None:
        return None
    sources = [str(path) for path in sorted(folder.glob("*.c"))]
    with tempfile.TemporaryDirectory(dir=folder) as place:
        made = Path(place) / target.name
        command = [*compiler.split(), *FLAGS, "-o", str(made), *sources, "-lm"]
        try:
            subprocess.run(command, check=True, capture_output=True, text=True)
        except (OSError, subprocess.CalledProcessError) as error:
            sys.stderr.write(f"kernels not compiled: {getattr(error, 'stderr', '') or error}\n")
            return None
        made.replace(target)  # at once: another process may be loading it
    for old in folder.glob(f"{_kind()}-*.so"):
        if old != target:
            old.unlink(missing_ok=True)
    return target


def _kind() -> str:
    machine = os.uname().machine if hasattr(os, "uname") else "unknown"
    return f"kernels-{sys.platform}-{machine}"


if __name__ == "__main__":
    built = build(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
    sys.stdout.write(f"{built or 'no compiler: numpy serves'}\n")
