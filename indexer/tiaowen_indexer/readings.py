"""What ranking reads of every clause, kept beside the store: a file for each of its packs.

Files are safetensors, mapped: a query touches the clauses it ranks and the words that they hold.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save_file
from tiaowen_models.cut import Cut
from tiaowen_models.packed_texts import PackedTexts
from tiaowen_models.reader import Reader
from tiaowen_models.reading import Part, Reading

from tiaowen_indexer.files import of_pack
from tiaowen_indexer.searched import clause_text
from tiaowen_indexer.store import StoredClause

READINGS = "readings.safetensors"
_TEXTS = ("texts", "contexts")
_KINDS = {"U8": "u1", "I8": "i1", "I32": "<i4", "I64": "<i8", "F32": "<f4", "BOOL": "?"}

Places = Callable[[NDArray[np.int32]], tuple[NDArray[np.int64], NDArray[np.int64]]]


def readings_path(folder: Path, pack: int) -> Path:
    """Return where the readings of a pack lie in a snapshot folder."""
    return of_pack(folder, READINGS, pack)


def write_readings(
    path: Path,
    titles: Sequence[str],
    clauses: Sequence[StoredClause],
    reader: Reader,
    cut: Cut | None = None,
) -> None:
    """Read all clauses of a pack; ``titles`` are those of its documents.

    ``cut``: the legible texts of the clauses, if they are cut already.
    """
    found = reader.read([clause_text(stored, titles[stored.document]) for stored in clauses], cut)
    arrays = {each.name: getattr(found, each.name) for each in fields(found)}
    for name in _TEXTS:
        texts = arrays[name]
        arrays[name], arrays[f"{name}_at"] = texts.data, texts.at
    save_file({name: np.ascontiguousarray(array) for name, array in arrays.items()}, path)


class StoredReadings:
    """The readings of a snapshot; read-only and safe to share between threads."""

    def __init__(self, paths: Iterable[Path], places: Places) -> None:
        """Map the files. Raises OSError, or ValueError for a file that is damaged.

        ``places`` tells of clause rows in which pack and in which of its rows they lie.
        """
        self._packs = [_mapped(path) for path in paths]
        self._places = places

    def of(self, rows: NDArray[np.int32]) -> list[Part]:
        """Return where ``rows`` were read."""
        packs, local = self._places(rows)
        if len(self._packs) == 1:
            return [Part(self._packs[0], local, np.arange(len(rows)))]
        places = {pack: np.flatnonzero(packs == pack) for pack in np.unique(packs).tolist()}
        return [Part(self._packs[pack], local[at], at) for pack, at in places.items()]


def _mapped(path: Path) -> Reading:
    arrays = _arrays(path)
    try:
        texts = {name: PackedTexts(arrays[name], arrays.pop(f"{name}_at")) for name in _TEXTS}
        return Reading(**(arrays | texts))
    except (KeyError, TypeError) as error:
        raise ValueError(f"{path.name}: {error}") from error


def _arrays(path: Path) -> dict[str, Any]:
    """Map the arrays of a safetensors file; its own loader would copy them."""
    data = np.memmap(path, np.uint8, mode="r").view(np.ndarray)
    first = 8 + int(data[:8].view("<u8")[0])
    header = json.loads(bytes(data[8:first]))
    return {
        name: data[first + each["data_offsets"][0] : first + each["data_offsets"][1]]
        .view(_KINDS[each["dtype"]])
        .reshape(each["shape"])
        for name, each in header.items()
        if name != "__metadata__"
    }
