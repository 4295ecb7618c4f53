"""Files of a snapshot folder: their names by pack, and arrays mapped from them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray


def of_pack(folder: Path, name: str, pack: int) -> Path:
    """Return where ``name`` of a pack lies: as it is for the first, numbered for the others."""
    path = folder / name
    return path if pack == 0 else path.with_stem(f"{path.stem}-{pack}")


def mapped(path: Path) -> NDArray[Any]:
    """Map an array; a plain view of it, since slicing a memmap object costs ten times more."""
    array: NDArray[Any] = np.load(path, mmap_mode="r").view(np.ndarray)
    return array
