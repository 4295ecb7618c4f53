"""What the legs say of candidates, by the compiled kernels."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tiaowen_models.kernels import LIBRARY, address, checked
from tiaowen_models.protocols import Candidates, Floats


def fill(
    candidates: Candidates, at: NDArray[Any], ideal: float, spread: tuple[int, int], out: Floats
) -> None:
    """Write what the legs found of the candidates at positions ``at`` into ``out``.

    ``out`` float32 ``[len(at), wide]``: its first columns, and how far its column ``spread[0]``
    lies below the best into ``spread[1]``.
    """
    assert LIBRARY is not None
    kinds = (np.float32, np.int32, np.float32, np.int32)
    columns = candidates.bm25, candidates.bm25_rank, candidates.vector, candidates.vector_rank
    read = [np.ascontiguousarray(c, kind) for c, kind in zip(columns, kinds, strict=True)]
    places = np.ascontiguousarray(at, np.int64)
    checked(
        LIBRARY.tiaowen_features(
            *(*map(address, read), len(candidates), address(places), len(places), ideal),
            *(out.shape[1], *spread, address(out)),
        )
    )
