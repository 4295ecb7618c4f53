"""Texts as bytes in a row and where each begins, so that a file of them can be mapped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, Self, overload

import numpy as np
from numpy.typing import NDArray

_CODE = ("utf-8", "surrogatepass")  # a damaged file may hold half a pair


@dataclass(frozen=True)
class PackedTexts(Sequence[str]):
    """Text i is ``data[at[i]:at[i + 1]]`` in UTF-8; it is decoded when it is read."""

    data: NDArray[np.uint8]
    at: NDArray[np.int64]  # [n + 1]

    @classmethod
    def of(cls, texts: Iterable[str]) -> Self:
        """Encode ``texts``."""
        encoded = [text.encode(*_CODE) for text in texts]
        data = np.frombuffer(b"".join(encoded), np.uint8)
        return cls(data, np.array([0, *accumulate(map(len, encoded))], np.int64))

    def __len__(self) -> int:
        return len(self.at) - 1

    @overload
    def __getitem__(self, number: int) -> str: ...

    @overload
    def __getitem__(self, number: slice) -> list[str]: ...

    def __getitem__(self, number: int | slice) -> str | list[str]:
        if isinstance(number, slice):
            return self.read(np.arange(len(self))[number])
        if not 0 <= number < len(self):
            raise IndexError(number)
        return self.read(np.array([number]))[0]

    def read(self, numbers: NDArray[Any]) -> list[str]:
        """Return the texts numbered so."""
        data = memoryview(self.data)  # type: ignore[arg-type]
        ranges = zip(self.at[numbers].tolist(), self.at[numbers + 1].tolist(), strict=True)
        return [str(data[start:end], *_CODE) for start, end in ranges]

    def take(self, numbers: NDArray[Any]) -> Self:
        """Return the texts numbered so, packed."""
        return type(self).of(self.read(numbers))
