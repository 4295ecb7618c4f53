"""Wording measured by the compiled kernels, straight from where it was read."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from functools import cached_property
from itertools import accumulate, pairwise
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray
from tiaowen_corpus.points import points_of

from tiaowen_models.kernels import LIBRARY, KernelError, address, checked, contiguous
from tiaowen_models.protocols import Floats, Integers, QueryAnalysis
from tiaowen_models.ranking_query import Asked
from tiaowen_models.reader import Meaning
from tiaowen_models.reading import Part, Reading, offsets_of, ranges
from tiaowen_models.stated import asks_for_nothing, stated
from tiaowen_models.wording import INTENTS, WORDING, Matrix, Sentences, runs_asked

_SIZE = 4  # bytes of a number or a code point
_NOTHING = (np.zeros((0, len(WORDING)), np.float32), np.zeros((0, 2), np.int32))
_READING = {
    "texts": np.uint8,
    "contexts": np.uint8,
    "texts_at": np.int64,
    "contexts_at": np.int64,
    "context": np.int32,
    "heading_only": np.bool_,
    "sentences": np.int64,
    "spans": np.int32,
    "norms": np.float32,
    "words": np.int32,
    "counts": np.uint8,
    "words_at": np.int64,
    "around": np.int32,
    "around_at": np.int64,
    "units": np.int8,
    "scales": np.float32,
    "lengths": np.float32,
}
_SIZES = (
    *("clauses", "sentences_count", "contexts_count", "words_count", "around_count"),
    *("units_count", "dimensions", "texts_size", "contexts_size"),
)
_COUNTS = ("terms", "groups", "signs", "figures", "periods", "run_length", "whole")
_ASKED = (
    *("points", "point_at", "vectors", "strength", "exact", "starts", "weight", "meant"),
    *("run", "sign_columns"),
)


class _Reading(ctypes.Structure):
    _fields_ = [
        *((name, ctypes.c_int64) for name in _SIZES),
        *((name, ctypes.c_void_p) for name in _READING),
    ]


class _Query(ctypes.Structure):
    _fields_ = [
        *((name, ctypes.c_int64) for name in _COUNTS),
        *((name, ctypes.c_void_p) for name in _ASKED),
    ]


class CompiledWording:
    """Implements ``Wording``. Raises KernelError where a reading contradicts itself."""

    def __init__(
        self, analysis: QueryAnalysis, query: Asked, meaning: Meaning, parts: Sequence[Part]
    ) -> None:
        self._parts = parts
        self._query = _AskedOf(analysis, query, meaning)
        self._flags = [_flags(analysis, query, part) for part in parts]

    def clauses(self, out: Matrix) -> None:
        """Write what is measured into ``out``, float32 ``[n, len(WORDING)]``."""
        if len(self._parts) == 1:
            [part], [flags] = self._parts, self._flags
            self._measured(part.reading, part.rows, flags, len(part.rows), out=out)
            return
        for part, flags in zip(self._parts, self._flags, strict=True):
            out[part.at] = self._measured(part.reading, part.rows, flags, len(part.rows))

    def sentences(self, numbers: Sequence[int], *, pieces: bool = False) -> Sentences:
        """Return the sentences of the clauses numbered so."""
        wanted = np.asarray(numbers, np.int64)
        if len(self._parts) == 1:
            return self._sentences_in(0, wanted, pieces)
        found: list[tuple[Matrix, NDArray[np.int32]]] = [_NOTHING] * len(wanted)
        for part, each in enumerate(self._parts):
            places = np.flatnonzero(np.isin(wanted, each.at))
            at = np.searchsorted(each.at, wanted[places])  # the places of a part are in order
            read = self._sentences_in(part, at, pieces)
            bounds = pairwise(read.first.tolist())
            for place, (start, end) in zip(places.tolist(), bounds, strict=True):
                found[place] = read.rows[start:end], read.spans[start:end]
        rows, spans = zip(*found, strict=True)
        first = offsets_of([len(each) for each in rows])
        return Sentences(np.concatenate(rows), np.concatenate(spans), first)

    def _sentences_in(self, part: int, at: NDArray[np.int64], pieces: bool) -> Sentences:
        """Return the sentences of different clauses, which stand ``at`` these places of a part."""
        assert LIBRARY is not None
        reading, rows = self._parts[part].reading, self._parts[part].rows
        flags, wanted = self._flags[part], rows[at].astype(np.int32)
        first = np.empty(len(wanted) + 1, np.int64)
        spans = np.empty((flags.shape[1], 2), np.int32)
        checked(
            LIBRARY.tiaowen_spans(
                *(ctypes.addressof(mapped(reading).structure), address(wanted), len(wanted)),
                *(len(spans), address(first), address(spans)),
            )
        )
        count = int(first[-1])
        if flags.any():
            here = flags[:, ranges(ranges(reading.sentences, rows)[0], at)[1]]
        else:
            here = flags[:, :count]
        found = self._measured(reading, wanted, here, count, by_sentence=True, pieces=pieces)
        return Sentences(found, spans[:count], first)

    def _measured(
        self,
        reading: Reading,
        rows: Integers | NDArray[np.int64],
        flags: NDArray[np.bool_],
        height: int,
        *,
        by_sentence: bool = False,
        pieces: bool = False,
        out: Matrix | None = None,
    ) -> Matrix:
        """Return float32 ``[height, len(WORDING)]``; ``out``, if it is given, with its rows set."""
        assert LIBRARY is not None
        if reading.units.shape[1] != self._query.dimensions:
            raise KernelError("query and clauses were read by models of other dimensions")
        if out is None:
            out = np.empty((height, len(WORDING)), np.float32)
        wanted, found = np.ascontiguousarray(rows, np.int32), np.ascontiguousarray(flags)
        asked = self._query.with_pieces if pieces else self._query.structure
        checked(
            LIBRARY.tiaowen_measure(
                ctypes.addressof(mapped(reading).structure),
                *(ctypes.addressof(asked), address(wanted), len(wanted), by_sentence),
                *(address(found), out.strides[0] // out.itemsize, address(out)),
            )
        )
        return out


class _AskedOf:
    """A query as the kernels read it, with the arrays that it points to."""

    def __init__(self, analysis: QueryAnalysis, query: Asked, meaning: Meaning) -> None:
        terms, groups = len(query.terms), len(query.starts)
        text, run = "".join(query.terms), runs_asked(query.han)
        columns = [INTENTS.index(name) if name in INTENTS else -1 for name in analysis.asks]
        # few arrays: an address costs a microsecond, and those of empty ones three
        points = points_of(text + run).copy()
        ends = accumulate(map(len, query.terms), initial=0)
        numbers = np.array([*ends, *query.starts.tolist(), *columns], np.int32)
        strengths = query.strength, query.piece_strength, query.exact
        values = np.concatenate([*strengths, query.weight, _meant(query, meaning)])
        self._arrays = points, numbers, values, meaning.vectors
        point, number, value, vectors = map(address, self._arrays)
        self.structure = _Query(
            terms=terms,
            groups=groups,
            signs=len(columns),
            figures=len(query.figures),
            periods=len(query.periods),
            run_length=len(run),
            whole=sum(map(len, query.han)),
            points=point,
            point_at=number,
            vectors=vectors,
            strength=value,
            exact=value + _SIZE * 2 * terms,
            starts=number + _SIZE * (terms + 1),
            weight=value + _SIZE * 3 * terms,
            meant=value + _SIZE * (3 * terms + groups),
            run=point + _SIZE * len(text),
            sign_columns=number + _SIZE * (terms + 1 + groups),
        )
        self.dimensions = meaning.vectors.shape[1]

    @cached_property
    def with_pieces(self) -> _Query:
        """The query where a word of an added expression that stands there whole counts less."""
        other = _Query.from_buffer_copy(self.structure)
        other.strength += _SIZE * other.terms
        return other


class _MappedReading:
    """A reading as the kernels read it, with the arrays that it points to."""

    def __init__(self, reading: Reading) -> None:
        found: dict[str, Any] = {
            "texts": reading.texts.data,
            "texts_at": reading.texts.at,
            "contexts": reading.contexts.data,
            "contexts_at": reading.contexts.at,
        }
        self._arrays: dict[str, NDArray[Any]] = {
            name: contiguous(found[name] if name in found else getattr(reading, name), dtype)
            for name, dtype in _READING.items()
        }
        sizes = _sizes(self._arrays)
        self.structure = _Reading(
            **sizes, **{name: address(array) for name, array in self._arrays.items()}
        )


_KNOWN: WeakKeyDictionary[Reading, _MappedReading] = WeakKeyDictionary()


def mapped(reading: Reading) -> _MappedReading:
    """Return where the arrays of a reading lie: the same for all queries."""
    found = _KNOWN.get(reading)
    if found is None:
        found = _KNOWN[reading] = _MappedReading(reading)
    return found


def _sizes(arrays: dict[str, NDArray[Any]]) -> dict[str, int]:
    """Return the heights of the arrays; raise KernelError where two do not go together."""
    sizes = {
        "clauses": len(arrays["context"]),
        "sentences_count": len(arrays["norms"]),
        "contexts_count": len(arrays["contexts_at"]) - 1,
        "words_count": len(arrays["words"]),
        "around_count": len(arrays["around"]),
        "units_count": len(arrays["units"]),
        "dimensions": arrays["units"].shape[1],
        "texts_size": len(arrays["texts"]),
        "contexts_size": len(arrays["contexts"]),
    }
    alike = (
        (sizes["clauses"] + 1, ("texts_at", "sentences")),
        (sizes["clauses"], ("heading_only",)),
        (sizes["sentences_count"], ("spans",)),
        (sizes["sentences_count"] + 1, ("words_at",)),
        (sizes["contexts_count"] + 1, ("around_at",)),
        (sizes["words_count"], ("counts",)),
        (sizes["units_count"], ("scales", "lengths")),
    )
    for size, names in alike:
        for name in names:
            if len(arrays[name]) != size:
                raise KernelError(f"{name}: {len(arrays[name])} entries, {size} expected")
    return sizes


def _flags(analysis: QueryAnalysis, query: Asked, part: Part) -> NDArray[np.bool_]:
    """Return what is stated of what is asked for, [kinds, S]; one empty row if nothing is."""
    if asks_for_nothing(analysis, query):
        first = part.reading.sentences
        return np.zeros((1, int((first[part.rows + 1] - first[part.rows]).sum())), bool)
    return stated(analysis, query, part.reading, part.rows).rows


def _meant(query: Asked, meaning: Meaning) -> Floats:
    if not query.terms:
        return np.zeros(0, np.float32)
    return np.maximum.reduceat(meaning.lengths, query.starts)
